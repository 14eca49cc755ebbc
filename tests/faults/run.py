"""Runs the fault suite: `make faults`. One JSON line per scenario, and a table at the end."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import orjson
from rich.console import Console
from rich.table import Table

from tests.faults.arena import quiet
from tests.faults.checker import Mode
from tests.faults.scenario import Report, Scenario, run
from tests.faults.scenarios import SCENARIOS, SHORT
from tests.support.cluster import Cluster
from tests.support.proxy import ProxiedKafka


def main() -> int:
    """Run what the command line says; return 0 if all promises hold."""
    options = _options()
    seed = random.randrange(2**32) if options.seed is None else options.seed
    console = Console(width=140)
    quiet()
    again = "" if options.seed is None else ", as asked for"
    console.print(f"seed {seed}{again}: `make faults ARGS='--seed {seed}'` runs the same again")
    chosen = list(_chosen(options.only, options.mode, short=options.short))
    reports = []
    with options.output.open("ab") as output, ExitStack() as opened:
        kafkas: dict[bool, ProxiedKafka | Cluster] = {}
        for number, (scenario, mode) in enumerate(chosen):
            if scenario.cluster not in kafkas:
                made = Cluster() if scenario.cluster else ProxiedKafka()
                kafkas[scenario.cluster] = made
                opened.enter_context(made)
            kafka = kafkas[scenario.cluster]
            own = seed + number if options.only is None else seed
            report = asyncio.run(
                run(scenario, mode, own, options.rate, kafka, thorough=not options.short)
            )
            reports.append(report)
            output.write(orjson.dumps(dataclasses.asdict(report)) + b"\n")
            output.flush()
            verdict = "holds" if report.held else "BROKEN"
            console.print(
                f"{time.strftime('%H:%M:%S')} {verdict:6} {mode:13} {scenario.name:9} "
                f"{scenario.about}, {report.seconds} s, seed {own} {report.told}",
                *report.broken,
                sep="\n    ",
                markup=False,
                highlight=False,
            )
    console.print(_table(reports))
    return int(not all(report.held for report in reports))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="of all choices; default: a new one")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios, as F1 F2")
    parser.add_argument("--mode", choices=get_args(Mode), help="one way of delivery; default: both")
    parser.add_argument(
        "--short", action="store_true", help="a few, in a minute or two; shorter ones"
    )
    parser.add_argument("--rate", type=int, default=300, help="records a second")
    parser.add_argument("--output", type=Path, default=Path("faults.jsonl"), help="JSON Lines")
    return parser.parse_args()


def _chosen(
    only: Sequence[str] | None, mode: Mode | None, *, short: bool
) -> Iterator[tuple[Scenario, Mode]]:
    everything = {one.name: get_args(Mode) for one in SCENARIOS}
    names = dict.fromkeys(only, get_args(Mode)) if only else SHORT if short else everything
    unknown = set(names) - set(everything)
    if unknown:
        sys.exit(f"there are no scenarios {sorted(unknown)}")
    for scenario in SCENARIOS:
        if scenario.name in names:
            for one in names[scenario.name]:
                if mode in {None, one}:
                    yield scenario, one


def _table(reports: Sequence[Report]) -> Table:
    table = Table(title="faults")
    for name in ("scenario", "delivery", "holds", "records", "faults", "ends", "doubled", "s"):
        table.add_column(name, justify="left" if name in {"scenario", "delivery"} else "right")
    for one in reports:
        table.add_row(
            f"{one.scenario} {one.about}",
            one.mode,
            "yes" if one.held else "NO",
            f"{one.records:,}",
            str(one.faults),
            str(one.crashes),
            str(one.doubled),
            str(one.seconds),
        )
    total = (sum(one.records for one in reports), sum(one.faults for one in reports))
    held = sum(one.held for one in reports)
    doubled = sum(one.doubled for one in reports if one.mode == "exactly_once")
    table.add_section()
    table.add_row(
        "all", "", f"{held}/{len(reports)}", f"{total[0]:,}", str(total[1]), "", str(doubled), ""
    )
    return table


if __name__ == "__main__":
    sys.exit(main())

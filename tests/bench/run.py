"""`make bench`: the same work by stock Faust, Clearwater and bare aiokafka, on one broker."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from rich.console import Console
from rich.table import Table

from pipelines.embedded.kafka import EmbeddedKafka
from tests.bench.chart import draw
from tests.bench.contender import Contender
from tests.bench.measure import Measured, measure

CONTENDERS = (
    Contender("stock Faust, ten patterns", "faust", share=0.08),
    Contender("Clearwater, full scan", "clearwater"),
    Contender("Clearwater, exactly once", "clearwater", delivery="exactly_once"),
    Contender("Clearwater, no scan", "clearwater", scan="{nothing: measured without the scan}"),
    Contender("bare aiokafka, no scan", "bare"),
)

console = Console(stderr=True, highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--latency-seconds", type=int, default=10)
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    parser.add_argument("--chart", type=Path, default=None, help="write an SVG")
    arguments = parser.parse_args()
    rows: list[Measured] = []
    with EmbeddedKafka(say=console.print) as kafka:
        for contender in CONTENDERS:
            console.print(f"measuring {contender.name} …")
            rows.append(
                asyncio.run(
                    measure(
                        kafka.bootstrap, contender, arguments.records, arguments.latency_seconds
                    )
                )
            )
            console.print(f"  {rows[-1]}")
    by_name = {row.contender: row for row in rows}
    faust, full, _, unscanned, bare = (by_name[one.name] for one in CONTENDERS)
    ratios = {
        "stock Faust / Clearwater full, CPU": faust.cpu_seconds_per_million
        / full.cpu_seconds_per_million,
        "Clearwater full / bare without scan, CPU": full.cpu_seconds_per_million
        / bare.cpu_seconds_per_million,
        "Clearwater no scan / bare without scan, CPU": unscanned.cpu_seconds_per_million
        / bare.cpu_seconds_per_million,
    }
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "contenders": [dataclasses.asdict(row) for row in rows],
        "ratios": ratios,
    }
    arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if arguments.chart is not None:
        draw(rows, arguments.chart)
    _show(rows, ratios)


def _show(rows: list[Measured], ratios: dict[str, float]) -> None:
    table = Table(
        title="300-byte orders, at least once unless said, acks=all", title_justify="left"
    )
    for column in ("", "records/s", "CPU s/M", "MB", "join s", "first s", "p50", "p99 ms"):
        table.add_column(column, justify="left" if not column else "right")
    for row in rows:
        table.add_row(
            row.contender,
            f"{row.records_per_second:,.0f}",
            f"{row.cpu_seconds_per_million:.1f}",
            f"{row.memory_mb:.0f}",
            f"{row.start_seconds:.1f}",
            f"{row.first_record_seconds:.2f}",
            f"{row.latency_p50_ms:.0f}",
            f"{row.latency_p99_ms:.0f}",
        )
    shown = Console()
    shown.print(table)
    for name, value in ratios.items():
        shown.print(f"{name}: {value:.1f}x")


if __name__ == "__main__":
    main()

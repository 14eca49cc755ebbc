"""What a record costs in the engine alone, beside reading and writing it with orjson; no Kafka.

Every chunk goes through all lanes before the next does: a busy machine slows all of them alike, so
read ratios rather than microseconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import orjson
from rich.console import Console
from rich.table import Table

from pipelines.cli.workspace import Workspace
from pipelines.engine.chunk_run import ChunkRun
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from pipelines.keyring import create_key
from pipelines.privacy.gate import Gate
from pipelines.privacy.scan import Scan
from pipelines.privacy.sieve import Sieve
from pipelines.runtime.allocator import tune_allocator
from pipelines.settings import Settings
from tests.bench.contender import PIPELINE
from tests.bench.workload import PII_EVERY, orders

REFERENCE = "orjson.loads + dumps"
STAGES: tuple[tuple[str, type, str], ...] = (
    ("decode, steps", ChunkRun, "_enter"),
    ("field treatments", Gate, "treat"),
    ("take apart, look at texts", Sieve, "sift"),
    ("  of it: the automata", Scan, "suspicious_lines"),
    ("search and treat what is loud", Gate, "_clean"),
    ("encode", ChunkRun, "_emit"),
)
WARM_UP = 4_000
Lane = Callable[[Sequence[TrialRecord]], object]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a lane costs.

    Attributes:
        lane: Its name.
        fastest: CPU microseconds a record, in the fastest chunk.
        median: The same, in the median chunk.
        ratio: Median of its time by the reference's, chunk by chunk.
    """

    lane: str
    fastest: float
    median: float
    ratio: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=40_000)
    parser.add_argument("--chunk", type=int, default=500)
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    tune_allocator()
    scanned, unscanned = plan("everything"), plan("{nothing: measured without the scan}")
    lanes: dict[str, Lane] = {
        REFERENCE: lambda chunk: [orjson.dumps(orjson.loads(one.value or b"")) for one in chunk],
        "full": lambda chunk: scanned.run(chunk, "raw", 0),
        "without the scan": lambda chunk: unscanned.run(chunk, "raw", 0),
    }
    costs = compared(lanes, arguments.records, arguments.chunk, PII_EVERY)
    half = compared(lanes, arguments.records // 4, arguments.chunk, 2)
    costs.append(dataclasses.replace(half[1], lane="full, every second with personal data"))
    stages = by_stage(scanned, arguments.records // 2, arguments.chunk)
    _show(costs, stages)
    if arguments.json is not None:
        report = {"lanes": [dataclasses.asdict(one) for one in costs], "stages": stages}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def plan(scan: str) -> Plan:
    """Return the benchmark's pipeline, compiled."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ["CLEARWATER_KEYS"] = str(folder / "keys")
    create_key(folder / "keys", "bench")
    text = PIPELINE.format(source="raw", destination="clean", scan=scan, delivery="at_least_once")
    (folder / "bench.yaml").write_text(text, encoding="utf-8")
    (found,) = Workspace.open(folder, Settings()).sound().plans.values()
    found.own_headers = (("x-clearwater-revision", b"0123456789ab"),)
    return found


def chunks(count: int, size: int, pii_every: int, seed: int) -> Iterator[list[TrialRecord]]:
    """Yield `count` orders in chunks; none comes twice, as on a topic."""
    chunk: list[TrialRecord] = []
    for offset, (key, value) in enumerate(orders(count, seed, pii_every)):
        chunk.append(TrialRecord(offset, 1_772_438_400_000 + offset, key, value))
        if len(chunk) == size:
            yield chunk
            chunk = []


def compared(lanes: dict[str, Lane], count: int, size: int, pii_every: int) -> list[Cost]:
    """Measure lanes side by side; the first is the reference."""
    for chunk in chunks(WARM_UP, size, pii_every, seed=2):
        for lane in lanes.values():
            lane(chunk)
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in lanes}
    for chunk in chunks(count, size, pii_every, seed=1):
        for name, lane in lanes.items():
            began = time.thread_time()
            lane(chunk)
            times[name].append((time.thread_time() - began) / size * 1e6)
    first = next(iter(times.values()))
    return [
        Cost(
            name,
            min(spent),
            statistics.median(spent),
            statistics.median(one / other for one, other in zip(spent, first, strict=True)),
        )
        for name, spent in times.items()
    ]


def by_stage(measured: Plan, count: int, size: int) -> dict[str, float]:
    """Return CPU microseconds a record in the median chunk, by stage."""
    spent: dict[str, list[float]] = {stage: [] for stage, _, _ in STAGES}
    for chunk in chunks(count, size, PII_EVERY, seed=3):
        with _timed() as chunk_spent:
            measured.run(chunk, "raw", 0)
        for stage, seconds in chunk_spent.items():
            spent[stage].append(seconds / size * 1e6)
    return {stage: statistics.median(times) for stage, times in spent.items()}


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    spent = {stage: 0.0 for stage, _, _ in STAGES}
    originals = [(owner, name, getattr(owner, name)) for _, owner, name in STAGES]

    def timed(stage: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            began = time.thread_time()
            try:
                return original(*arguments, **options)
            finally:
                spent[stage] += time.thread_time() - began

        return run

    for (stage, owner, name), (_, _, original) in zip(STAGES, originals, strict=True):
        setattr(owner, name, timed(stage, original))
    try:
        yield spent
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _show(costs: Sequence[Cost], stages: dict[str, float]) -> None:
    console = Console()
    table = Table("", "fastest us", "median us", "to the reference", title="a 300-byte order")
    for one in costs:
        table.add_row(one.lane, f"{one.fastest:.2f}", f"{one.median:.2f}", f"{one.ratio:.1f}x")
    console.print(table)
    table = Table("full lane by stage", "median us")
    for stage, spent in stages.items():
        table.add_row(stage, f"{spent:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()

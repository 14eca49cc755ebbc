"""What a record costs in the engine alone, beside reading and writing it with orjson; no Kafka.

Every chunk goes through all lanes before the next does: a busy machine slows all of them alike, so
read ratios rather than microseconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import fastavro
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
from pipelines.wire import avro
from tests.bench.contender import PIPELINE
from tests.bench.workload import PII_EVERY, events, orders

REFERENCE = "orjson.loads + dumps"
AVRO_REFERENCE = "fastavro reader + writer"
SCANNED = """\
pipeline: events
source: {{topic: raw, value: {value}, key: string}}
publish: {{topic: clean}}
dead_letter: {{topic: clean.dead, key: bench}}
"""
"""Nothing but the scan: most records leave as they came."""
EVENT = {
    "type": "record",
    "name": "Event",
    "fields": [
        {"name": name, "type": kind}
        for name, kind in (
            ("ts", "long"), ("level", "string"), ("logger", "string"), ("thread", "string"),
            ("message", "string"), ("trace_id", "string"), ("took", "double"), ("agent", "string"),
        )
    ],
}  # fmt: skip
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
    count, size = arguments.records, arguments.chunk
    costs = compared(lanes, lambda count, seed: orders(count, seed, PII_EVERY), count, size)
    half = compared(lanes, lambda count, seed: orders(count, seed, 2), count // 4, size)
    costs.append(dataclasses.replace(half[1], lane="full, every second with personal data"))
    costs += only_scanned("json", count, size) + only_scanned("avro", count, size)
    stages = by_stage(scanned, count // 2, size)
    _show(costs, stages)
    if arguments.json is not None:
        report = {"lanes": [dataclasses.asdict(one) for one in costs], "stages": stages}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def plan(scan: str) -> Plan:
    """Return the benchmark's pipeline, compiled."""
    text = PIPELINE.format(source="raw", destination="clean", scan=scan, delivery="at_least_once")
    return compiled(text, Path(tempfile.mkdtemp(prefix="bench-")))


def compiled(text: str, folder: Path) -> Plan:
    """Return a pipeline, compiled."""
    os.environ["CLEARWATER_KEYS"] = str(folder / "keys")
    create_key(folder / "keys", "bench")
    (folder / "raw-value.avsc").write_text(json.dumps(EVENT), encoding="utf-8")
    (folder / "bench.yaml").write_text(text, encoding="utf-8")
    settings = Settings(schema_registry=str(folder))
    (found,) = Workspace.open(folder, settings).sound().plans.values()
    found.own_headers = (("x-clearwater-revision", b"0123456789ab"),)
    return found


def only_scanned(value: str, count: int, size: int) -> list[Cost]:
    """Measure events that nothing but the scan changes, beside reading and writing them."""
    found = compiled(SCANNED.format(value=value), Path(tempfile.mkdtemp(prefix="bench-")))
    number = max(one or 0 for one in found.learned)
    decode, encode = fastavro_reader(), avro.encoder(EVENT, number)
    if value == "json":
        decode, encode = orjson.loads, orjson.dumps
    lanes: dict[str, Lane] = {
        REFERENCE if value == "json" else AVRO_REFERENCE: lambda chunk: [
            encode(decode(one.value or b"")) for one in chunk
        ],
        f"events, only scanned, {value}": lambda chunk: found.run(chunk, "raw", 0),
    }
    return compared(
        lanes,
        lambda count, seed: ((key, encode(one)) for key, one in events(count, seed, PII_EVERY)),
        count,
        size,
    )


def fastavro_reader() -> Callable[[bytes], Any]:
    """Return what reads a framed event as everybody does."""
    parsed = fastavro.parse_schema(EVENT)

    def read(raw: bytes) -> Any:
        source = io.BytesIO(raw)
        source.seek(5)
        return fastavro.schemaless_reader(source, parsed, None)

    return read


def chunks(records: Iterable[tuple[bytes, bytes]], size: int) -> Iterator[list[TrialRecord]]:
    """Yield records in chunks; none comes twice, as on a topic."""
    chunk: list[TrialRecord] = []
    for offset, (key, value) in enumerate(records):
        chunk.append(TrialRecord(offset, 1_772_438_400_000 + offset, key, value))
        if len(chunk) == size:
            yield chunk
            chunk = []


def compared(
    lanes: dict[str, Lane],
    records: Callable[[int, int], Iterable[tuple[bytes, bytes]]],
    count: int,
    size: int,
) -> list[Cost]:
    """Measure lanes side by side; the first is the reference.

    Args:
        lanes: What is measured, by name.
        records: Returns so many keys and values, of a seed.
        count: How many are measured.
        size: How many a chunk has.
    """
    for chunk in chunks(records(WARM_UP, 2), size):
        for lane in lanes.values():
            lane(chunk)
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in lanes}
    for chunk in chunks(records(count, 1), size):
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
    for chunk in chunks(orders(count, 3, PII_EVERY), size):
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
    table = Table("", "fastest us", "median us", "to the reference", title="300-byte orders")
    for one in costs:
        table.add_row(one.lane, f"{one.fastest:.2f}", f"{one.median:.2f}", f"{one.ratio:.1f}x")
    console.print(table)
    table = Table("full lane by stage", "median us")
    for stage, spent in stages.items():
        table.add_row(stage, f"{spent:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()

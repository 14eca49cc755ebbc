"""A worker process with a handler of a few lines: what the runtime's tests run."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.fate import Fate
from pipelines.runtime.app import WorkerConfig, build_app
from pipelines.runtime.worker import run_app
from pipelines.telemetry.logs import configure


class Passthrough:
    """Publishes every record, `raw` replaced by `clean`; fails once where a flag file says so."""

    dead_letter_topic = "unused"

    def __init__(self, destination: str, folder: Path) -> None:
        self._destination = destination
        self._fail_once = folder / "fail-once"

    async def prepare(self, records: Sequence[RawRecord]) -> None:
        del records

    def process(self, records: Sequence[RawRecord], partition: int) -> ChunkOutcome:
        del partition
        if self._fail_once.exists():
            self._fail_once.unlink()
            raise RuntimeError("asked to fail")
        outputs = [
            Output(
                one.offset,
                one.timestamp or 0,
                one.key,
                (one.value or b"").replace(b"raw", b"clean"),
                one.headers,
            )
            for one in records
        ]
        outcome = ChunkOutcome(len(records), {self._destination: outputs})
        outcome.fates["publish", Fate.PUBLISHED, ""] = len(records)
        return outcome

    def seal(self, letter: DeadLettered, partition: int) -> Output:
        raise AssertionError(letter.code, partition)

    def delivered(self, outcomes: Sequence[ChunkOutcome], partition: int, seconds: float) -> bool:
        del outcomes, partition, seconds
        return False

    def failed(self, error: str) -> None:
        print(f"failed {error}", flush=True)  # noqa: T201 - the test reads it


async def main(broker: str, group: str, source: str, destination: str, folder: str) -> int:
    config = WorkerConfig(
        brokers=(broker,),
        group=group,
        drain_timeout=8.0,
        session_timeout=float(os.environ.get("SESSION_SECONDS", "10")),
        commit_interval=0.5,
    )
    app = build_app(config, {source: Passthrough(destination, Path(folder))})
    return await run_app(app, [], deadline=15.0)


if __name__ == "__main__":
    configure("info", "console")
    sys.exit(asyncio.run(main(*sys.argv[1:6])))

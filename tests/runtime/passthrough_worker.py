"""A worker process with a handler of a few lines: what the runtime's tests run.

Arguments: broker, group, folder, and `source:destination` for each topic. Environment: see `main`.
In the folder, a file `fail-once` makes one chunk fail and a file `hold` holds all of them back.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.fate import Fate
from pipelines.runtime.app import WorkerConfig, build_app
from pipelines.runtime.handler import Closed
from pipelines.runtime.worker import run_app
from pipelines.telemetry.logs import configure


class Passthrough:
    """Publishes every record, `raw` replaced by `clean`."""

    dead_letter_topic = "unused"

    def __init__(self, destination: str, folder: Path, seconds: float) -> None:
        self._destination = destination
        self._fail_once = folder / "fail-once"
        self._hold = folder / "hold"
        self._seconds = seconds

    def pinned(self) -> Passthrough:
        return self

    async def prepare(self, records: Sequence[RawRecord]) -> None:
        del records
        await asyncio.sleep(self._seconds)
        while self._hold.exists():  # noqa: ASYNC110 - the test's own file
            await asyncio.sleep(0.05)

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
        raise AssertionError(letter, partition)

    def delivered(self, outcomes: Sequence[ChunkOutcome], closed: Closed) -> bool:
        del outcomes, closed
        return False

    def failed(self, error: str) -> None:
        print(f"failed {error}", flush=True)  # noqa: T201 - the test reads it


async def say_assigned(app: Any, /, *args: Any, signal: Any, **_: Any) -> None:
    del app, signal
    print(f"assigned {len(args[0])}", flush=True)  # noqa: T201 - the test reads it


async def main(broker: str, group: str, folder: str, *pairs: str) -> int:
    """Run until told to stop; SECONDS each slice takes, and settings by their names."""
    setting = os.environ.get
    config = WorkerConfig(
        brokers=(broker,),
        group=group,
        auto_offset_reset=setting("AUTO_OFFSET_RESET", "earliest"),
        drain_timeout=float(setting("DRAIN_TIMEOUT", "8")),
        session_timeout=6.0,
        request_timeout=float(setting("REQUEST_TIMEOUT", "40")),
        commit_interval=float(setting("COMMIT_INTERVAL", "0.5")),
        max_fetch_bytes=int(setting("MAX_FETCH_BYTES", str(1024**2))),
    )
    handlers = {}
    for pair in pairs:
        source, destination = pair.split(":")
        seconds = float(setting("SECONDS", "0"))
        handlers[source] = Passthrough(destination, Path(folder), seconds)
    app = build_app(config, handlers)
    app.on_partitions_assigned.connect(say_assigned)
    return await run_app(app, [], deadline=float(setting("DEADLINE", "15")))


if __name__ == "__main__":
    configure("info", "console")
    sys.exit(asyncio.run(main(*sys.argv[1:])))

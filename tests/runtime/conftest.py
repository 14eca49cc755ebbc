from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.retry import CHUNK
from tests.support.lane_bench import Bench
from tests.support.passthrough import Passing


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("pipelines.runtime.lane.CHUNK", replace(CHUNK, first=0.0001))
    return Bench()


@pytest.fixture
def group() -> str:
    return f"group-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def passing(tmp_path: Path, kafka_bootstrap: str, group: str) -> Iterator[Callable[..., Passing]]:
    """Start processes that pass records from source to destination, all of one group."""
    workers: list[Passing] = []

    def start(*pairs: str, **settings: str) -> Passing:
        log = tmp_path / f"worker-{len(workers)}.log"
        workers.append(Passing(kafka_bootstrap, group, log, *pairs, settings=settings))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait(10)

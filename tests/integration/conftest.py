from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.worker import WorkerProcess

Start = Callable[..., WorkerProcess]


@pytest.fixture
def start(tmp_path: Path, kafka_bootstrap: str) -> Iterator[Start]:
    """Start workers over one folder of pipelines; all are ended with the test."""
    workers: list[WorkerProcess] = []
    group = f"group-{uuid.uuid4().hex[:8]}"

    def start_worker(*pipelines: str, **options: Any) -> WorkerProcess:
        folder = tmp_path / "pipelines"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(pipelines):
            (folder / f"p{number}.yaml").write_text(text, encoding="utf-8")
        name = f"worker-{len(workers)}"
        worker = WorkerProcess(folder, kafka_bootstrap, group, name=name, **options)
        workers.append(worker)
        return worker

    yield start_worker
    for worker in workers:
        if worker.process.poll() is None:
            worker.kill()
        print(f"{worker.log.name}:\n{worker.printed()[-6000:]}")  # noqa: T201 - shown where a test fails

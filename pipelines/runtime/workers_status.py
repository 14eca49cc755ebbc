"""workers_status: `/livez`, `/readyz` and `/metrics` of a supervisor, for all its workers.

One port to probe and scrape, however many workers a pod runs. Live while the supervisor's loop
turns: a worker that hangs is the supervisor's to restart, not a reason to restart its
neighbours. Ready while every worker is.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from pipelines.runtime.health import Health, Verdict
from pipelines.runtime.http import Pages
from pipelines.runtime.supervisor import Worker
from pipelines.telemetry.merge import merge
from pipelines.telemetry.metrics import Metrics

ANSWER_SECONDS = 2.0


def workers_status(workers: Sequence[Worker], health: Health, metrics: Metrics) -> Pages:
    """Return the pages of the supervisor.

    Args:
        workers: Its workers; asked on loopback at every request.
        health: Turned by the supervisor's own loop.
        metrics: The supervisor's own metrics.
    """
    pool = ThreadPoolExecutor(max_workers=len(workers), thread_name_prefix="status")

    def ask(path: str) -> list[httpx.Response | None]:
        return list(pool.map(lambda worker: _ask(worker, path), workers))

    def ready() -> Verdict:
        answers = ask("readyz")
        details: dict[str, Any] = {
            str(worker.index): _details(answer)
            for worker, answer in zip(workers, answers, strict=True)
        }
        all_ready = all(answer is not None and answer.is_success for answer in answers)
        return Verdict(all_ready, {"workers": details})

    def scrape(accept: str) -> tuple[bytes, str]:
        expositions: dict[str, str] = {}
        for worker, answer in zip(workers, ask("metrics"), strict=True):
            metrics.worker_up[(str(worker.index),)].set(answer is not None)
            if answer is not None:
                expositions[str(worker.index)] = answer.text
        own = metrics.exposition()[0].decode()
        return merge({**expositions, "supervisor": own}, accept)

    return Pages(health.live, ready, scrape)


def _ask(worker: Worker, path: str) -> httpx.Response | None:
    try:
        url = f"http://127.0.0.1:{worker.port}/{path}"
        return httpx.get(url, timeout=ANSWER_SECONDS, trust_env=False)
    except httpx.TransportError:
        return None


def _details(answer: httpx.Response | None) -> object:
    return {"ok": False, "reason": "does not answer"} if answer is None else answer.json()

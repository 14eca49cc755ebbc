"""Counts what fails in a web server's log, on the clean topic that a pipeline beside it writes.

Make the pipeline's topics and the keys, then start it:

    clearwater keys create customers dead-letters --keys keys
    clearwater topics ensure pipelines/examples
    CLEARWATER_KEYS=keys faust -A pipelines.examples.faust_app.app worker
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable
from typing import Any

import faust

from pipelines import api

_BROKERS = os.environ.get("CLEARWATER_BROKERS", "localhost:9092").replace(",", ";")
_FAILED = 500  # HTTP: the server's fault

app = faust.App(
    os.environ.get("CLEARWATER_GROUP", "shop"),
    broker=f"clearwater://{_BROKERS}",
    value_serializer="json",
    topic_disable_leader=True,
    web_enabled=False,
)
mounted = api.mount(app, api.load(api.EXAMPLES / "weblogs.yaml"))

weblogs = app.topic("weblogs.clean")
failures = app.topic("weblogs.failures", partitions=4)


@app.task  # type: ignore[untyped-decorator] # Faust has no types here
async def make_topics() -> None:
    """Make what no pipeline declares, so no `clearwater topics ensure` does."""
    await failures.maybe_declare()


@app.agent(weblogs)
async def count_failures(lines: AsyncIterable[dict[str, Any]]) -> None:
    """Write the path of each request that failed; it holds nothing that the gate did not see."""
    async for line in lines:
        if line["status"] >= _FAILED:
            await failures.send(key=line["method"], value={"path": line["path"]})

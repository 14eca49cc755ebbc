"""Contender (a): stock Faust as its documentation writes it, one record at a time."""

from __future__ import annotations

import hashlib
import hmac
import sys
from collections.abc import AsyncIterator
from typing import Any

import faust

from tests.bench.patterns import scrubbed
from tests.bench.workload import KEY

broker, source, destination, folder = sys.argv[1:5]
sys.argv[1:] = ["worker", "-l", "warn", "--without-web"]
app = faust.App(
    "bench-faust",
    broker=f"kafka://{broker}",
    value_serializer="json",
    datadir=folder,
    topic_disable_leader=True,
    consumer_auto_offset_reset="earliest",
)
raw = app.topic(source, value_serializer="json", key_serializer="raw")
clean = app.topic(destination, value_serializer="json", key_serializer="raw")


@app.agent(raw)
async def clean_orders(stream: Any) -> None:
    events: AsyncIterator[Any] = stream.events()
    async for event in events:
        order = event.value
        if order["test"]:
            continue
        order["card"] = "*" * (len(order["card"]) - 4) + order["card"][-4:]
        order["email"] = hmac.new(KEY, order["email"].encode(), hashlib.sha256).hexdigest()
        for name, value in order.items():
            if isinstance(value, str) and name not in ("card", "email"):
                order[name] = scrubbed(value)
        await clean.send(key=event.key, value=order)


if __name__ == "__main__":
    app.main()

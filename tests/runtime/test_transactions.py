from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaConnectionError,
    TransactionalIdAuthorizationFailed,
)

from pipelines import retry
from pipelines.errors import DeliveryError
from pipelines.retry import Retry
from pipelines.runtime import transactions
from pipelines.runtime.delivery import Fenced
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transactions import Transactions

ORDERS_0 = Partition("orders", 0)


class Producers:
    """Makes producers that fail to start, the first so many of them."""

    def __init__(self, error: BaseException, failing: int) -> None:
        self.error = error
        self.failing = failing
        self.names: list[str] = []
        self.client = self._sender = self._txn_manager = self

    def __call__(self, name: str) -> Any:
        self.names.append(name)
        return self

    async def start(self) -> None:
        if len(self.names) <= self.failing:
            raise self.error

    async def close(self) -> None:
        await asyncio.sleep(0)

    def wait_for_transaction_end(self) -> None:
        return None


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "OPENING", Retry(0.0, 0.0, tries=retry.OPENING.tries))


async def opened(producers: Producers, refused: list[str]) -> None:
    several = Transactions(
        ["orders"], "shop", producers, 1.0, lambda topic, _: refused.append(topic)
    )
    await several.open([ORDERS_0, Partition("other", 0)])
    await several.close()


async def test_brokers_that_do_not_open_it_at_first_are_asked_again() -> None:
    producers = Producers(KafkaConnectionError(), failing=3)
    await opened(producers, [])
    assert producers.names == ["shop-orders-0"] * 4


async def test_brokers_that_never_open_it_end_the_process() -> None:
    producers = Producers(KafkaConnectionError(), failing=99)
    with pytest.raises(DeliveryError):
        await opened(producers, [])
    assert len(producers.names) == 4


async def test_who_is_fenced_while_opening_does_not_fence_back() -> None:
    producers = Producers(InvalidProducerEpoch(), failing=99)
    with pytest.raises(Fenced):
        await opened(producers, [])
    assert len(producers.names) == 1


async def test_a_name_that_is_not_granted_stops_its_topic_only() -> None:
    refused: list[str] = []
    await opened(Producers(TransactionalIdAuthorizationFailed(), failing=99), refused)
    assert refused == ["orders"]

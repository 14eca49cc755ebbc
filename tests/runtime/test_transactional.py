from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaConnectionError,
    TransactionalIdAuthorizationFailed,
)

from pipelines.errors import DeliveryError
from pipelines.runtime.delivery import Fenced, Refused
from pipelines.runtime.ledger import Partition
from pipelines.runtime.transactional import Transactional, transactional_id

ORDERS_3 = Partition("orders", 3)


class Unopened:
    """A producer that fails to start, as the real one does against brokers in trouble."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error
        self.client = self._sender = self._txn_manager = self
        self.closed = asyncio.Event()

    async def start(self) -> None:
        if self.error is None:
            await asyncio.Event().wait()
        else:
            raise self.error

    async def close(self) -> None:
        self.closed.set()

    def wait_for_transaction_end(self) -> None:
        return None


def test_a_partition_is_written_for_under_one_name_everywhere() -> None:
    assert transactional_id("shop", ORDERS_3) == "shop-orders-3"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KafkaConnectionError("a value"), "a transaction failed: KafkaConnectionError"),
        # what aiokafka asserts of the answer of a broker that the cluster does not count yet
        (AssertionError("a value"), "a transaction failed: AssertionError"),
        (None, "the brokers did not answer in time"),
    ],
)
async def test_brokers_that_cannot_open_it_are_asked_again(
    error: BaseException | None, told: str
) -> None:
    producer = Unopened(error)
    transactional = Transactional(ORDERS_3, "shop", lambda _: producer, 0.05)
    with pytest.raises(DeliveryError) as caught:
        await transactional.open()
    assert type(caught.value) is DeliveryError
    assert str(caught.value) == told
    await asyncio.wait_for(producer.closed.wait(), 5)
    with pytest.raises(DeliveryError, match="not open"):
        await transactional.begin()


@pytest.mark.parametrize(
    ("error", "kind"),
    [(TransactionalIdAuthorizationFailed(), Refused), (InvalidProducerEpoch(), Fenced)],
)
async def test_who_may_not_open_it_is_told_so(
    error: BaseException, kind: type[DeliveryError]
) -> None:
    def make(_: str) -> Any:
        return Unopened(error)

    with pytest.raises(kind):
        await Transactional(ORDERS_3, "shop", make, 1.0).open()

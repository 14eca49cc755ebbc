from __future__ import annotations

import asyncio

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
from tests.support.unopened import Unopened

ORDERS_3 = Partition("orders", 3)


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
async def test_what_brokers_in_trouble_do_is_no_crash_and_tells_no_value(
    error: BaseException | None, told: str
) -> None:
    producer = Unopened(error)
    transactional = Transactional(ORDERS_3, "shop", producer, 0.05)
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
    with pytest.raises(kind):
        await Transactional(ORDERS_3, "shop", Unopened(error), 1.0).open()

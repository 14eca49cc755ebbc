from __future__ import annotations

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
from tests.support.unopened import Unopened

ORDERS_0 = Partition("orders", 0)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "OPENING", Retry(0.0, 0.0, tries=retry.OPENING.tries))


async def opened(producers: Unopened, refused: list[str]) -> None:
    several = Transactions(
        ["orders"], "shop", producers, 1.0, lambda topic, _: refused.append(topic)
    )
    await several.open([ORDERS_0, Partition("other", 0)])
    await several.close()


async def test_brokers_that_do_not_open_it_at_first_are_asked_again() -> None:
    producers = Unopened(KafkaConnectionError(), failing=3)
    await opened(producers, [])
    assert producers.names == ["shop-orders-0"] * 4


async def test_brokers_that_never_open_it_end_the_process() -> None:
    producers = Unopened(KafkaConnectionError(), failing=99)
    with pytest.raises(DeliveryError):
        await opened(producers, [])
    assert len(producers.names) == 4


async def test_who_is_fenced_while_opening_does_not_fence_back() -> None:
    producers = Unopened(InvalidProducerEpoch(), failing=99)
    with pytest.raises(Fenced):
        await opened(producers, [])
    assert len(producers.names) == 1


async def test_a_name_that_is_not_granted_stops_its_topic_only() -> None:
    refused: list[str] = []
    await opened(Unopened(TransactionalIdAuthorizationFailed(), failing=99), refused)
    assert refused == ["orders"]

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import faust
import pytest
from faust.exceptions import ImproperlyConfigured
from faust.types import TP

from pipelines.runtime.driver.chunk import Chunk, ChunkSchema
from pipelines.runtime.driver.singles import Singles
from pipelines.runtime.ledger import Partition
from tests.support.planned import raw


def whole(topic: str, count: int) -> Any:
    chunk = Chunk(
        Partition(topic, 0), 5, 5 + count, [[raw(b"v", b"k", 5 + n) for n in range(count)]]
    )
    return SimpleNamespace(
        topic=topic, partition=0, tp=TP(topic, 0), value=chunk, generation_id=3, offset=4 + count
    )


def test_a_chunk_is_done_with_the_last_of_its_records_and_once() -> None:
    done: list[Chunk] = []
    singles = Singles(["own"], done.append)
    message = whole("own", 3)
    first, second, third = singles.split(message)
    assert [one.offset for one in (first, second, third)] == [5, 6, 7]
    assert (first.key, first.value, first.generation_id) == (b"k", b"v", 3)
    assert first.timestamp == pytest.approx(1_772_438_400.005)
    for one in (third, first, first, third):
        one.acked = True
    assert done == []
    second.acked = True
    second.acked = True
    assert done == [message.value]


def test_what_pipelines_read_stays_whole() -> None:
    singles = Singles(["own"], lambda _: pytest.fail("a lane says when it is done"))
    message = whole("orders.raw", 2)
    assert list(singles.split(message)) == [message]


def test_a_chunk_without_records_is_done_at_once() -> None:
    done: list[Chunk] = []
    message = whole("own", 0)
    assert list(Singles(["own"], done.append).split(message)) == []
    assert done == [message.value]


def test_what_was_forgotten_is_never_done() -> None:
    singles = Singles(["own"], lambda _: pytest.fail("it is read again"))
    (one,) = singles.split(whole("own", 1))
    singles.forget()
    one.acked = True


async def test_tables_and_topics_read_both_ways_are_refused() -> None:
    app = faust.App("refused", broker="clearwater://127.0.0.1:1")
    app.topics.add(app.topic("mine"))
    app.topics.add(app.topic("raw", schema=ChunkSchema()))
    message = whole("mine", 2)
    assert len(list(Singles.of(app, lambda _: None).split(message))) == 2
    app.topics.add(app.topic("raw"))
    with pytest.raises(ImproperlyConfigured, match="topic raw is read by a pipeline"):
        Singles.of(app, lambda _: None)
    app.Table("counts", default=int)
    with pytest.raises(ImproperlyConfigured, match="counts-changelog is a table's changelog"):
        Singles.of(app, lambda _: None)

"""Singles: chunks handed out record by record, to agents that know nothing of chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Self

from faust.exceptions import ImproperlyConfigured
from faust.types import ConsumerMessage

from pipelines.runtime.driver.chunk import Chunk, ChunkSchema


class SingleMessage(ConsumerMessage):
    """One record, as Faust's own transport would hand it out.

    Faust acknowledges by setting `acked`: its stream does so itself where it is compiled by
    Cython, and never asks the consumer.
    """

    __slots__ = ("_acked", "on_acked")

    _acked: bool
    on_acked: Callable[[], None]

    @property
    def acked(self) -> bool:
        """The agent is done with it."""
        return self._acked

    @acked.setter
    def acked(self, done: bool) -> None:
        first = done and not self._acked
        self._acked = done
        if first:
            self.on_acked()


class Singles:
    """The topics that are read record by record, and how many records of each chunk are open."""

    def __init__(self, topics: Iterable[str], done: Callable[[Chunk], None]) -> None:
        """Take the topics, and who is told when the last record of a chunk is done."""
        self._topics = frozenset(topics)
        self._done = done
        self._open: dict[Chunk, int] = {}

    @classmethod
    def of(cls, app: Any, done: Callable[[Chunk], None]) -> Self:
        """Return those of an app: every topic whose schema is no `ChunkSchema`.

        Raises:
            ImproperlyConfigured: One topic is to be read both ways, or is a table's changelog.
        """
        tables = set(app.tables.changelog_topics)
        chunked: set[str] = set()
        single: set[str] = set()
        for channel in app.topics:
            (chunked if isinstance(channel.schema, ChunkSchema) else single).update(channel.topics)
        for topic in sorted(tables):
            raise ImproperlyConfigured(
                f"topic {topic} is a table's changelog: tables need Faust's own transport"
            )
        for topic in sorted(chunked & single):
            raise ImproperlyConfigured(
                f"topic {topic} is read by a pipeline: no other agent of the app can read it"
            )
        return cls(single, done)

    def split(self, whole: Any) -> Iterator[Any]:
        """Yield the messages that a chunk's message is handed out as: itself, or one a record."""
        if whole.topic not in self._topics:
            yield whole
            return
        chunk: Chunk = whole.value
        records = chunk.records()
        if not records:
            self._done(chunk)
            return
        self._open[chunk] = len(records)
        for one in records:
            message = SingleMessage(
                whole.topic,
                whole.partition,
                one.offset,
                (one.timestamp or 0) / 1000.0,
                getattr(one, "timestamp_type", 0),
                list(one.headers),
                one.key,
                one.value,
                None,
                tp=whole.tp,
                generation_id=whole.generation_id,
            )
            message.on_acked = partial(self._one_done, chunk)
            yield message

    def _one_done(self, chunk: Chunk) -> None:
        """Count a record; a chunk is done with the last of its records."""
        left = self._open.get(chunk, 0)  # none: forgotten, and read again
        if left > 1:
            self._open[chunk] = left - 1
        elif left == 1:
            del self._open[chunk]
            self._done(chunk)

    def forget(self) -> None:
        """Forget what is open: partitions were given out anew."""
        self._open.clear()

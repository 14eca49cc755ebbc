"""Record: one decoded Kafka record on its way through a pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Record:
    """One record, owned by the pipeline that decoded it: steps change it in place.

    Attributes:
        value: Decoded value: a dict for JSON objects, Avro records and text lines; None: a
            tombstone.
        key: Decoded key (text, number, dict, bytes) or None.
        headers: Header names and raw values, in order; names may repeat.
        topic: Source topic.
        partition: Source partition.
        offset: Source offset.
        timestamp: Kafka timestamp, milliseconds since the epoch.
        destination: Where it goes instead of the pipeline's own destination, set by a route.
        copies: Further topics that get a copy, set by copying routes.
    """

    value: object = field(repr=False)
    key: object = field(default=None, repr=False)
    headers: list[tuple[str, bytes]] = field(default_factory=list, repr=False)
    topic: str = ""
    partition: int = 0
    offset: int = 0
    timestamp: int = 0
    destination: str | None = None
    copies: tuple[str, ...] = ()

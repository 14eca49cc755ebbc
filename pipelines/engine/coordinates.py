"""Coordinates: where a record that left came from, as a header that it carries."""

from __future__ import annotations

from typing import NamedTuple

SRC = "x-clearwater-src"
"""Header of every record that leaves: topic, partition and offset of its source, and which of the
pipeline's destinations this is (0 is `publish.topic`), parted by slashes."""

WAITED = "x-clearwater-waited"
"""Header of a record that was held back: id of the step that it waited at, the last one if several.
Those that did not wait pass by it, so order is kept among records with the same one."""


class Coordinates(NamedTuple):
    """Where a record came from.

    Attributes:
        topic: Source topic.
        partition: Source partition.
        offset: Source offset.
        output: Which of the pipeline's destinations it left to, in their order; 0 is the first.
    """

    topic: str
    partition: int
    offset: int
    output: int


def pattern(topic: str, partition: int, output: int) -> bytes:
    """Return what becomes the header's content by `% offset`."""
    # Kafka's topic names hold no percent sign and no slash
    return f"{topic}/{partition}/%d/{output}".encode()


def parsed(content: bytes) -> Coordinates | None:
    """Return what a header says; None if it is not one of ours."""
    try:
        topic, partition, offset, output = content.decode("ascii").split("/")
        return Coordinates(topic, int(partition), int(offset), int(output))
    except ValueError:
        return None

"""The letters of a dead letter topic: chosen, and with what became of each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.runtime.browse import Browsed, browse
from pipelines.runtime.dead_letter import Letter, LetterUnreadable, read_letter

REDRIVEN = "x-clearwater-redriven"
"""Header of a marker: the partition and offset of the letter that was sent back, `3:1042`.

A marker stands in the dead letter topic itself, behind its letter, and has no key and no value.
"""

MOST_ATTEMPTS = 3
"""A record that failed so often is parked: it is not sent back unless somebody says so."""

State = Literal["open", "parked", "redriven"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which letters are meant; None and 0 leave nothing out.

    Attributes:
        pipeline: Of this pipeline.
        step: That failed at this step or stage.
        code: With this reason code.
        since: Of records from this moment on, seconds since the epoch.
        last: The last so many of each partition, markers counted.
    """

    pipeline: str | None = None
    step: str | None = None
    code: str | None = None
    since: float = 0.0
    last: int | None = None

    def takes(self, letter: Letter) -> bool:
        """Return True for a letter that is meant."""
        return (
            self.pipeline in (None, letter.pipeline)
            and self.step in (None, letter.step)
            and self.code in (None, letter.code)
            and letter.timestamp >= self.since * 1000
        )


@dataclass(frozen=True, slots=True)
class Filed:
    """One letter where it stands.

    Attributes:
        browsed: The record in the dead letter topic.
        letter: What it says in the clear.
        state: `open`, `redriven`, or `parked` after too many attempts.
    """

    browsed: Browsed
    letter: Letter
    state: State

    @property
    def place(self) -> str:
        """Where its record came from: `orders.raw[3]@1042`."""
        return f"{self.letter.topic}[{self.letter.partition}]@{self.letter.offset}"


async def filed(topic: str, client: Mapping[str, Any], choice: Choice) -> AsyncGenerator[Filed]:
    """Yield the chosen letters of a dead letter topic. Reads it twice: markers stand behind.

    Raises:
        LetterUnreadable: A record is no dead letter.
        ConfigError: There is no such topic.
        DeliveryError: The brokers do not answer.
    """
    redriven: set[tuple[int, int]] = set()
    async with aclosing(browse(topic, client, last=choice.last)) as records:
        async for browsed in records:
            marked = _marked(browsed)
            if marked is not None:
                redriven.add(marked)
    async with aclosing(browse(topic, client, last=choice.last)) as records:
        async for browsed in records:
            if _marked(browsed) is not None:
                continue
            letter = _read(browsed, topic)
            if choice.takes(letter):
                yield Filed(browsed, letter, _state(browsed, letter, redriven))


def _read(browsed: Browsed, topic: str) -> Letter:
    try:
        return read_letter(browsed.value or b"")
    except LetterUnreadable as error:
        place = f"{topic}[{browsed.partition}]@{browsed.offset}"
        raise LetterUnreadable(f"{place}: {error}") from None


def marker(browsed: Browsed) -> tuple[str, bytes]:
    """Return the header of the marker that says a letter was sent back."""
    return REDRIVEN, f"{browsed.partition}:{browsed.offset}".encode()


def _marked(browsed: Browsed) -> tuple[int, int] | None:
    for name, content in browsed.headers:
        if name == REDRIVEN:
            partition, _, offset = content.decode("ascii", "replace").partition(":")
            if partition.isdecimal() and offset.isdecimal():
                return int(partition), int(offset)
    return None


def _state(browsed: Browsed, letter: Letter, redriven: set[tuple[int, int]]) -> State:
    if (browsed.partition, browsed.offset) in redriven:
        return "redriven"
    return "parked" if letter.attempt >= MOST_ATTEMPTS else "open"

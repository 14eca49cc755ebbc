"""What comes out of the engine for one chunk: outputs, dead letters, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pipelines.fate import Fate


class RawRecord(Protocol):
    """One record as fetched. aiokafka's `DefaultRecord` is one."""

    @property
    def offset(self) -> int:
        """Offset in its partition."""

    @property
    def timestamp(self) -> int | None:
        """Kafka timestamp, milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """Raw key."""

    @property
    def value(self) -> bytes | None:
        """Raw value; None is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Raw headers."""


class Output(NamedTuple):
    """One record to publish: clean, encoded.

    Attributes:
        offset: Source offset it came from; outputs of one partition are in its order.
        timestamp: Timestamp of the source record, milliseconds since the epoch.
        key: Encoded key, treated.
        value: Encoded value; None is a tombstone.
        headers: Headers, treated, with ours.
    """

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    def __repr__(self) -> str:
        """Return the offset only: what is clean is still data."""
        return f"Output(offset={self.offset})"


@dataclass(frozen=True, slots=True)
class DeadLettered:
    """One record that could not be processed.

    Attributes:
        raw: The record as fetched; leaves the process encrypted only.
        code: Reason code, see `errors.RecordError`.
        where: Step id, field path or stage.
        preview: The value masked character by character; holds nothing of it but its shape.
    """

    raw: RawRecord = field(repr=False)
    code: str
    where: str
    preview: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One record that goes on later.

    Attributes:
        raw: The record as fetched; leaves the process encrypted only.
        step: Id of the step that it waits at.
        until: When it goes on, milliseconds since the epoch.
        longest: How long it is held at most from now on, milliseconds.
    """

    raw: RawRecord = field(repr=False)
    step: str
    until: int
    longest: int


@dataclass(slots=True)
class ChunkOutcome:
    """Everything one chunk became.

    Attributes:
        records_in: Records read; equals the sum of `fates`.
        outputs: Clean records by destination topic, in source order. Copies are outputs too.
        dead_letters: Records for the dead letter topic, in source order.
        waiting: Records that go on later, in source order.
        fates: How many offsets met which fate, by (deciding step id or stage, fate, reason).
        findings: What detectors found and treated, by (entity, treatment verb).
        step_records: Records each step applied to (its `when` held), by step id.
        input_bytes: Bytes of the keys and values read.
        output_bytes: Bytes of the clean records' keys, values and headers, by destination topic.
    """

    records_in: int = 0
    outputs: dict[str, list[Output]] = field(default_factory=dict)
    dead_letters: list[DeadLettered] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    fates: Counter[tuple[str, Fate, str]] = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    step_records: Counter[str] = field(default_factory=Counter)
    input_bytes: int = 0
    output_bytes: dict[str, int] = field(default_factory=dict)

    def add(self, other: ChunkOutcome) -> None:
        """Take in what other records became, which come behind these."""
        self.records_in += other.records_in
        for topic, outputs in other.outputs.items():
            self.outputs.setdefault(topic, []).extend(outputs)
        for topic, size in other.output_bytes.items():
            self.output_bytes[topic] = self.output_bytes.get(topic, 0) + size
        self.dead_letters += other.dead_letters
        self.waiting += other.waiting
        self.fates += other.fates
        self.findings += other.findings
        self.step_records += other.step_records
        self.input_bytes += other.input_bytes

"""Reading and Writing: the contract between the engine and the wire formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.effect import Effect
from pipelines.shape import Shape


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read one schema version of a source topic, or a topic without schemas.

    Attributes:
        shape: The decoded value's type, with tags.
        decode: Bytes to value. Raises RecordError (`decode_failed`), never quoting the bytes.
        schema: The Avro schema as parsed JSON, or None.
        schema_id: The registry's id of the schema, or None.
        decoder_for: Returns what does the same as `decode` for the values of one chunk, and may be
            faster; None: nothing does.
    """

    shape: Shape
    decode: Callable[[bytes], object]
    schema: object | None = None
    schema_id: int | None = None
    decoder_for: Callable[[Sequence[bytes]], Callable[[bytes], object]] | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write the values that leave to one destination.

    Attributes:
        encode: Value to bytes. Raises RecordError (`encode_failed`), never quoting the value.
        schema: The derived Avro schema as parsed JSON, or None.
    """

    encode: Callable[[object], bytes]
    schema: object | None = None


class Wire(Protocol):
    """Where one pipeline's formats come from. May block on the schema registry."""

    def schema_id(self, raw: bytes) -> int | None:
        """Return the schema id in a value's framing; None for formats without one. Fast.

        Raises:
            RecordError: The framing is not what the format says (`decode_failed`).
        """

    def reading(self, schema_id: int | None) -> Reading:
        """Return how to read values with that id; None: the newest version known.

        Raises:
            RecordError: The registry has no such schema (`schema_unknown`).
            DeliveryError: The registry does not answer.
        """

    def reading_as_newest(self, schema_id: int) -> Reading:
        """Return how to read values with that id as values of the newest version.

        Raises:
            ConfigError: There is no newest version.
            DeliveryError: The registry does not answer.
        """

    def writing(self, destination: str, reading: Reading, effects: Sequence[Effect]) -> Writing:
        """Return how to write to `destination` what `reading` read and `effects` changed.

        For Avro with `schema: derive` this registers the derived schema.

        Raises:
            ConfigError: No schema can be derived, or the registry refuses it as incompatible.
            DeliveryError: The registry does not answer.
        """

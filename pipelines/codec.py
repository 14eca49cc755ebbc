"""Reading and Writing: the contract between the engine and the wire formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

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
        decode_all: Does the same as `decode` for the values of a chunk, faster; raises whatever it
            may where one of them needs `decode`. None: nothing does.
    """

    shape: Shape
    decode: Callable[[bytes], object]
    schema: object | None = None
    schema_id: int | None = None
    decode_all: Callable[[Sequence[bytes]], list[Any]] | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write the values that leave to one destination.

    Attributes:
        encode: Value to bytes. Raises RecordError (`encode_failed`), never quoting the value.
        schema: The derived Avro schema as parsed JSON, or None.
        encode_all: Does the same as `encode` for the values of a chunk, faster; raises whatever it
            may where one of them needs `encode`. None: nothing does.
        kept: Given values as they came, and as decoded, returns how those leave that nothing
            changed: without being written anew; None for each that must be. Not given (None)
            where all must be.
    """

    encode: Callable[[object], bytes]
    schema: object | None = None
    encode_all: Callable[[Sequence[object]], list[bytes]] | None = None
    kept: Callable[[Sequence[bytes], Sequence[object]], Sequence[bytes | None]] | None = None

    def all_encoded(self, values: Sequence[object]) -> list[bytes]:
        """Return the values as bytes; raises whatever it may where one of them fails."""
        return [*map(self.encode, values)] if self.encode_all is None else self.encode_all(values)


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

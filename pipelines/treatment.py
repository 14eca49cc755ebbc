"""TreatmentConfig: the contract of everything that can stand in place of personal data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from pipelines.field_path import REMOVED
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel

Treat = Callable[[object, str], object]
"""`treat(value, name)`: what stands in its place, or `field_path.REMOVED` to take the field out.

`name` is the entity, tag or field rule that called for it. Raises RecordError where the
value cannot be treated; never lets a value through in doubt.
"""


class Keyring(Protocol):
    """Where treatments get their keys from."""

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of the key.

        Raises:
            ConfigError: There is no such key, with what to do.
        """


class TreatmentConfig(StrictModel):
    """One treatment as written: a mapping with one key, its verb. Subclasses: `treatments/`."""

    @abstractmethod
    def build(self, keys: Keyring) -> Treat:
        """Return the function; called once, when a pipeline is compiled."""

    @abstractmethod
    def sentence(self) -> str:
        """Return what becomes of a value, as the end of a sentence, for `explain`."""

    @abstractmethod
    def outcome(self, shape: Shape) -> Shape | None:
        """Return the shape that a field of `shape` has after the treatment.

        None where the treatment cannot be applied to such a field (Avro: refused at load).
        """

    def keys_needed(self) -> tuple[str, ...]:
        """Return the names of the keys it needs."""
        return ()

    @property
    def verb(self) -> str:
        """The treatment's name in YAML."""
        ((name, info),) = type(self).model_fields.items()
        return info.alias or name


class EachScalar:
    """A treatment that walks lists and maps and changes each value in them.

    Keys of maps stay: the gate searches them as text.

    Attributes:
        change: What is done to one value.
    """

    __slots__ = ("change",)

    def __init__(self, change: Treat) -> None:
        """Take what is done to one value that is no list, no map and not None."""
        self.change = change

    def __call__(self, value: object, name: str) -> object:
        """Return what stands in place of a value; see `Treat`."""
        if value is None:
            return None
        if isinstance(value, dict):
            walked = {key: self(inner, name) for key, inner in value.items()}
            return {key: inner for key, inner in walked.items() if inner is not REMOVED}
        if isinstance(value, list):
            return [inner for inner in (self(one, name) for one in value) if inner is not REMOVED]
        return self.change(value, name)


def text_only(shape: Shape) -> Shape | None:
    """Return the outcome of a treatment that makes text of every scalar: None if a type changes."""
    match shape.kind:
        case "any" | "string" | "null":
            return shape
        case "list" | "map":
            items = text_only(shape.items) if shape.items is not None else None
            return None if items is None else replace(shape, items=items)
        case "object":
            fields = {name: text_only(field) for name, field in shape.fields.items()}
            kept = {name: field for name, field in fields.items() if field is not None}
            return replace(shape, fields=kept) if len(kept) == len(fields) else None
        case _:
            return None

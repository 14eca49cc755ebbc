"""unclassified: deny - take out of a value what no rule names."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.errors import RecordError
from pipelines.privacy.field_tree import FieldTree


def denying(named: FieldTree) -> Callable[[object], object]:
    """Return a function that leaves of a value only the fields that rules name.

    Fields that a rule names stay whole, and so do their parents. The value is changed in place.
    """

    def only_named(value: object) -> object:
        if value is None:
            return None  # a tombstone holds no field
        if not isinstance(value, dict | list):
            raise RecordError("unclassified", "gate", "the value has no fields that rules name")
        _strip(value, named)
        return value

    return only_named


def _strip(value: object, named: FieldTree) -> bool:
    """Take out what is not named; return True if the value itself may stay."""
    if named.verb is not None:
        return True
    if isinstance(value, dict):
        for name, inner in list(value.items()):
            below = named.below(name)
            if below is None or not _strip(inner, below):
                del value[name]
        return True
    if isinstance(value, list):
        kept = []
        for index, inner in enumerate(value):
            below = named.below(index)
            if below is not None and _strip(inner, below):
                kept.append(inner)
        value[:] = kept
        return True
    return value is None  # a scalar where only fields inside it are named

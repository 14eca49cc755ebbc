"""Format: how one kind of text becomes fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipelines.shape import Shape

Read = Callable[[str, int], object]
"""`read(text, timestamp)`: the fields, or `field_path.MISSING` where the text is not of the format.

`timestamp` is the record's, in milliseconds since the epoch, 0 or less where it has none.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        read: Text to a new dict.
        fields: Shape of every field it gives; None where the text itself names them.
        items: Shape of the fields, where the text names them.
    """

    read: Read
    fields: Mapping[str, Shape] | None
    items: Shape | None = None

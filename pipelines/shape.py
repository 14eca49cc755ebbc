"""Shape: what is known of a value's type before there is a value, from a schema or from nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from pipelines.field_path import EACH, FieldPath, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal[
    "any", "null", "bool", "int", "double", "string", "bytes",
    "timestamp", "duration", "date", "decimal", "list", "map", "object",
    "uint", "type", "optional",  # inside of expressions only: no field of a record has these
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a value, as far as it is known.

    Attributes:
        kind: The type; `any` where nothing is known (all of a topic without a schema),
            also for unions of several types.
        nullable: The value may be null.
        items: The elements' shape, for `list` and `map`.
        fields: The fields' shapes, for `object`; other fields do not exist.
        tags: Classification tags of the field, such as `PII.EMAIL`.
        symbols: All texts that a `string` can be (an Avro enum); empty where it can be any. Only
            the checks go by them: they make no other type.
    """

    kind: Kind = "any"
    nullable: bool = False
    items: Shape | None = None
    fields: Mapping[str, Shape] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    symbols: tuple[str, ...] = field(default=(), compare=False)

    def at(self, path: FieldPath) -> Shape | None:
        """Return the shape at `path`: `any` where nothing is known, None where no such field is."""
        shape = self
        for segment in path.segments:
            if shape.kind == "any":
                return ANY
            if shape.kind == "object" and isinstance(segment, str) and segment in shape.fields:
                shape = shape.fields[segment]
            elif (
                (shape.kind == "list" and not isinstance(segment, str))
                or (shape.kind == "map" and not isinstance(segment, int))
            ) and shape.items is not None:
                shape = shape.items
            else:
                return None
        return shape

    def leaves(self, prefix: str = "") -> Iterator[tuple[str, Shape]]:
        """Yield the path text and shape of every field, parents before children."""
        if prefix:
            yield prefix, self
        if self.kind == "object":
            for name, shape in self.fields.items():
                yield from shape.leaves(joined(prefix, name))
        elif self.items is not None:
            star = f"{prefix}[*]" if self.kind == "list" else joined(prefix, EACH.value)
            yield from self.items.leaves(star)

    def with_tags(self, tags: frozenset[str]) -> Shape:
        """Return the same shape with further tags."""
        return replace(self, tags=self.tags | tags)


def joined(prefix: str, name: str) -> str:
    """Return the path text of field `name` below `prefix`, quoted where the name needs it.

    The name `*` stands for every field.
    """
    part = name if name == EACH.value else quoted(name)
    return f"{prefix}.{part}" if prefix and not part.startswith("[") else prefix + part


ANY = Shape()
STRING = Shape("string")
NULLABLE_STRING = Shape("string", nullable=True)
TEXT_LINE = Shape("object", fields={"line": STRING})
"""A record of a text topic: one field, `line`."""

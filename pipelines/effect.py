"""Effect: what a step or treatment does to the fields of every record, known before any record.

From a pipeline's effects, in order, the derived schema, `explain` and the checks are made.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.field_path import FieldPath
from pipelines.shape import Shape


@dataclass(frozen=True, slots=True)
class Kept:
    """Only these fields stay."""

    paths: tuple[FieldPath, ...]
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The field is taken out; its parents stay."""

    path: FieldPath
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Renamed:
    """The field moves from one path to another."""

    source: FieldPath
    target: FieldPath
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The field holds a new value of this shape; missing parents are made.

    `conditional` says that not every record has it: it becomes nullable with default null.
    """

    path: FieldPath
    shape: Shape
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Retyped:
    """A treatment changed the field's value: the field keeps its place and becomes this shape.

    Where `shape` is None the type stays as it is, but null may stand in it.
    """

    path: FieldPath
    shape: Shape | None
    conditional: bool = False


Effect = Kept | Removed | Renamed | Written | Retyped

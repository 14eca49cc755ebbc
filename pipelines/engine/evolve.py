"""The shape of a record's value after an effect: what later steps and conditions can rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from pipelines.effect import Effect, Kept, Removed, Renamed, Retyped, Written
from pipelines.field_path import EACH, FieldPath, Segment
from pipelines.shape import ANY, Shape

_Change = Callable[[Shape | None], Shape | None]


def evolved(shape: Shape, effects: Iterable[Effect]) -> Shape:
    """Return `shape` after the effects, in order. What is `any` stays `any`."""
    for effect in effects:
        shape = _after(shape, effect)
    return shape


def _after(shape: Shape, effect: Effect) -> Shape:
    match effect:
        case Kept(paths, conditional):
            return shape if conditional else _kept(shape, [path.segments for path in paths])
        case Removed(path, conditional):
            return _changed(shape, path, _nullable if conditional else _nothing)
        case Written(path, written, conditional):
            return _changed(
                shape, path, lambda old: _written(old, written, conditional=conditional)
            )
        case Retyped(path, new, _):
            return _changed(shape, path, lambda old: _retyped(old, new))
        case Renamed(source, target, conditional):
            moved = shape.at(source)
            if moved is None:
                return shape
            left = _changed(shape, source, _nullable if conditional else _nothing)
            there = replace(moved, nullable=True) if conditional else moved
            return _changed(left, target, lambda _: there)


def _nothing(_: Shape | None) -> Shape | None:
    return None


def _nullable(old: Shape | None) -> Shape | None:
    return None if old is None else replace(old, nullable=True)


def _retyped(old: Shape | None, new: Shape | None) -> Shape | None:
    if old is None:
        return None
    return replace(old, nullable=True) if new is None else replace(new, tags=old.tags)


def _written(old: Shape | None, new: Shape, *, conditional: bool) -> Shape:
    if not conditional:
        return new
    if old is None:
        return replace(new, nullable=True)
    same = replace(old, nullable=False, tags=frozenset()) == replace(
        new, nullable=False, tags=frozenset()
    )
    if not same:
        return ANY
    return replace(old, nullable=old.nullable or new.nullable, symbols=())


def _changed(shape: Shape, path: FieldPath, change: _Change) -> Shape:
    return _at(shape, path.segments, change) or Shape("object")


def _at(shape: Shape, segments: tuple[Segment, ...], change: _Change) -> Shape | None:
    """Return the shape with the field at `segments` changed; parents that are missing are made."""
    if not segments:
        return change(shape)
    head, rest = segments[0], segments[1:]
    if shape.kind == "object" and isinstance(head, str):
        old = shape.fields.get(head)
        if rest:
            new = _at(Shape("object") if old is None else old, rest, change)
            if old is None and new == Shape("object"):
                new = None  # nothing was written below: no parent is made
        else:
            new = change(old)
        fields = {name: child for name, child in shape.fields.items() if name != head}
        if new is not None:
            fields = {**shape.fields, head: new}
        return replace(shape, fields=fields)
    if shape.items is not None and (head is EACH or isinstance(head, int) or shape.kind == "map"):
        return replace(shape, items=_at(shape.items, rest, change) or ANY)
    return shape


def _kept(shape: Shape, paths: list[tuple[Segment, ...]]) -> Shape:
    if shape.kind == "any" or any(not path for path in paths):
        return shape
    if shape.kind == "object":
        below = {
            name: [path[1:] for path in paths if path[0] in (name, EACH)] for name in shape.fields
        }
        kept = {name: _kept(shape.fields[name], rest) for name, rest in below.items() if rest}
        return replace(shape, fields=kept)
    if shape.items is not None:
        return replace(shape, items=_kept(shape.items, [path[1:] for path in paths]))
    return shape

"""What has changed between two Avro schemas, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.shape import joined
from pipelines.wire.avro_types import INNER, Types, branches, flattened, kind_of, nullable, opened


def differences(before: Any, after: Any) -> tuple[str, ...]:
    """Return the changes that can make schemas incompatible, each as a phrase with its field.

    Names, types, defaults and what is null are compared; docs, aliases and tags are not.
    """
    one, other = flattened(before), flattened(after)
    return tuple(_changes("", one[0], other[0], one[1], other[1], frozenset()))


def _changes(
    path: str, one: Any, other: Any, olds: Types, news: Types, seen: frozenset[str]
) -> Iterator[str]:
    place = f"`{path}`" if path else "the record"
    if nullable(one) != nullable(other):
        yield f"{place} may {'no longer be' if nullable(one) else 'now be'} null"
    first = [opened(branch, olds) for branch in branches(one)]
    second = [opened(branch, news) for branch in branches(other)]
    if [_name(branch) for branch in first] != [_name(branch) for branch in second]:
        yield f"{place} was {_names(first)}, is {_names(second)}"
        return
    for old, new in zip(first, second, strict=True):
        kind = kind_of(old)
        if kind in INNER:
            below = f"{path}[*]" if kind == "array" else f"{path}.*"
            inner = INNER[kind]
            yield from _changes(below, old[inner], new[inner], olds, news, seen)
        elif kind in ("record", "error") and old["name"] not in seen:
            within = seen | {old["name"]}
            yield from _field_changes(path, old, new, olds, news, within)
        elif kind == "enum" and old["symbols"] != new["symbols"]:
            yield f"{place} has other symbols"


def _field_changes(
    path: str, old: Any, new: Any, olds: Types, news: Types, seen: frozenset[str]
) -> Iterator[str]:
    before = {field["name"]: field for field in old["fields"]}
    after = {field["name"]: field for field in new["fields"]}
    for name in dict.fromkeys((*before, *after)):
        place = joined(path, name)
        if name not in after:
            yield f"`{place}` is gone" + ("" if "default" in before[name] else ", had no default")
        elif name not in before:
            yield f"`{place}` is new" + ("" if "default" in after[name] else ", has no default")
        else:
            types = before[name]["type"], after[name]["type"]
            yield from _changes(place, *types, olds, news, seen)


def _name(flat: Any) -> str:
    kind = kind_of(flat)
    if not isinstance(flat, dict):
        return kind
    return str(flat.get("logicalType") or flat.get("name") or kind)


def _names(types: list[Any]) -> str:
    return " or ".join(map(_name, types)) or "null"

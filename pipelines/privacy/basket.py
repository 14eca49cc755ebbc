"""Basket: the texts of records that are to be looked at, and the fields that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from pipelines.privacy.field_tree import FieldTree

Objects = Sequence[dict[Any, Any]]
Table = tuple[tuple[Any, ...], Sequence[Sequence[Any]], Sequence[int]]
"""Names, the values of each, and the index of the record that each object stands in."""


@dataclass(slots=True)
class Node:
    """One field of the records, wherever it is met.

    Attributes:
        path: Its name or path: context for the detectors.
        rules: What rules treat in it; None: nothing.
        way: The JSON before and behind a value of it.
        is_plain: No rule treats it, and its name has no part in what is found in it.
        is_treated: A rule treats all of it.
        room: How many further texts of it may be remembered.
        known: Texts that hold nothing here; all plain fields share theirs.
        fields: What is in it, by name.
        told: The same fields, by the other names that those beside them tell.
        unfit: Names in it that may be data themselves.
    """

    path: str
    rules: FieldTree | None
    way: tuple[bytes, bytes]
    is_plain: bool
    is_treated: bool = False
    room: int = 0
    known: set[str] = field(default_factory=set, repr=False)
    fields: dict[str, Node] = field(default_factory=dict, repr=False)
    told: dict[str, Node] = field(default_factory=dict, repr=False)
    unfit: set[str] = field(default_factory=set, repr=False)


@dataclass(slots=True)
class Column:
    """What stands in one field of several records.

    Attributes:
        node: The field.
        new: Its texts that are to be looked at.
        texts: All of its texts.
        rows: The index of the record that each of them stands in.
        loud: Those of the new that may hold a finding.
        formless: Those that have no form in JSON, and could not be looked at.
    """

    node: Node
    new: set[str] = field(repr=False)
    texts: Sequence[str] = field(repr=False)
    rows: Sequence[int]
    loud: set[str] = field(default_factory=set, repr=False)
    formless: set[str] = field(default_factory=set, repr=False)

    def places(self, texts: set[str]) -> Iterator[tuple[int, str]]:
        """Yield where some of its texts stand: the index of the record, and which it is."""
        if texts:
            yield from (one for one in zip(self.rows, self.texts, strict=True) if one[1] in texts)


@dataclass(slots=True)
class Basket:
    """What is to be looked at.

    Attributes:
        columns: Texts, field by field.
        beside: Headers as views, by the index of their record.
        unfit: Indexes of records that cannot be taken apart, or hold more than plain texts.
    """

    columns: list[Column] = field(default_factory=list)
    beside: dict[int, bytes] = field(default_factory=dict, repr=False)
    unfit: set[int] = field(default_factory=set)


def tables(objects: Objects, rows: Sequence[int]) -> Iterator[Table]:
    """Yield objects side by side, those of the same names together: on most topics all are alike.

    Args:
        objects: The objects.
        rows: The index of the record that each of them stands in.
    """
    table = _table(objects, rows) if objects else None
    if table is not None:
        yield table
        return
    alike: dict[tuple[Any, ...], list[int]] = {}
    for place, one in enumerate(objects):
        alike.setdefault(tuple(one), []).append(place)
    for places in alike.values():
        table = _table([objects[place] for place in places], [rows[place] for place in places])
        if table is not None:
            yield table


def _table(objects: Objects, rows: Sequence[int]) -> Table | None:
    """Return objects side by side, None where one has other names than the first."""
    names = tuple(objects[0])
    if sum(map(len, objects)) != len(objects) * len(names):
        return None
    try:
        if len(names) > 1:
            values: Iterator[Sequence[Any]] = zip(*map(itemgetter(*names), objects), strict=True)
        else:
            values = ([one[name] for one in objects] for name in names)
        return names, list(values), rows
    except KeyError:
        return None


def of_kind(
    kind: type, values: Sequence[Any], rows: Sequence[int]
) -> tuple[Sequence[Any], Sequence[int]]:
    """Return those of some values that are of one type, and their rows."""
    part = [one for one in values if type(one) is kind]
    if len(part) == len(values):
        return values, rows
    return part, [row for row, one in zip(rows, values, strict=True) if type(one) is kind]


def json_of(text: str | list[str]) -> bytes | None:
    """Return a text or texts as JSON, None where it has no such form: half a surrogate pair."""
    try:
        return orjson.dumps(text)
    except TypeError:
        return None


def lines_of(texts: list[str]) -> tuple[list[bytes], list[int]]:
    """Return texts as JSON, a line each, and the positions of those that have no such form."""
    if not texts:
        return [], []
    written = json_of(texts)
    if written is None:
        lines = [json_of(text) for text in texts]
        return [one or b"" for one in lines], [at for at, one in enumerate(lines) if one is None]
    if b"\\" in written:
        # what orjson returns keeps the four kilobytes that it was written in; a slice does not
        return [orjson.dumps(text, option=orjson.OPT_APPEND_NEWLINE)[:-1] for text in texts], []
    # no quote stands inside of a text; the first one is left out, or a text of one comma would
    # look like what stands between two
    return [b'"' + written[2:-1].replace(b'","', b'"\n"')], []

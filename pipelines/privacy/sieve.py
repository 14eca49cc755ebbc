"""Sieve: takes records apart into texts, and tells which of them are to be searched exactly."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any

from pipelines.privacy.basket import Basket, Column, Node, json_of, lines_of, of_kind, tables
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.gate_view import view_beside
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH, NO_TEXT, number_text, starts_as_json
from pipelines.record import Record

_REMEMBERED = 16_384  # texts of all fields together
_OF_ONE_FIELD = 512  # its values come again, or hardly ever
_FORGOTTEN_AFTER = 1_000_000  # texts looked at: other values come again by then
_SHORT = 160  # characters of a text worth remembering: a browser's name is longer than most
_MOST_FIELDS = 256  # of one object; what has more is a map, and its keys are data
_MOST_NODES = 4096
_LONGEST_WAY = 400  # bytes of JSON in front of a text
_LARGEST = 1 << 63
_LEAST, _SMALL = 100, 1e6  # see `number_text`
_FIRST = itemgetter(slice(1))
_ODD_STARTS = frozenset('{["') | {one for one in map(chr, range(0x3001)) if one.isspace()}
"""What JSON in a string may begin with."""
_NESTED = frozenset({dict, list})
_SILENT = frozenset({type(None), bool})


@dataclass(slots=True)
class Sifted:
    """What is to be searched.

    Attributes:
        unfit: Indexes of records that cannot be taken apart, or hold more than plain texts.
        loud: By index of another record, the texts of it that may hold a finding, each with the
            path of its field.
    """

    unfit: list[int] = field(default_factory=list)
    loud: dict[int, set[tuple[str, str]]] = field(default_factory=dict, repr=False)


class Sieve:
    """Takes the records of a chunk apart, to look at all of their texts at once.

    Field by field, not record by record: what stands in one field is mostly of one type, and sets
    tell which of its texts are new at a fraction of what a look at each would cost.

    Most texts need no look: one that held nothing holds nothing when it comes again, and of a
    field whose name says nothing about its values it is only these that count.
    """

    def __init__(self, scan: Scan, rules: FieldTree | None) -> None:
        """Take the detectors, and what rules treat in a value."""
        self._scan = scan
        self._known: set[str] = set()
        self._root = Node("", rules, (b"", b""), is_plain=False)
        self._key = Node("key", None, (b"", b""), is_plain=True, known=self._known)
        self._nodes: list[Node] = [self._root, self._key]
        self._remembered = 0
        self._looks = 0
        self._key.room = _OF_ONE_FIELD

    def sift(
        self,
        records: Sequence[Record],
        *,
        with_value: bool,
        with_key: bool,
        without: Container[str] = (),
    ) -> Sifted:
        """Return what in these records may hold a finding.

        Args:
            records: Records, treated.
            with_value: Their values are to be searched.
            with_key: Their keys are to be searched.
            without: Headers that are not to be searched.
        """
        basket = Basket()
        rows = range(len(records))
        if with_value:
            self._take_only(basket, self._root, dict, [one.value for one in records], rows)
        if with_key:
            rows_with = [row for row in rows if records[row].key is not None]
            self._take_only(
                basket, self._key, str, [records[row].key for row in rows_with], rows_with
            )
        for row, record in enumerate(records):
            if record.headers:
                left = [one for one in record.headers if one[0] not in without]
                if left:
                    basket.beside[row] = view_beside(None, left)
        self._look(basket)
        self._remember(basket.columns)
        loud: dict[int, set[tuple[str, str]]] = {}
        for column in basket.columns:
            for row, text in column.places(column.loud):
                if row not in basket.unfit:
                    loud.setdefault(row, set()).add((text, column.node.path))
        return Sifted(sorted(basket.unfit), loud)

    def _look(self, basket: Basket) -> None:
        """Look at all texts at once; mark those that may hold a finding."""
        columns, unfit = basket.columns, basket.unfit
        plain = [column for column in columns if column.node.is_plain]
        texts = list(set[str]().union(*(column.new for column in plain)))
        lines, without_form = lines_of(texts)
        loud: set[str] = set()
        named = [
            (column, text) for column in columns if not column.node.is_plain for text in column.new
        ]
        for column, text in named:
            before, behind = column.node.way
            written = json_of(text)
            lines.append(before + written + behind if written else b"")
            if written is None:
                column.formless.add(text)
        beside = list(basket.beside)
        lines += basket.beside.values()
        for place in self._scan.suspicious_lines(b"\n".join(lines)):
            if place < len(texts):
                loud.add(texts[place])
            elif place < len(texts) + len(named):
                column, text = named[place - len(texts)]
                column.loud.add(text)
            else:
                unfit.add(beside[place - len(texts) - len(named)])
        formless = {texts[place] for place in without_form}
        for column in plain:
            column.loud, column.formless = column.new & loud, column.new & formless
        for column in columns:
            unfit.update(row for row, _ in column.places(column.formless))

    def _remember(self, columns: Sequence[Column]) -> None:
        """Remember the texts that hold nothing."""
        if self._remembered > _REMEMBERED or self._looks > _FORGOTTEN_AFTER:
            self._remembered = self._looks = 0
            for node in self._nodes:
                node.known.clear()
                node.room = _OF_ONE_FIELD
        for column in columns:
            node = column.node
            self._looks += len(column.new)
            if node.room > 0:
                quiet = column.new - column.loud - column.formless
                short = {*islice((text for text in quiet if len(text) <= _SHORT), node.room)}
                node.known |= short
                node.room -= len(short)
                self._remembered += len(short)

    def _take_only(
        self,
        basket: Basket,
        node: Node,
        kind: type,
        values: Sequence[Any],
        rows: Sequence[int],
    ) -> None:
        """Take what is of one type; what is of another cannot be taken apart."""
        part, places = of_kind(kind, values, rows)
        if len(part) < len(values):
            basket.unfit.update({*rows}.difference(places))
        if kind is dict:
            self._take_objects(basket, node, part, places, 0)
        else:
            self._take_texts(basket, node, part, places)

    def _take(
        self, basket: Basket, node: Node, values: Sequence[Any], rows: Sequence[int], depth: int
    ) -> None:
        """Take what stands in one field of some records."""
        kinds = {*map(type, values)}
        if node.is_treated:
            if node.rules is not None and node.rules.verb != "keep":
                for kind in kinds & _NESTED:
                    basket.unfit.update(of_kind(kind, values, rows)[1])
            return
        for kind in kinds - _SILENT:
            part, places = (values, rows) if len(kinds) == 1 else of_kind(kind, values, rows)
            if kind is str:
                self._take_texts(basket, node, part, places)
            elif kind is int or kind is float:
                self._take_numbers(basket, node, part, places)
            elif kind is dict and depth < MAX_DEPTH:
                self._take_objects(basket, node, part, places, depth + 1)
            elif kind is list and depth < MAX_DEPTH and node.rules is None:
                inner = [one for several in part for one in several]
                of = [row for row, several in zip(places, part, strict=True) for _ in several]
                self._take(basket, node, inner, of, depth + 1)
            elif issubclass(kind, NO_TEXT):
                self._take_numbers(basket, node, part, places)
            else:
                basket.unfit.update(places)

    def _take_objects(
        self,
        basket: Basket,
        node: Node,
        objects: Sequence[dict[Any, Any]],
        rows: Sequence[int],
        depth: int,
    ) -> None:
        for names, every, all_rows in tables(objects, rows):
            fields = node.fields
            plain = [fields.get(name) or self._below(node, name) for name in names]
            for told, columns, places in self._scan.neighbours.parted(names, every, all_rows):
                below = self._by_others(node, names, plain, told) if told else plain
                for inner, values in zip(below, columns, strict=True):
                    if inner is None:
                        basket.unfit.update(places)
                    else:
                        self._take(basket, inner, values, places, depth)

    def _by_others(
        self,
        node: Node,
        names: Sequence[Any],
        plain: Sequence[Node | None],
        told: Mapping[Any, str],
    ) -> list[Node | None]:
        """Return the nodes of fields by the names that others beside them tell."""
        return [
            inner
            if inner is None or inner.rules is not None or name not in told
            else node.told.get(told[name]) or self._below(node, told[name], node.told)
            for name, inner in zip(names, plain, strict=True)
        ]

    def _take_numbers(
        self, basket: Basket, node: Node, numbers: Sequence[Any], rows: Sequence[int]
    ) -> None:
        kind = type(numbers[0])
        if kind is float and min(numbers) >= 0 and max(numbers) < _SMALL:
            return
        if issubclass(kind, int):
            least, most = min(numbers), max(numbers)
            if least > -_LEAST and most < _LEAST:
                return
            if least < -_LARGEST or most >= _LARGEST:
                basket.unfit.update(
                    row
                    for row, one in zip(rows, numbers, strict=True)
                    if not -_LARGEST <= one < _LARGEST
                )
            if kind is int and least >= _LEAST:
                self._take_texts(basket, node, [*map(str, numbers)], rows)
                return
        self._take_texts(basket, node, [*map(number_text, numbers)], rows)

    def _take_texts(
        self, basket: Basket, node: Node, texts: Sequence[str], rows: Sequence[int]
    ) -> None:
        new = {*texts} - node.known
        new.discard("")
        if not _ODD_STARTS.isdisjoint(map(_FIRST, new)):
            odd = {text for text in new if starts_as_json(text)}
            new -= odd
            basket.unfit.update(row for row, text in zip(rows, texts, strict=True) if text in odd)
        if new:
            basket.columns.append(Column(node, new, texts, rows))

    def _below(self, node: Node, name: object, told: dict[str, Node] | None = None) -> Node | None:
        """Return the node of a name that is met for the first time; None: it may be data itself.

        Args:
            node: The object's.
            name: The name.
            told: Where to keep it, if it is not the field's own: no rule treats it.
        """
        if type(name) is not str or name in node.unfit:
            return None
        fields = node.fields if told is None else told
        if len(fields) + len(node.unfit) >= _MOST_FIELDS or len(self._nodes) >= _MOST_NODES:
            return None
        path = f"{node.path}.{name}" if node.path else name
        written = json_of(name)
        before, behind = node.way
        if (
            written is None
            or len(before) > _LONGEST_WAY
            or starts_as_json(name)
            or self._scan.find(name, path)
        ):
            node.unfit.add(name)
            return None
        way = (before + b"{" + written + b":", b"}" + behind)
        rules = None if node.rules is None or told is not None else node.rules.below(name)
        is_plain = rules is None and self._scan.is_silent(path)
        is_treated = rules is not None and rules.verb is not None
        known = self._known if is_plain else set[str]()
        found = Node(path, rules, way, is_plain, is_treated, _OF_ONE_FIELD, known)
        fields[name] = found
        self._nodes.append(found)
        return found

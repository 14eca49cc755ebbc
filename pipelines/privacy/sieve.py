"""Sieve: takes records apart into texts, and tells which of them are to be searched exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.privacy.basket import Basket, Node, json_of, views_of
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
_ODD_STARTS = frozenset('{["') | {one for one in map(chr, range(0x3001)) if one.isspace()} | {""}
"""What JSON in a string may begin with."""


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

    Most texts need no look: one that held nothing holds nothing when it comes again, and of a
    field whose name says nothing about its values it is only these that count.
    """

    def __init__(self, scan: Scan, rules: FieldTree | None) -> None:
        """Take the detectors, and what rules treat in a value."""
        self._scan = scan
        self._root = Node("", rules, (b"", b""), is_plain=False)
        self._key = Node("key", None, (b"", b""), is_plain=True)
        self._beside = Node("", None, (b"", b""), is_plain=False)
        self._nodes: list[Node] = [self._root, self._key]
        self._remembered = 0
        self._looks = 0

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
        unfit: set[int] = set()
        take, ends, texts = self._take_fields, basket.ends, basket.texts
        root = self._root
        for index, record in enumerate(records):
            value, key = record.value, record.key
            fits = not with_value or (type(value) is dict and take(basket, index, value, root, 0))
            if fits and with_key and key is not None:
                fits = self._take_key(basket, index, key)
            if not fits:
                unfit.add(index)
            if record.headers:
                self._take_headers(basket, index, record.headers, without)
            ends.append(len(texts))
        return self._looked_at(basket, unfit)

    def _looked_at(self, basket: Basket, unfit: set[int]) -> Sifted:
        """Look at the texts, all at once."""
        texts, nodes, ends = basket.texts, basket.nodes, basket.ends
        self._remember(texts, nodes)
        views, without_form = views_of(texts)
        unfit.update(bisect_right(ends, place) for place in without_form)
        loud: dict[int, set[tuple[str, str]]] = {}
        for place in self._scan.suspicious(views + basket.views):
            if place < len(texts):
                index, text, node = bisect_right(ends, place), texts[place], nodes[place]
            else:
                index, text, node = basket.named[place - len(texts)]
            node.known.discard(text)
            if node is self._beside:
                unfit.add(index)
            loud.setdefault(index, set()).add((text, node.path))
        for index in unfit:
            loud.pop(index, None)
        return Sifted(sorted(unfit), loud)

    def _remember(self, texts: Sequence[str], nodes: Sequence[Node]) -> None:
        """Remember texts; those that hold something have to be taken out again."""
        self._looks += len(texts)
        if self._remembered > _REMEMBERED or self._looks > _FORGOTTEN_AFTER:
            self._remembered = self._looks = 0
            for node in self._nodes:
                node.known.clear()
                node.is_open = True
        for text, node in zip(texts, nodes, strict=True):
            if node.is_open and len(text) <= _SHORT:
                node.known.add(text)
                self._remembered += 1
                node.is_open = len(node.known) < _OF_ONE_FIELD

    def _take_key(self, basket: Basket, index: int, key: object) -> bool:
        node = self._key
        return type(key) is str and (key in node.known or self._take(basket, index, key, node, 0))

    def _take_fields(  # noqa: C901 - a call for each kind would cost more than all the rest
        self, basket: Basket, index: int, value: dict[Any, Any], node: Node, depth: int
    ) -> bool:
        """Take an object apart; return False if that cannot be done."""
        fields = node.fields
        put, put_node = basket.texts.append, basket.nodes.append
        for name, inner in value.items():
            below = fields.get(name) or self._below(node, name)
            if below is None:
                return False
            kind = type(inner)
            if kind is str:
                if inner in below.known:
                    continue
                if below.is_plain:
                    if inner[:1] not in _ODD_STARTS:
                        put(inner)
                        put_node(below)
                        continue
                elif below.is_treated:
                    continue
            elif inner is None or kind is bool or (kind is float and 0 <= inner < _SMALL):
                continue
            elif kind is int and below.is_plain and 0 <= inner < _LARGEST:
                if inner >= _LEAST:
                    put(str(inner))
                    put_node(below)
                continue
            if not self._take(basket, index, inner, below, depth):
                return False
        return True

    def _take(self, basket: Basket, index: int, value: Any, node: Node, depth: int) -> bool:
        """Take a value apart; return False if that cannot be done."""
        kind = type(value)
        rules = node.rules
        if rules is not None and node.is_treated:
            return rules.verb == "keep" or (kind is not dict and kind is not list)
        if kind is str:
            return not starts_as_json(value) and basket.put(index, value, node)
        if kind is dict:
            return depth < MAX_DEPTH and self._take_fields(basket, index, value, node, depth + 1)
        if kind is list:
            return (
                depth < MAX_DEPTH
                and rules is None
                and all(self._take(basket, index, inner, node, depth + 1) for inner in value)
            )
        return value is None or kind is bool or self._take_number(basket, index, value, node)

    def _take_number(self, basket: Basket, index: int, value: Any, node: Node) -> bool:
        if not isinstance(value, NO_TEXT):
            return False
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            return False
        text = number_text(value)
        return not text or text in node.known or basket.put(index, text, node)

    def _take_headers(
        self,
        basket: Basket,
        index: int,
        headers: Sequence[tuple[str, bytes]],
        without: Container[str],
    ) -> None:
        left = [one for one in headers if one[0] not in without]
        if left:
            basket.views.append(view_beside(None, left))
            basket.named.append((index, "", self._beside))

    def _below(self, node: Node, name: object) -> Node | None:
        """Return the node of a name that is met for the first time; None: it may be data itself."""
        if type(name) is not str or name in node.unfit:
            return None
        if len(node.fields) + len(node.unfit) >= _MOST_FIELDS or len(self._nodes) >= _MOST_NODES:
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
        rules = None if node.rules is None else node.rules.below(name)
        is_plain = rules is None and self._scan.is_silent(path)
        is_treated = rules is not None and rules.verb is not None
        found = Node(path, rules, way, is_plain, is_treated)
        node.fields[name] = found
        self._nodes.append(found)
        return found

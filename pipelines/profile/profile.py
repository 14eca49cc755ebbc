"""Profile: what stands in the records of a topic or file, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.canonical_text import canonical_text
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH, inner_json, named_texts, number_text
from pipelines.profile.field_profile import FieldProfile
from pipelines.shape import joined

_MOST_NAMES = 2_000  # of one object, before it is taken for a map
_MANY_NAMES = 40
_RARE = 0.25

KEY = "(key)"
HEADER = "(header)"
"""What stands for the record key, and before a header's name, where paths are listed."""


@dataclass(slots=True)
class _Node:
    """One path and what is below it."""

    profile: FieldProfile = field(default_factory=FieldProfile)
    fields: dict[str, _Node] = field(default_factory=dict)
    items: _Node | None = None
    names: FieldProfile = field(default_factory=FieldProfile)
    is_map: bool = False

    def field_of(self, name: str) -> _Node:
        if len(self.fields) > _MOST_NAMES:
            self.become_map()
        return self.fields.setdefault("*" if self.is_map else name, _Node())

    def item(self) -> _Node:
        if self.items is None:
            self.items = _Node()
        return self.items

    def become_map(self) -> None:
        each = _Node()
        for one in self.fields.values():
            each.merge(one)
        self.fields, self.is_map = {"*": each}, True

    def merge(self, other: _Node) -> None:
        self.profile.merge(other.profile)
        self.names.merge(other.names)
        if other.items is not None:
            self.item().merge(other.items)
        for name, one in other.fields.items():
            self.field_of(name).merge(one)

    def holds_names_as_data(self) -> bool:
        """Return True where the names differ from record to record: a map, not an object."""
        seen = sum(one.profile.values for one in self.fields.values())
        usual = seen / len(self.fields) if self.fields else 0
        return len(self.fields) > _MANY_NAMES and usual < _RARE * self.profile.values


class Profile:
    """Counts what is in records; keeps no value of them.

    Attributes:
        records: How many were added.
    """

    def __init__(self, scan: Scan | None = None) -> None:
        """Start with nothing seen.

        Args:
            scan: The detectors; None: all of the catalogue.
        """
        self.records = 0
        self._scan = Scan() if scan is None else scan
        self._root = _Node()
        self._key = FieldProfile()
        self._headers: dict[str, FieldProfile] = {}

    def add(
        self, value: object, key: object = None, headers: Sequence[tuple[str, bytes]] = ()
    ) -> None:
        """Count one record.

        Args:
            value: Its decoded value.
            key: Its decoded key.
            headers: Its raw headers.
        """
        self.records += 1
        self._walk(value, self._root, "", 0)
        if key is not None:
            text = key if isinstance(key, str) else canonical_text(key)
            self._key.add("string", text, self._scan.find(text, "key"))
        for name, raw in headers:
            text = (raw or b"").decode("utf-8", "replace")
            profile = self._headers.setdefault(name, FieldProfile())
            profile.add("string", text, self._scan.find(text, name))

    def fields(self) -> Iterator[tuple[str, FieldProfile]]:
        """Yield path and profile of every field that holds scalars, in the order they came in.

        The record key and the headers come last, as `(key)` and `(header) NAME`. Names of a map's
        entries come as `PATH.*` with `(name)` behind it where something was found in them.
        """
        yield from _listed(self._root, "")
        if self._key.values:
            yield KEY, self._key
        for name, profile in self._headers.items():
            yield f"{HEADER} {name}", profile

    def _walk(self, value: object, node: _Node, path: str, depth: int) -> None:
        if isinstance(value, dict):
            node.profile.add("object")
            told = self._scan.neighbours.told(value)
            for name, inner in value.items():
                text = str(name)
                below = joined(path, told.get(name, text))
                node.names.add("string", text, self._scan.find(text))
                if depth < MAX_DEPTH:
                    self._walk(inner, node.field_of(text), below, depth + 1)
        elif isinstance(value, list):
            node.profile.add("list")
            for inner in value if depth < MAX_DEPTH else ():
                self._walk(inner, node.item(), f"{path}[*]", depth + 1)
        elif isinstance(value, str):
            self._text(value, node, path)
        elif value is None or isinstance(value, bool):
            node.profile.add("null" if value is None else "bool")
        elif isinstance(value, bytes):
            self._text(value.decode("utf-8", "replace"), node, path)
        else:
            text = canonical_text(value)
            searched = number_text(value)
            findings = self._scan.find(searched, path) if searched else ()
            node.profile.add(_kind(value), text, findings)

    def _text(self, text: str, node: _Node, path: str) -> None:
        inner = inner_json(text)
        if inner is None:
            node.profile.add("string", text, self._scan.find(text, path))
            return
        # the field as a whole is no entity, whatever stands inside
        found = [
            (one, finding)
            for _, name, one in named_texts(inner, self._scan.neighbours.told, path, path)
            for finding in self._scan.find(one, name)
        ]
        node.profile.add("JSON in a string")
        node.profile.add_inside(found)


def _kind(value: object) -> str:
    return "number" if isinstance(value, int | float) else type(value).__name__.lower()


def _listed(node: _Node, path: str) -> Iterator[tuple[str, FieldProfile]]:
    if node.holds_names_as_data():
        node.become_map()
    kinds = set(node.profile.kinds) - {"object", "list"}
    if kinds and not (kinds == {"null"} and (node.fields or node.items)):
        yield path or "(value)", node.profile
    if node.names.found and node.is_map:
        yield f"{path}.* (name)" if path else "* (name)", node.names
    for name, one in node.fields.items():
        below = (f"{path}.*" if path else "*") if node.is_map else joined(path, name)
        yield from _listed(one, below)
    if node.items is not None:
        yield from _listed(node.items, f"{path}[*]")

"""Basket: the texts of records that are to be looked at, and the fields that they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from pipelines.privacy.field_tree import FieldTree


@dataclass(slots=True)
class Node:
    """One field of the records, wherever it is met.

    Attributes:
        path: Its name or path: context for the detectors.
        rules: What rules treat in it; None: nothing.
        way: The JSON before and behind a value of it.
        is_plain: No rule treats it, and its name has no part in what is found in it.
        is_treated: A rule treats all of it.
        is_open: There is room for further texts to remember.
        known: Texts that stood here and hold nothing.
        fields: What is in it, by name.
        unfit: Names in it that may be data themselves.
    """

    path: str
    rules: FieldTree | None
    way: tuple[bytes, bytes]
    is_plain: bool
    is_treated: bool = False
    is_open: bool = True
    known: set[str] = field(default_factory=set, repr=False)
    fields: dict[str, Node] = field(default_factory=dict, repr=False)
    unfit: set[str] = field(default_factory=set, repr=False)


class Basket:
    """Texts to be looked at.

    Attributes:
        texts: Those that are all there is to look at.
        nodes: Their fields.
        ends: How many there are up to the end of each record.
        named: The others, with the index of their record and their field.
        views: What is to be looked at for those.
    """

    __slots__ = ("ends", "named", "nodes", "texts", "views")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.nodes: list[Node] = []
        self.ends: list[int] = []
        self.named: list[tuple[int, str, Node]] = []
        self.views: list[bytes] = []

    def put(self, index: int, text: str, node: Node) -> bool:
        """Put a text in; return False if it has no form in JSON.

        Args:
            index: Of its record.
            text: The text.
            node: Its field.
        """
        if node.is_plain:
            self.texts.append(text)
            self.nodes.append(node)
            return True
        written = json_of(text)
        if written is None:
            return False
        before, behind = node.way
        self.views.append(before + written + behind)
        self.named.append((index, text, node))
        return True


def json_of(text: str | list[str]) -> bytes | None:
    """Return a text or texts as JSON, None where it has no such form: half a surrogate pair."""
    try:
        return orjson.dumps(text)
    except TypeError:
        return None


def views_of(texts: list[str]) -> tuple[list[bytes], list[int]]:
    """Return texts as JSON, and the positions of those that have no such form."""
    written = json_of(texts)
    if written is None:
        views = [json_of(text) for text in texts]
        return [one or b"" for one in views], [at for at, one in enumerate(views) if one is None]
    if b"\\" in written:
        return [orjson.dumps(text) for text in texts], []
    # no quote stands inside of a text
    return written[1:-1].replace(b'","', b'"\n"').split(b"\n") if texts else [], []

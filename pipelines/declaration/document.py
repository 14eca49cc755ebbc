"""Document: one YAML file as plain values, with the line and column of every place in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipelines.declaration.scalar_text import Span, found_at
from pipelines.errors import ConfigError, Problem

Place = tuple[str | int, ...]
"""The way from a document's top to a value: keys and positions."""

_MAX_NODES = 200_000  # aliases can multiply a small file without end
_FIXES = {
    "CW0001": "let this user read it, or take it out of the folder",
    "CW0002": "a bracket, quote, colon or indent is wrong here or in the line before",
    "CW0003": "keep one of them",
    "CW0004": "write a word or a number before the colon",
    "CW0005": "write a plain value",
    "CW0006": "write out what is needed, without aliases in aliases",
}
_TEXT_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")


@dataclass(slots=True)
class Document:
    """One parsed file.

    Attributes:
        file: Where it was read.
        data: Its content as dicts, lists and scalars; dates stay text.
        positions: Line and column, from 1, of each key and list element, by place.
        spans: Where each value stands, by place.
        lines: The file's text.
        problems: What is wrong with the YAML itself, such as a key given twice.
        under: The key that `below` put above all; no path names it.
    """

    file: Path
    data: Any
    positions: dict[Place, tuple[int, int]] = field(default_factory=dict)
    spans: dict[Place, Span] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    under: str = ""

    def problem(
        self, place: Place, problem: Problem | str, *, path: str = "", at_key: bool = False
    ) -> Problem:
        """Return the problem with file, line and column.

        Args:
            place: What it is about; if that is not in the file, the nearest place around it counts.
            problem: What is wrong; a text is one without a code.
            path: How the place is called, if not by itself.
            at_key: It is about the key there, not the value.
        """
        if isinstance(problem, str):
            problem = Problem(problem)
        told = place[1:] if self.under and place[:1] == (self.under,) else place
        known = place
        while known and known not in self.positions:
            known = known[:-1]
        line, column, width = self._shown(known, problem, at_key=at_key or known != place)
        return replace(
            problem,
            file=self.file,
            line=line,
            column=column,
            width=width,
            path=path or place_text(told),
        )

    def below(self, key: str) -> Document:
        """Return the same document as if all of it stood below a key."""
        return replace(
            self,
            data={key: self.data},
            positions={(key, *place): one for place, one in self.positions.items()},
            spans={(key, *place): one for place, one in self.spans.items()},
            under=key,
        )

    def _shown(self, place: Place, problem: Problem, *, at_key: bool) -> tuple[int, int, int]:
        line, column = self.positions.get(place, (1, 1))
        span = self.spans.get(place)
        if span is None:
            return line, column, 1
        is_key = bool(place) and isinstance(place[-1], str) and (line, column) != span[:2]
        if is_key and (at_key or span.style == "["):
            return line, column, len(str(place[-1]))
        if problem.offset is not None:
            text = self._at(place)
            if isinstance(text, str) and (
                found := found_at(self.lines, span, text, problem.offset)
            ):
                return found
        return span.line, span.column, span.width

    def _at(self, place: Place) -> Any:
        found = self.data
        for part in place:
            found = found[part]
        return found


def read(file: Path) -> Document:
    """Read one YAML file.

    Raises:
        ConfigError: The file cannot be read or is no YAML, with line and column.
    """
    try:
        text = file.read_text(encoding="utf-8")
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        why = " ".join(part for part in (error.context, error.problem) if part)
        raise _unreadable(file, f"not valid YAML: {why}", "CW0002", place) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise _unreadable(file, f"not valid YAML: {error}", "CW0002", (1, 1)) from None
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}", "CW0001") from None
    if node is not None and _size(node, {}) > _MAX_NODES:
        message = f"too large: more than {_MAX_NODES} values, aliases counted each time"
        raise _unreadable(file, message, "CW0006")
    document = Document(file, None, lines=text.splitlines())
    document.data = _Builder(document).built(node, ()) if node is not None else None
    return document


def _unreadable(
    file: Path, what: str, code: str, place: tuple[int | None, int | None] = (None, None)
) -> ConfigError:
    return ConfigError([Problem(what, file, *place, code=code, fix=_FIXES[code])])


def _size(node: Node, known: dict[int, int]) -> int:
    """Return how many values the node stands for; one that holds itself stands for too many."""
    if id(node) not in known:
        known[id(node)] = _MAX_NODES + 1
        below: list[Node] = []
        if isinstance(node, MappingNode):
            below = [value for _, value in node.value]
        elif isinstance(node, SequenceNode):
            below = node.value
        known[id(node)] = 1 + sum(_size(one, known) for one in below)
    return known[id(node)]


class _Builder:
    """Turns a node tree into values, noting where each stands."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._constructor = YAML(typ="safe", pure=True).constructor

    def built(self, node: Node, place: Place) -> Any:
        self._document.positions.setdefault(place, _start(node))
        self._document.spans[place] = _span(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.built(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, place: Place) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._add(key_node, place, "a key must be text", "CW0004")
                continue
            key = self._scalar(key_node, place)
            key = key if isinstance(key, str) else str(key_node.value)
            if key in built:
                line, _ = self._document.positions[*place, key]
                what = f"key `{key}` is given twice, first in line {line}"
                self._add(key_node, (*place, key), what, "CW0003")
            self._document.positions[*place, key] = _start(key_node)
            built[key] = self.built(value_node, (*place, key))
        return built

    def _scalar(self, node: Node, place: Place) -> Any:
        if isinstance(node, ScalarNode):
            if node.tag in _TEXT_TAGS:
                return node.value
            if str(node.tag).startswith("tag:yaml.org,2002:"):
                return self._constructor.construct_object(node)
        self._add(node, place, f"tag `{node.tag}` is not supported", "CW0005")
        return None

    def _add(self, node: Node, place: Place, what: str, code: str) -> None:
        line, column, *_ = span = _span(node)
        self._document.problems.append(
            Problem(
                what,
                self._document.file,
                line,
                column,
                place_text(place),
                code=code,
                fix=_FIXES[code],
                width=span.width,
            )
        )


def _start(node: Node) -> tuple[int, int]:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


def _span(node: Node) -> Span:
    end = node.end_mark
    style = node.style if isinstance(node, ScalarNode) else "["
    return Span(*_start(node), end.line + 1, end.column + 1, style)


def place_text(place: Place) -> str:
    """Return a place as text: `steps[2].when`, `privacy.fields["a.b"]`."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        elif "." in part or "[" in part or " " in part:
            text += f'["{part}"]'
        else:
            text += f".{part}" if text else part
    return text

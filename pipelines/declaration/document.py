"""Document: one YAML file as plain values, with the line and column of every place in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from pipelines.declaration.scalar_text import Span, found_at
from pipelines.declaration.yaml_faults import marked, unreadable
from pipelines.errors import ConfigError, Problem

Place = tuple[str | int, ...]
"""The way from a document's top to a value: keys and positions."""

_MOST_BRACKETS = 100
_MAX_NODES = 200_000  # aliases can multiply a small file without end
_FIXES = {
    "CW0001": "let this user read it, or take it out of the folder",
    "CW0003": "keep one of them",
    "CW0004": "write a word or a number before the colon",
    "CW0005": "write a plain value",
    "CW0006": "write out what is needed, without aliases in aliases or brackets in brackets",
}
_MERGE = "tag:yaml.org,2002:merge"
_TEXT_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")
_PLAIN_TAGS = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))


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
            text = self.at(place)
            if isinstance(text, str) and (
                found := found_at(self.lines, span, text, problem.offset)
            ):
                return found
        return span.line, span.column, span.width

    def at(self, place: Place) -> Any:
        """Return the value at a place; None where there is none."""
        found = self.data
        for part in place:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found


def read(file: Path) -> Document:
    """Read one YAML file.

    Raises:
        ConfigError: The file cannot be read or is no YAML, with line and column.
    """
    text = ""
    try:
        text = file.read_text(encoding="utf-8-sig")
        node = _composed(text)
        if node is not None and _size(node, {}) > _MAX_NODES:
            what = f"too large: more than {_MAX_NODES} values, aliases counted each time"
            raise _unreadable(file, what, "CW0006")
        document = Document(file, None, lines=text.splitlines())
        document.data = _Builder(document).built(node, ()) if node is not None else None
    except MarkedYAMLError as error:
        raise ConfigError([replace(marked(error, text.splitlines()), file=file)]) from None
    except (ReaderError, UnicodeDecodeError) as error:
        raise ConfigError([replace(unreadable(error, text), file=file)]) from None
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}", "CW0001") from None
    except RecursionError:
        what = "too large: brackets in brackets, or lines indented, without end"
        raise _unreadable(file, what, "CW0006") from None
    return document


class _Scanner(Scanner):
    """Reads no further where brackets nest without end: each costs as much as all around it."""

    def fetch_flow_collection_start(self, token: Any, to_push: str) -> None:
        if len(self.flow_context) >= _MOST_BRACKETS:
            raise RecursionError
        super().fetch_flow_collection_start(token, to_push)


def _composed(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    yaml.composer.warn_double_anchors = False  # the last one counts, as YAML says
    node: Node | None = yaml.compose(text)
    return node


def _unreadable(file: Path, what: str, code: str) -> ConfigError:
    return ConfigError([Problem(what, file, code=code, fix=_FIXES[code])])


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
        merged: list[MappingNode] = []
        self._pairs(node, place, built, merged)
        for one in merged:  # grows by what they merge themselves
            self._pairs(one, place, built, merged)
        return built

    def _pairs(
        self, node: MappingNode, place: Place, built: dict[Any, Any], merged: list[MappingNode]
    ) -> None:
        """Add the keys of a mapping; of one that is merged those that are not there yet."""
        is_merged = any(node is one for one in merged)
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged += self._merged(value_node, place)
                continue
            if not isinstance(key_node, ScalarNode):
                self._add(key_node, place, "a key must be text", "CW0004")
                continue
            key = self._scalar(key_node, place)
            key = key if isinstance(key, str) else str(key_node.value)
            if key in built and is_merged:
                continue
            if key in built:
                line, _ = self._document.positions[*place, key]
                what = f"key `{key}` is given twice, first in line {line}"
                self._add(key_node, (*place, key), what, "CW0003")
            self._document.positions[*place, key] = _start(key_node)
            built[key] = self.built(value_node, (*place, key))

    def _merged(self, node: Node, place: Place) -> list[MappingNode]:
        """Return the mappings that `<<` names."""
        named = node.value if isinstance(node, SequenceNode) else [node]
        if all(isinstance(one, MappingNode) for one in named):
            return list(named)
        what = "`<<` takes the keys of a mapping, or of several in a list; this is none"
        self._add(
            node, (*place, "<<"), what, "CW0005", "name a mapping that has an anchor: `<<: *a`"
        )
        return []

    def _scalar(self, node: Node, place: Place) -> Any:
        if node.tag in _TEXT_TAGS:
            return node.value
        if node.tag not in _PLAIN_TAGS:
            tag = str(node.tag).replace("tag:yaml.org,2002:", "!!")
            self._add(node, place, f"tag `{tag}` is not supported", "CW0005")
            return None
        try:
            return self._constructor.construct_object(node)
        except (YAMLError, ValueError, LookupError):
            kind = str(node.tag).rpartition(":")[2]
            self._add(node, place, f"this is no {kind} that can be held", "CW0005")
            return None

    def _add(self, node: Node, place: Place, what: str, code: str, fix: str = "") -> None:
        line, column, *_ = span = _span(node)
        self._document.problems.append(
            Problem(
                what,
                self._document.file,
                line,
                column,
                place_text(place),
                code=code,
                fix=fix or _FIXES[code],
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

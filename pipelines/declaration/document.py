"""Document: one YAML file as plain values, with the line and column of every place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipelines.errors import ConfigError, Problem

Place = tuple[str | int, ...]
"""The way from a document's top to a value: keys and positions."""

_MAX_NODES = 200_000  # aliases can multiply a small file without end
_TEXT_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")


@dataclass(slots=True)
class Document:
    """One parsed file.

    Attributes:
        file: Where it was read.
        data: Its content as dicts, lists and scalars; dates stay text.
        positions: Line and column, from 1, of each key and list element, by place.
        problems: What is wrong with the YAML itself, such as a key given twice.
    """

    file: Path
    data: Any
    positions: dict[Place, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, message: str, severity: str = "error") -> Problem:
        """Return a problem at `place`, or at the nearest place around it that is in the file."""
        known = place
        while known and known not in self.positions:
            known = known[:-1]
        line, column = self.positions.get(known, (1, 1))
        return Problem(message, self.file, line, column, place_text(place), severity)


def read(file: Path) -> Document:
    """Read one YAML file.

    Raises:
        ConfigError: The file cannot be read or is no YAML, with line and column.
    """
    try:
        node = YAML(typ="safe", pure=True).compose(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        text = " ".join(part for part in (error.context, error.problem) if part)
        raise ConfigError([Problem(f"not valid YAML: {text}", file, *place)]) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(f"not valid YAML: {error}", file, 1, 1)]) from None
    except OSError as error:
        raise ConfigError([Problem(f"cannot be read: {error.strerror}", file)]) from None
    document = Document(file, None)
    document.data = _Builder(document).built(node, ()) if node is not None else None
    return document


class _Builder:
    """Turns a node tree into values, noting where each stands."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._constructor = YAML(typ="safe", pure=True).constructor
        self._nodes = 0

    def built(self, node: Node, place: Place) -> Any:
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            message = f"too large: more than {_MAX_NODES} values, aliases counted each time"
            raise ConfigError([Problem(message, self._document.file)])
        self._document.positions.setdefault(place, _start(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.built(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, place: Place) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node, place)
            if isinstance(key, dict | list):
                self._add(_start(key_node), place, "a key must be text")
                continue
            key = key if isinstance(key, str) else str(key_node.value)
            if key in built:
                self._add(_start(key_node), (*place, key), f"key `{key}` is given twice")
            self._document.positions[*place, key] = _start(key_node)
            built[key] = self.built(value_node, (*place, key))
        return built

    def _scalar(self, node: Node, place: Place) -> Any:
        if isinstance(node, ScalarNode):
            if node.tag in _TEXT_TAGS:
                return node.value
            if str(node.tag).startswith("tag:yaml.org,2002:"):
                return self._constructor.construct_object(node)
        self._add(_start(node), place, f"tag `{node.tag}` is not supported: write a plain value")
        return None

    def _add(self, position: tuple[int, int], place: Place, message: str) -> None:
        self._document.problems.append(
            Problem(message, self._document.file, *position, place_text(place))
        )


def _start(node: Node) -> tuple[int, int]:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


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

"""Pydantic's errors as problems: file, line, what is wrong, what is known, how to mend it."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pipelines.declaration.cases import Given
from pipelines.declaration.document import Document, Place, place_text
from pipelines.errors import Problem, unknown

_CHOICE = re.compile(r"'([^']*)'")
_NUMBERS = {
    "greater_than": "more than {gt}", "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}", "less_than_equal": "{le} or less",
}  # fmt: skip
_PATTERNS = {
    r"^[a-z][a-z0-9_-]{0,39}$": (
        "lower case letters, digits, `-` and `_`, a letter first, 40 characters at most"
    ),
    r"^[a-z][a-z0-9_]{0,39}$": (
        "lower case letters, digits and `_`, a letter first, 40 characters at most"
    ),
    r"^[a-zA-Z0-9._-]{1,249}$": (
        "a topic is named with letters, digits, `.`, `_` and `-`, 249 characters at most"
    ),
    r"^[A-Za-z][A-Za-z0-9_.:-]*$": "a tag is letters, digits, `_`, `.`, `:` and `-`",
    r"^([A-Z][A-Z0-9_]*|default)$": (
        "an entity is written in capitals, such as EMAIL_ADDRESS; `default` means all others"
    ),
}
_TYPES = {
    "string_type": "a text", "int_type": "a whole number", "int_from_float": "a whole number",
    "int_parsing": "a whole number", "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "dict_type": "a mapping: `{key: value}`",
    "list_type": "a list: `[a, b]`", "tuple_type": "a list: `[a, b]`",
    "model_type": "a mapping: `{key: value}`", "model_attributes_type": "a mapping: `{key: value}`",
    "path_type": "a file name",
}  # fmt: skip


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document, at: Place = ()
) -> Iterator[Problem]:
    """Yield one problem per validation error, at its place in the document."""
    details = error.errors(include_input=False, include_url=False)
    for detail in details:
        if detail["type"] == "too_short" and _is_wrong_inside(detail, details):
            continue  # its entries are wrong, not too few
        place, _ = _walked(model, detail["loc"])
        at_key = detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]
        place = at + place
        shown = place
        for word in (_kind_key(detail), detail.get("ctx", {}).get("tag")):
            if detail["type"] == "union_tag_invalid" and (*place, word) in document.positions:
                shown, at_key = (*place, str(word)), word != _kind_key(detail)
        path = place_text(place) if shown != place else ""
        problem = _problem(detail, model, place, document.at(place))
        yield document.problem(shown, problem, path=path, at_key=at_key)


def _is_wrong_inside(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    deep = len(detail["loc"])
    return any(one["loc"][:deep] == detail["loc"] for one in details if one is not detail)


def _kind_key(detail: ErrorDetails) -> str:
    """Return the key, or a word for it, that says which member of a union is meant."""
    written = str(detail.get("ctx", {}).get("discriminator", "'kind'"))
    return written.strip("'").rstrip("()").lstrip("_")


def _problem(detail: ErrorDetails, model: type[BaseModel], place: Place, value: Any) -> Problem:
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx", {})
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return _unknown_key(last, _walked(model, loc[:-1])[1].annotation)
    if kind == "missing":
        return Problem(f"key `{last}` is missing", code="CW0102", fix=f"write `{last}: …` here")
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in str(context.get("expected_tags", "")).split(",")]
        what = _kind_key(detail)
        return unknown(f"unknown {what}", str(context.get("tag", "")), tags, "CW0103")
    if kind == "union_tag_not_found":
        what = str(context.get("discriminator", "")).strip("'")
        fix = f"write `{what}: …`, which says what this is"
        return Problem(f"key `{what}` is missing", code="CW0104", fix=fix)
    if kind in ("literal_error", "enum"):
        return _no_choice(place[-1:], _CHOICE.findall(str(context.get("expected", ""))), value)
    return _value_problem(kind, last, context, detail["msg"])


def _unknown_key(key: str, model: Any) -> Problem:
    if model is Given:
        fix = "what a record holds goes below `value`: {value: {…}}"
        return replace(unknown("unknown key", key, _keys_of(model), "CW0101", fix=fix), near="")
    name, colon, value = key.partition(":")
    fix = f"write a space behind the colon: `{name}: {value}`" if colon and value else ""
    return unknown("unknown key", key, _keys_of(model), "CW0101", fix=fix)


def _no_choice(key: Place, known: Sequence[str], value: Any) -> Problem:
    if (key, value) == (("unclassified",), "allow"):
        fix = "write `unclassified: {allow: why}`"
        return Problem("`allow` gives a reason", code="CW0106", known=tuple(known), fix=fix)
    if not isinstance(value, str):
        fix = "write one of them"
        return Problem("no such choice", code="CW0106", known=tuple(known), fix=fix)
    found = unknown("no such choice:", value, known, "CW0106")
    return found if found.near else replace(found, fix="write one of them")


def _value_problem(kind: str, name: str, context: dict[str, Any], written: str) -> Problem:
    """Return what is wrong with a value that stands where it should."""
    if kind == "value_error":
        what, _, fix = str(context.get("error", written)).partition(": ")
        found = Problem(what, code="CW0109", fix=fix)
    elif kind in _TYPES:
        found = Problem("this value is of another type", code="CW0105", fix=f"write {_TYPES[kind]}")
    elif kind.startswith(("datetime_", "timezone_")):
        what = "a time has a date, an hour and a zone"
        found = Problem(what, code="CW0109", fix="such as 2026-03-02T08:00:00Z")
    elif kind in _NUMBERS:
        found = Problem("the number is out of range", code="CW0107")
        found = replace(found, fix=f"write {_NUMBERS[kind].format(**context)}")
        if (name, kind) == ("ratio", "greater_than"):
            fix = "drop the records by a step `drop`, or write a share over 0"
            found = Problem("a sample of nothing lets no record pass", code="CW0407", fix=fix)
    elif kind == "string_pattern_mismatch":
        fix = _PATTERNS.get(str(context.get("pattern")), f"it has the form {context['pattern']}")
        found = Problem("the text does not have the right form", code="CW0108", fix=fix)
    elif kind.endswith(("too_short", "too_long")):
        found = _wrong_length(kind, context)
    else:
        found = Problem(f"{written[:1].lower()}{written[1:]}", code="CW0105")
    return found


def _wrong_length(kind: str, context: dict[str, Any]) -> Problem:
    least, most = context.get("min_length"), context.get("max_length")
    unit = "characters" if kind.startswith("string") else "entries"
    limit = f"at least {least}" if kind.endswith("short") else f"at most {most}"
    word = "short" if kind.endswith("short") else "long"
    fix = "write at least one" if (least, word) == (1, "short") else f"write {limit} {unit}"
    return Problem(f"too {word}", code="CW0110", fix=fix)


class _Type(NamedTuple):
    """An annotation on the way through the models; `tagged`: an error names its member next."""

    annotation: Any
    tagged: bool


def _walked(model: Any, loc: tuple[int | str, ...]) -> tuple[Place, _Type]:
    """Follow an error's location through the models.

    Pydantic mixes the tags of unions into locations; they are no keys of the document.

    Returns:
        The place in the document, and the type there.
    """
    place: list[int | str] = []
    found = _unwrapped(_Type(model, tagged=False))
    for part in loc:
        if found.tagged:
            found = _unwrapped(_Type(_member(found.annotation, part), tagged=False))
        elif part != "[key]":
            place.append(part)
            found = _unwrapped(_inside(found.annotation, part))
    return tuple(place), found


def _keys_of(model: Any) -> list[str]:
    fields = model.model_fields if _is_model(model) else {}
    return sorted(info.alias or name for name, info in fields.items())


def _unwrapped(found: _Type) -> _Type:
    """Return the type without `Annotated` and `| None` around it."""
    annotation, tagged = found
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *metadata = get_args(annotation)
            tagged = tagged or any(_discriminates(one) for one in metadata)
            continue
        members = _members(annotation)
        if get_origin(annotation) in (Union, types.UnionType) and len(members) == 1:
            annotation = members[0]
            continue
        return _Type(annotation, tagged)


def _members(annotation: Any) -> list[Any]:
    return [member for member in get_args(annotation) if member is not type(None)]


def _discriminates(metadata: Any) -> bool:
    is_field = isinstance(metadata, FieldInfo) and metadata.discriminator is not None
    return is_field or isinstance(metadata, Discriminator)


def _member(annotation: Any, tag: int | str) -> Any:
    """Return the member of a tagged union that the tag names."""
    for member in _members(annotation):
        metadata = get_args(member)[1:] if get_origin(member) is Annotated else ()
        plain = _unwrapped(_Type(member, tagged=False)).annotation
        if any(isinstance(one, Tag) and one.tag == tag for one in metadata):
            return plain
        if _is_model(plain) and any(
            get_origin(info.annotation) is Literal and tag in get_args(info.annotation)
            for info in plain.model_fields.values()
        ):
            return plain
    return None


def _inside(annotation: Any, part: int | str) -> _Type:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (tuple, list):
        return _Type(arguments[0], tagged=False)
    if origin is dict:
        return _Type(arguments[1], tagged=False)
    if _is_model(annotation):
        for name, info in annotation.model_fields.items():
            if part in (name, info.alias):
                tagged = info.discriminator is not None or any(map(_discriminates, info.metadata))
                return _Type(info.annotation, tagged)
    return _Type(None, tagged=False)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)

"""Pydantic's errors as problems: file, line, what is wrong, what is known, how to mend it."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.declaration.document import Document, Place
from pipelines.errors import Problem


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document, at: Place = ()
) -> Iterator[Problem]:
    """Yield one problem per validation error, at its place in the document."""
    for detail in error.errors(include_input=False, include_url=False):
        loc = detail["loc"]
        place = at + _place(loc, _inside(document.data, at))
        yield document.problem(place, _message(detail, model))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean `x`?` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, [str(one) for one in known], n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """Return `unknown KIND `word`; known: …; did you mean …?`."""
    listed = sorted(str(one) for one in known)
    names = ", ".join(listed) if listed else "none"
    return f"unknown {kind} `{word}`; known: {names}{did_you_mean(word, listed)}"


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx", {})
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return unknown("key", last, _known_keys(model, loc[:-1]))
    if kind == "missing":
        return f"key `{last}` is missing"
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in str(context.get("expected_tags", "")).split(",")]
        what = str(context.get("discriminator", "'kind'")).strip("'").rstrip("()")
        return unknown(what, str(context.get("tag", "")), tags)
    if kind == "union_tag_not_found":
        what = str(context.get("discriminator", "")).strip("'")
        return f"key `{what}` is missing: it says which kind this is"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    message = detail["msg"]
    return message[:1].lower() + message[1:]


def _inside(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data


def _place(loc: tuple[int | str, ...], data: Any) -> Place:
    """Return the part of an error's location that stands in the document.

    Pydantic mixes the tags of unions into locations; they are no keys of the document.
    """
    place: list[str | int] = []
    for index, part in enumerate(loc):
        if part == "[key]":
            continue
        if _stands_in(data, part):
            place.append(part)
            data = data[part]
        elif index == len(loc) - 1 and isinstance(part, str) and isinstance(data, dict):
            place.append(part)
    return tuple(place)


def _stands_in(data: Any, part: int | str) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _known_keys(annotation: Any, loc: tuple[int | str, ...]) -> list[str]:
    found = _resolved(annotation, loc)
    models = [
        one for one in _members(found) if isinstance(one, type) and issubclass(one, BaseModel)
    ]
    return sorted({info.alias or name for one in models for name, info in one.model_fields.items()})


def _members(annotation: Any) -> list[Any]:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return [inner for member in get_args(annotation) for inner in _members(member)]
    return [annotation]


def _resolved(annotation: Any, loc: tuple[int | str, ...]) -> Any:
    """Follow an error's location through the models to the type it speaks of."""
    for part in loc:
        candidates = [_step_into(member, part) for member in _members(annotation)]
        found = [candidate for candidate in candidates if candidate is not None]
        if found:
            annotation = found[0]
    return annotation


def _step_into(member: Any, part: int | str) -> Any:
    origin, arguments = get_origin(member), get_args(member)
    if origin in (tuple, list) and isinstance(part, int):
        return arguments[0]
    if origin is dict:
        return arguments[1]
    if isinstance(member, type) and issubclass(member, BaseModel):
        for name, info in member.model_fields.items():
            if part in (name, info.alias):
                return info.annotation
            if get_origin(info.annotation) is Literal and part in get_args(info.annotation):
                return member  # the tag of a discriminated union
    return None

"""Pydantic's errors as problems: file, line, what is wrong, what is known, how to mend it."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pipelines.declaration.document import Document, Place
from pipelines.errors import Problem


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document, at: Place = ()
) -> Iterator[Problem]:
    """Yield one problem per validation error, at its place in the document."""
    for detail in error.errors(include_input=False, include_url=False):
        place, _ = _walked(model, detail["loc"])
        yield document.problem(at + place, _message(detail, model))


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
        what = str(context.get("discriminator", "'kind'")).strip("'").rstrip("()").lstrip("_")
        return unknown(what, str(context.get("tag", "")), tags)
    if kind == "union_tag_not_found":
        what = str(context.get("discriminator", "")).strip("'")
        return f"key `{what}` is missing: it says which kind this is"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    message = detail["msg"]
    return message[:1].lower() + message[1:]


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


def _known_keys(model: Any, loc: tuple[int | str, ...]) -> list[str]:
    _, found = _walked(model, loc)
    if not _is_model(found.annotation):
        return []
    return sorted(info.alias or name for name, info in found.annotation.model_fields.items())


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

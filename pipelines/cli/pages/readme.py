"""The README's tables of steps, treatments and detectors, made from the catalogues."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

from pydantic import BaseModel

from pipelines.detectors import DETECTORS, FIELDS
from pipelines.steps import STEPS
from pipelines.treatments import TREATMENTS


def tables() -> dict[str, str]:
    """Return Markdown tables by name: `steps`, `treatments`, `detectors`."""
    steps = [
        (f"`{model.model_fields['step'].default}`", summary(model), _names(fields(model, "step")))
        for model in STEPS
    ]
    treatments = [
        (f"`{verb(model)}`", summary(model), _names(options(model))) for model in TREATMENTS
    ]
    shaped = {one.entity for one in DETECTORS if not one.context}
    spoken = {one.entity for one in DETECTORS} - shaped
    found = [
        ("its shape, or a phrase around it", _names(tuple(sorted(shaped)))),
        ("words near it, and a check where there is one", _names(tuple(sorted(spoken)))),
        (
            "the name of its field alone, in many languages",
            _names(tuple(sorted({one.entity for one in FIELDS}))),
        ),
    ]
    return {
        "steps": _markdown(("step", "what it does", "fields"), steps),
        "treatments": _markdown(("treatment", "what it does", "options"), treatments),
        "detectors": _markdown(("told by", "entities"), found),
    }


def summary(model: type[BaseModel]) -> str:
    """Return the first paragraph of a model's docstring as one line."""
    return (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " ")


def fields(model: type[BaseModel], *without: str) -> tuple[str, ...]:
    """Return a model's field names as written, with `?` behind those that have a default."""
    hidden = {*without, "id", "when"}
    return tuple(
        (info.alias or name) + ("" if info.is_required() else "?")
        for name, info in model.model_fields.items()
        if name not in hidden
    )


def verb(model: type[BaseModel]) -> str:
    """Return the one key of a treatment."""
    ((name, info),) = model.model_fields.items()
    return info.alias or name


def options(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the option names of a treatment."""
    (info,) = model.model_fields.values()
    inner = info.annotation
    is_model = isinstance(inner, type) and issubclass(inner, BaseModel)
    return fields(inner) if is_model else ()  # type: ignore[arg-type] # just tested


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _markdown(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

"""What `clearwater try` says of a traced record, and of two versions of a pipeline."""

from __future__ import annotations

import dataclasses
from typing import Any

from pipelines.cli.masked import masked
from pipelines.cli.output import out
from pipelines.cli.trial.comparison import Change, Comparison
from pipelines.engine.trace import Traced
from pipelines.engine.trial import TrialResult

_MOST = 20


def trace_json(steps: list[Traced], results: list[TrialResult]) -> dict[str, Any]:
    """Return a trace as a JSON object; values in it are masked."""
    return {
        "steps": [
            {
                "id": one.id,
                "step": one.step,
                "when": one.when,
                "decided": one.decided,
                "saw": {path: masked(value) for path, value in one.saw},
                "changes": [
                    {"path": path, "before": masked(old), "after": masked(new)}
                    for path, old, new in one.changes
                ],
                "condition_us": one.asked / 1000,
                "step_us": one.took / 1000,
            }
            for one in steps
        ],
        "fate": results[-1].fate.value,
        "step": results[-1].step,
        "reason": results[-1].reason,
        "topics": [one.topic for one in results if one.topic],
    }


def show_trace(line: int, steps: list[Traced], results: list[TrialResult]) -> None:
    """Print what each step saw (masked), decided and changed, and the microseconds it took."""
    out.print(f"record {line}, values masked", style="bold", markup=False)
    for one in steps:
        name = f"{one.id} ({one.step})" if one.step else one.id
        took = f"{(one.asked + one.took) / 1000:10.1f} µs"
        out.print(f"{took}  {name}: {one.decided}", markup=False)
        for path, value in one.saw:
            out.print(f"{'':16} saw {path}: {masked(value)}", style="dim", markup=False)
        for path, old, new in one.changes:
            out.print(f"{'':16} {path}: {masked(old)} → {masked(new)}", style="cyan", markup=False)
    last = results[-1]
    reason = f": {last.reason}" if last.reason else ""
    out.print(f"{last.fate} by {last.step}{reason}", style="bold", markup=False)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as a JSON object."""

    def listed(kind: dict[tuple[str, str], Change], one: str, other: str) -> list[dict[str, Any]]:
        return [
            {one: key[0], other: key[1], **dataclasses.asdict(change)}
            for key, change in _ordered(kind)
        ]

    return {
        "records": found.records,
        "changed": found.changed,
        "fates": listed(found.fates, "old", "new"),
        "topics": listed(found.topics, "topic", "leaves"),
        "fields": listed(found.fields, "topic", "path"),
        "newly_leaving": listed(found.leaving, "topic", "path"),
    }


def show_comparison(found: Comparison) -> None:
    """Print what changes, by kind, with counts and examples."""
    out.print(f"{found.changed} of {found.records} records become something else", style="bold")
    _show("fate", found.fates, lambda key, _: f"{key[0]} → {key[1]}")
    _show("topic", found.topics, lambda key, _: f"{key[1]} leaves to {key[0]}")
    _show(
        "field",
        found.fields,
        lambda key, change: f"{key[0]} {key[1]}: {change.before} → {change.after}",
    )
    _show(
        "NEWLY LEAVES AS IT CAME",
        found.leaving,
        lambda key, change: f"{key[0]} {key[1]}: such as {change.after}",
        style="bold red",
    )


def _show(title: str, kind: dict[tuple[str, str], Change], told: Any, style: str = "bold") -> None:
    if not kind:
        return
    out.print(f"\n{title}", style=style, markup=False)
    ordered = _ordered(kind)
    for key, change in ordered[:_MOST]:
        lines = ", ".join(str(one) for one in change.lines)
        more = ", …" if change.records > len(change.lines) else ""
        where = f"line {lines}{more}" if change.records == 1 else f"lines {lines}{more}"
        out.print(f"{change.records:>8}  {told(key, change)}  ({where})", markup=False)
    if len(ordered) > _MOST:
        out.print(f"          and {len(ordered) - _MOST} more", markup=False)


def _ordered(kind: dict[tuple[str, str], Change]) -> list[tuple[tuple[str, str], Change]]:
    return sorted(kind.items(), key=lambda one: -one[1].records)

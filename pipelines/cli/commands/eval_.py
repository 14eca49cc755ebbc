"""`clearwater eval`: CEL expressions over variables, no pipeline and no Kafka."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.output import out
from pipelines.condition import tagged
from pipelines.condition.error import CelError, CelFailure
from pipelines.condition.evaluate import prepare
from pipelines.condition.given import Given
from pipelines.errors import ConfigError
from pipelines.privacy.scan import Scan


def eval_(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPR", help="One expression; without it, lines from standard input."
        ),
    ] = None,
    variables: Annotated[
        Path | None, typer.Option("--vars", help="JSON file with the variables of EXPR, by name.")
    ] = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show the typed tree and the Python it became.")
    ] = False,
) -> None:
    """Evaluate CEL expressions: one, or one a line.

    Lines of standard input are {"id", "expr", "vars"}; each gives a line {"id", "value"} or
    {"id", "error"}, in the same order. What JSON has no type for is tagged both ways, such as
    {"$uint": "1"}: `clearwater help eval` lists the tags.

    Example: clearwater eval '"orders-eu".split("-")[1] == region' --vars vars.json
    """
    if expression is not None:
        found = evaluated(expression, _variables(variables), explain=explain)
        for told in ("tree", "python"):
            if told in found:
                out.print(found.pop(told), markup=False)
        _write(found)
        if "error" in found:
            raise typer.Exit(1)
        return
    if variables is not None:
        raise ConfigError("--vars belongs to an expression: lines bring their own variables")
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            _write(_answer(line, number, explain=explain))


def evaluated(expression: str, variables: Mapping[str, Any], *, explain: bool) -> dict[str, Any]:
    """Return `{"value": …}` or `{"error": …}`, and what it became where that is asked for.

    Args:
        expression: CEL text.
        variables: JSON values by name, tagged where JSON has no type for them.
        explain: Add `tree` and `python`.
    """
    found: dict[str, Any] = {}
    try:
        known = {name: tagged.to_cel(one) for name, one in variables.items()}
        evaluation = prepare(expression, known, _given(expression))
        if explain:
            found = {"tree": evaluation.tree, "python": evaluation.python}
        return {"value": tagged.to_json(evaluation.run(known)), **found}
    except CelError as error:
        return {"error": f"{error.message} (at character {error.column})", **found}
    except (ConfigError, CelFailure) as error:
        return {"error": str(error), **found}
    except RecursionError:
        return {"error": "nested too deeply", **found}


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(eval_)


def _given(expression: str) -> Given:
    """Return the clock, and the detectors where the expression may ask for them."""
    given = Given(now=_now)
    if "entity" not in expression:
        return given
    scan = _scan()
    return replace(
        given,
        entities=scan.entities,
        finds=lambda text, entity: any(one.entity == entity for one in scan.find(text)),
    )


def _now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def _scan() -> Scan:
    return Scan()


def _answer(line: bytes, number: int, *, explain: bool) -> dict[str, Any]:
    """Return what to write for one line."""
    try:
        case = tagged.load(line)
    except ConfigError as error:
        return {"id": None, "error": f"line {number}: {error}"}
    if not isinstance(case, dict):
        return {"id": None, "error": f'line {number}: write {{"id", "expr", "vars"}}'}
    identity, expression = case.get("id"), case.get("expr")
    variables = case.get("vars") or {}
    if not isinstance(expression, str) or not isinstance(variables, dict):
        return {"id": identity, "error": '"expr" is a string and "vars" an object'}
    return {"id": identity, **evaluated(expression, variables, explain=explain)}


def _variables(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        found = tagged.load(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from None
    if not isinstance(found, dict):
        raise ConfigError(f"{file}: write one object, variables by name")
    return found


def _write(found: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(tagged.dump(found))
    sys.stdout.buffer.flush()

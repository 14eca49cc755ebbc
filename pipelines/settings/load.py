"""Reading the settings: every problem at once, each with its variable."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import ConfigError, Problem
from pipelines.settings.conflicts import conflicts
from pipelines.settings.model import PREFIX, Settings, variable

# Kubernetes sets these in every pod of a namespace that has a Service named `clearwater…`
_SERVICE_LINK = re.compile(
    PREFIX + r"(\w+_)?(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)"
)


def load_settings(options: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from the environment, overridden by options.

    Args:
        options: Text by name of setting (`commit_interval`), as given on the command line.

    Raises:
        ConfigError: Anything is wrong; lists every problem, each with its variable.
    """
    given = dict(options or {})
    problems = list(_unknown_variables(os.environ))
    try:
        settings = Settings(**given)  # type: ignore[arg-type] # text of options, read by pydantic
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        raise ConfigError(_coded([*problems, *map(_problem, details)])) from None
    problems += conflicts(settings)
    if problems:
        raise ConfigError(_coded(problems))
    settings.remember_options(given)
    return settings


def _coded(problems: Iterable[Problem]) -> Iterator[Problem]:
    return (replace(problem, code="CW0801") for problem in problems)


def _unknown_variables(environment: Iterable[str]) -> Iterator[Problem]:
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(environment):
        setting = name.removeprefix(PREFIX)  # compared without it, or everything looks alike
        if setting == name or setting in known or _SERVICE_LINK.fullmatch(name):
            continue
        close = difflib.get_close_matches(setting, known, n=1)
        advice = (
            f"did you mean {PREFIX}{close[0]}?" if close else "`clearwater settings` lists them"
        )
        yield Problem(f"no such setting; {advice}", path=name)


def _problem(detail: ErrorDetails) -> Problem:
    name = str(detail["loc"][0]).lower().removeprefix(PREFIX.lower())
    if detail["type"] == "extra_forbidden":
        return Problem("no such setting; `clearwater settings` lists them", path=variable(name))
    message = detail["msg"].removeprefix("Value error, ")
    if variable(name) == f"{PREFIX}HTTP_PORT" and os.environ.get(variable(name), "").count(":"):
        message += (
            "; this looks like Kubernetes' link to a Service named `clearwater-http`:"
            " set `enableServiceLinks: false` in the pod or name the Service otherwise"
        )
    return Problem(message, path=variable(name))

"""user_agent: browser, operating system and device behind a User-Agent header."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from ua_parser import Domain, PartialResult
from ua_parser.loaders import load_lazy_builtins
from ua_parser.re2 import Resolver

from pipelines.shape import NULLABLE_STRING, Shape
from pipelines.strict_model import StrictModel
from pipelines.table import TableConfig

LONGEST = 1024
"""Characters of a User-Agent that are read; what follows tells no browser apart."""

FIELDS = ("browser", "version", "os", "os_version", "device")


class UserAgentOptions(StrictModel):
    """How User-Agent texts are read."""

    cache: int = Field(default=10_000, ge=0, le=1_000_000)
    """How many different texts are remembered."""


class UserAgentTable(TableConfig):
    """Looks a User-Agent up in the patterns of the uap-core project.

    A row has `browser`, `version`, `os`, `os_version` and `device`, each null where unknown; a
    text of which nothing is known has no row.
    """

    user_agent: UserAgentOptions
    """Options; `{}` for the defaults."""

    def load(self, folder: Path) -> UserAgents:
        del folder
        return UserAgents(self.user_agent.cache)


class UserAgents:
    """The uap-core patterns, matched in one linear pass (google-re2), with a cache."""

    row = Shape("object", fields=dict.fromkeys(FIELDS, NULLABLE_STRING))

    def __init__(self, cache: int) -> None:
        resolve = Resolver(load_lazy_builtins())

        @lru_cache(maxsize=cache)
        def read(text: str) -> dict[str, str | None] | None:
            return _row(resolve(text, Domain.ALL))

        self._read = read

    def lookup(self, key: object) -> object | None:
        """Return what is known of the browser, or None."""
        if not isinstance(key, str):
            return None
        row = self._read(key[:LONGEST])
        return None if row is None else row.copy()


def _row(found: PartialResult) -> dict[str, str | None] | None:
    agent, system, device = found.user_agent, found.os, found.device
    if agent is None and system is None and device is None:
        return None
    return {
        "browser": None if agent is None else agent.family,
        "version": None if agent is None else _version(agent.major, agent.minor, agent.patch),
        "os": None if system is None else system.family,
        "os_version": None if system is None else _version(system.major, system.minor),
        "device": None if device is None else device.family,
    }


def _version(*parts: str | None) -> str | None:
    return ".".join(part for part in parts if part) or None

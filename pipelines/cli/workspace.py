"""Workspace: a folder of declarations, checked and compiled, for every command that needs one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.declaration.check import check
from pipelines.declaration.project import Project, load, load_one
from pipelines.engine.plan import Plan
from pipelines.errors import ConfigError
from pipelines.keyring import FolderKeyring
from pipelines.runtime.assembly import Parts, assemble, parts_from
from pipelines.settings import Settings, load_settings
from pipelines.treatment import Keyring
from pipelines.wire.rehearsal import RehearsalRegistry


class TrialKeyring:
    """Keys made from their names: the same on every machine, for trials and tests only."""

    def key(self, name: str) -> bytes:
        """Return the key; there is always one."""
        return hashlib.sha256(b"clearwater trial key " + name.encode()).digest()


class _ReportedKeyring:
    """The keys of a folder; those that `check` reported as missing do not stop the compiler."""

    def __init__(self, keys: FolderKeyring, names: Collection[str]) -> None:
        self._keys = keys
        self._names = names

    def key(self, name: str) -> bytes:
        return self._keys.key(name) if name in self._names else TrialKeyring().key(name)


@dataclass(slots=True)
class Workspace:
    """One folder, loaded.

    Attributes:
        project: The declarations, with all problems.
        plans: The compiled pipelines, by name; those with errors are missing.
        parts: What they share.
        has_keys: A key folder is set; otherwise keys are made from their names.
    """

    project: Project
    plans: dict[str, Plan]
    parts: Parts
    has_keys: bool

    @classmethod
    def open(
        cls,
        path: Path,
        settings: Settings | None = None,
        *,
        registers: bool = False,
        tests: bool = False,
        parts: Parts | None = None,
    ) -> Workspace:
        """Load, check and compile a folder, or one pipeline file with what stands beside it.

        Problems are collected in the project.

        Args:
            path: The folder or file.
            settings: The process settings; read from the environment if absent.
            registers: Derived schemas are registered; otherwise the registry is only asked
                whether it would take them.
            tests: Of one pipeline file, load the tests beside it, too.
            parts: Registry and detectors of an earlier one, used again.

        Raises:
            ConfigError: There is no such path, no pipeline in it, or a setting is wrong.
        """
        settings = settings or load_settings()
        project = load(path) if path.is_dir() else load_one(path, tests=tests)
        names: Collection[str] | None = None
        keys: Keyring = TrialKeyring()
        if settings.keys is not None:
            folder_keys = FolderKeyring(settings.keys)
            names = folder_keys.names()
            keys = _ReportedKeyring(folder_keys, names)
        check(project, names)
        if parts is not None:
            parts = replace(parts, keys=keys)
        else:
            parts = parts_from(settings, project.folder, keys)
            if parts.registry is not None and not registers:
                parts = replace(parts, registry=RehearsalRegistry(parts.registry))
        return cls(project, assemble(project, parts), parts, settings.keys is not None)

    def sound(self) -> Workspace:
        """Return itself if nothing is wrong.

        Raises:
            ConfigError: Every error found.
        """
        if self.project.errors:
            raise ConfigError(self.project.errors)
        return self

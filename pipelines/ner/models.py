"""Models: the models that policies name, one process each, shared by all that name it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.errors import ConfigError
from pipelines.ner.process import ModelProcess


class Models:
    """Starts a model when a policy first asks for it; the same path is the same process."""

    def __init__(self) -> None:
        """Start nothing."""
        self._paths: Mapping[str, Path] = {}
        self._processes: dict[Path, ModelProcess] = {}

    def name(self, paths: Mapping[str, Path]) -> None:
        """Take the model's path of each policy; processes that none names any more end."""
        self._paths = dict(paths)
        for path in self._processes.keys() - set(self._paths.values()):
            self._processes.pop(path).close()

    def model(self, policy: str) -> ModelProcess:
        """Return the model that a policy names.

        Raises:
            ConfigError: It does not load.
        """
        path = self._paths.get(policy)
        if path is None:
            raise ConfigError(f"policy `{policy}` names no model")
        if path not in self._processes:
            self._processes[path] = ModelProcess(path)
        return self._processes[path]

    def close(self) -> None:
        """End every process."""
        self.name({})

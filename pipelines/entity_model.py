"""Entity model: the contract of a model that finds names in prose, such as spaCy's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipelines.detector import Finding
from pipelines.errors import ConfigError

Found = tuple[Finding, ...] | None
"""What stands in one text; None: the model did not answer, and the text may not leave."""


class EntityModel(Protocol):
    """Finds what a model was trained to find."""

    @property
    def labels(self) -> frozenset[str]:
        """Its labels, as it spells them: `PERSON`, `PER`, `GPE`."""

    def find(self, texts: Sequence[str]) -> list[Found]:
        """Return what stands in each text, by label; offsets in characters.

        Blocking, for a bounded time. Never raises: what cannot be read is None.
        """


class EntityModels(Protocol):
    """Where policies get their models from."""

    def model(self, policy: str) -> EntityModel:
        """Return the model that a policy names.

        Raises:
            ConfigError: It cannot be loaded.
        """


class NoModels:
    """Where nothing loads models."""

    def model(self, policy: str) -> EntityModel:
        """Refuse every policy that names one.

        Raises:
            ConfigError: Always.
        """
        raise ConfigError(f"policy `{policy}` names a model (`ner`), and none can be loaded here")

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.keyring import MemoryKeyring
from pipelines.treatment import TreatmentConfig

Treated = Callable[..., object]


@pytest.fixture(scope="session")
def keys() -> MemoryKeyring:
    return MemoryKeyring({"k": bytes(range(32)), "other": bytes(32)})


@pytest.fixture(scope="session")
def treated(keys: MemoryKeyring) -> Treated:
    """Return what a treatment makes of a value."""

    def treat(config: TreatmentConfig, value: object, name: str = "PII.X") -> object:
        return config.build(keys)(value, name)

    return treat

"""TreatmentConfig: the contract of everything that can stand in place of personal data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pipelines.shape import Shape
from pipelines.strict_model import StrictModel

Treat = Callable[[object, str], object]
"""`treat(value, name)`: what stands in its place, or `field_path.REMOVED` to take the field out.

`name` is the entity, tag or field rule that called for it. Raises RecordError where the
value cannot be treated; never lets a value through in doubt.
"""


class Keyring(Protocol):
    """Where treatments get their keys from."""

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of the key.

        Raises:
            ConfigError: There is no such key, with what to do.
        """


class TreatmentConfig(StrictModel):
    """One treatment as written: a mapping with one key, its verb. Subclasses: `treatments/`."""

    def build(self, keys: Keyring) -> Treat:
        """Return the function; called once, when a pipeline is compiled."""
        raise NotImplementedError

    def outcome(self, shape: Shape) -> Shape | None:
        """Return the shape that a field of `shape` has after the treatment.

        None where the treatment cannot be applied to such a field (Avro: refused at load).
        """
        raise NotImplementedError

    def keys_needed(self) -> tuple[str, ...]:
        """Return the names of the keys it needs."""
        return ()

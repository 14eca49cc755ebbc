"""redact: the kind of value stands in its place, nothing of the value."""

from __future__ import annotations

from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import Keyring, Treat, TreatmentConfig


class RedactOptions(StrictModel):
    """`redact` has no options."""


class Redact(TreatmentConfig):
    """Text becomes `<ENTITY>` (or the tag, or `<REDACTED>`); anything else becomes null."""

    redact: RedactOptions

    def sentence(self) -> str:
        known = "is replaced by its kind, `<REDACTED>` where that is not known"
        return f"{known}; a number or flag by null"

    def build(self, keys: Keyring) -> Treat:
        del keys
        return redact

    def outcome(self, shape: Shape) -> Shape | None:
        return shape if shape.nullable or shape.kind in ("string", "any", "null") else None


def redact(value: object, name: str) -> object:
    """Return `<name>` for text, None for anything else."""
    return f"<{name}>" if isinstance(value, str) else None

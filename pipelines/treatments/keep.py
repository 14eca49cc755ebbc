"""keep: the value stays as it is, on purpose."""

from __future__ import annotations

from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import Keyring, Treat, TreatmentConfig


class KeepOptions(StrictModel):
    """`keep` has no options."""


class Keep(TreatmentConfig):
    """The value stays as it is and is not scanned: for fields known to be public."""

    keep: KeepOptions

    def sentence(self) -> str:
        return "leaves as it is, unsearched"

    def build(self, keys: Keyring) -> Treat:
        del keys
        return lambda value, _: value

    def outcome(self, shape: Shape) -> Shape | None:
        return shape

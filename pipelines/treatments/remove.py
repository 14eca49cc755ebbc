"""remove: the field is taken out."""

from __future__ import annotations

from pipelines.field_path import REMOVED
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import Keyring, Treat, TreatmentConfig


class RemoveOptions(StrictModel):
    """`remove` has no options."""


class Remove(TreatmentConfig):
    """The field is taken out; of a finding in text, its characters."""

    remove: RemoveOptions

    def sentence(self) -> str:
        return "is taken out"

    def build(self, keys: Keyring) -> Treat:
        del keys
        return lambda _, __: REMOVED

    def outcome(self, shape: Shape) -> Shape | None:
        return shape

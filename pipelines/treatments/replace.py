"""replace: a fixed text stands in place of the value."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import EachScalar, Keyring, Treat, TreatmentConfig, text_only


class ReplaceOptions(StrictModel):
    """What stands in place."""

    with_: Annotated[str, StringConstraints(max_length=200), Field(alias="with")]
    """The text; `{entity}` in it is the finding's entity type, the tag, or REDACTED."""


class Replace(TreatmentConfig):
    """A fixed text stands in place of each value."""

    replace: ReplaceOptions

    def sentence(self) -> str:
        kind = ", with its kind in place of `{entity}`" if "{entity}" in self.replace.with_ else ""
        return f"is replaced by `{self.replace.with_}`{kind}"

    def build(self, keys: Keyring) -> Treat:
        del keys
        text = self.replace.with_
        if "{entity}" not in text:
            return EachScalar(lambda _, __: text)
        return EachScalar(lambda _, name: text.replace("{entity}", name))

    def outcome(self, shape: Shape) -> Shape | None:
        return text_only(shape)

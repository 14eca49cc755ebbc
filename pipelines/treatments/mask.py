"""mask: characters become stars, some may stay to recognise the value by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from pipelines.canonical_text import canonical_text
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import EachScalar, Keyring, Treat, TreatmentConfig, text_only

_SHAPE = " -./()@+_:"


class MaskOptions(StrictModel):
    """What stays."""

    keep_first: Annotated[int, Field(ge=0, le=20)] = 0
    """Characters that stay at the beginning."""
    keep_last: Annotated[int, Field(ge=0, le=20)] = 0
    """Characters that stay at the end."""
    keep_shape: bool = False
    """Spaces and ` - . / ( ) @ + _ : ` stay and are not counted."""
    char: Annotated[str, StringConstraints(min_length=1, max_length=1)] = "*"
    """What stands in place of each other character."""


class Mask(TreatmentConfig):
    """Each character becomes `*`, but for some at the ends; at least half are always masked."""

    mask: MaskOptions

    def sentence(self) -> str:
        options = self.mask
        ends = [
            f"the {which} {count}"
            for which, count in (("first", options.keep_first), ("last", options.keep_last))
            if count
        ]
        stays = f" but {' and '.join(ends)}" if ends else ""
        return f"every character{stays} becomes `{options.char}`"

    def build(self, keys: Keyring) -> Treat:
        del keys
        options = self.mask
        first, last, char = options.keep_first, options.keep_last, options.char

        def plain(value: object, _: str) -> object:
            text = value if isinstance(value, str) else canonical_text(value)
            hidden = len(text) - first - last
            if hidden * 2 < len(text):  # too short to show so much of it
                return char * len(text)
            return text[:first] + char * hidden + text[len(text) - last :]

        shape = _SHAPE.replace(char, "")  # so that masking twice is masking once

        def shaped(value: object, name: str) -> object:
            text = value if isinstance(value, str) else canonical_text(value)
            masked = iter(str(plain("".join([one for one in text if one not in shape]), name)))
            return "".join([one if one in shape else next(masked) for one in text])

        return EachScalar(shaped if options.keep_shape else plain)

    def outcome(self, shape: Shape) -> Shape | None:
        return text_only(shape)

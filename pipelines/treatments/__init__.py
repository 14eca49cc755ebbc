"""What stands in place of personal data.  Add one: write its file, list it here."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Tag

from pipelines.treatment import TreatmentConfig
from pipelines.treatments.hash import Hash
from pipelines.treatments.keep import Keep
from pipelines.treatments.mask import Mask
from pipelines.treatments.redact import Redact
from pipelines.treatments.remove import Remove
from pipelines.treatments.replace import Replace
from pipelines.treatments.tokenize import Tokenize

TREATMENTS: tuple[type[TreatmentConfig], ...] = (
    Redact, Replace, Mask, Hash, Tokenize, Remove, Keep,
)  # fmt: skip
"""Every treatment, in the order of the documentation."""


def treatment(written: Any) -> str:
    """Return which treatment was written: its one key."""
    return written.verb if isinstance(written, TreatmentConfig) else str(*written)


def _one_verb(written: object) -> object:
    is_treatment = isinstance(written, TreatmentConfig)
    if not is_treatment and not (isinstance(written, dict) and len(written) == 1):
        message = "a treatment is one verb with its options: such as `{redact: {}}`"
        raise ValueError(message)
    return written


AnyTreatment = Annotated[
    Annotated[Redact, Tag("redact")]
    | Annotated[Replace, Tag("replace")]
    | Annotated[Mask, Tag("mask")]
    | Annotated[Hash, Tag("hash")]
    | Annotated[Tokenize, Tag("tokenize")]
    | Annotated[Remove, Tag("remove")]
    | Annotated[Keep, Tag("keep")],
    Discriminator(treatment),
    BeforeValidator(_one_verb),
]
"""Any treatment a declaration may name: a mapping with one key. This union is the registry."""

__all__ = ["TREATMENTS", "AnyTreatment"]

"""What a privacy policy and a pipeline's `privacy` block may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, model_validator
from pydantic import Tag as Form

from pipelines.detectors.phone import KNOWN_REGIONS
from pipelines.field_path import FieldPath
from pipelines.privacy.own_detector import OwnDetector
from pipelines.strict_model import StrictModel
from pipelines.treatments import AnyTreatment

Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.:-]*$")]
Entity = Annotated[str, StringConstraints(pattern=r"^([A-Z][A-Z0-9_]*|default)$")]
DetectorName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
if TYPE_CHECKING:
    Region = str
else:  # more than one would write down
    Region = Literal[KNOWN_REGIONS]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]


class Allow(StrictModel):
    """Let untagged fields through unscanned; needs its reason."""

    allow: Why
    """Why that is right, for the auditor."""


class ScanNothing(StrictModel):
    """Scan no text; needs its reason."""

    nothing: Why
    """Why that is right, for the auditor."""


def _form(written: object) -> str:
    """Return which form of a value was written: a word, a list or an object with a reason."""
    if isinstance(written, str):
        return "word"
    return "list" if isinstance(written, list | tuple) else "reason"


Unclassified = Annotated[
    Annotated[Literal["scan", "deny"], Form("word")] | Annotated[Allow, Form("reason")],
    Discriminator(_form),
]
Scanned = Annotated[
    Annotated[Literal["everything"], Form("word")]
    | Annotated[tuple[FieldPath, ...], Form("list")]
    | Annotated[ScanNothing, Form("reason")],
    Discriminator(_form),
]


class Policy(StrictModel):
    """One privacy policy, shared by pipelines: tag to treatment, finding to treatment."""

    policy: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    """Name that pipelines refer to."""
    treat: dict[Tag, AnyTreatment] = Field(default_factory=dict)
    """Treatment by tag; the most specific tag wins (`PII.EMAIL` over `PII`)."""
    unclassified: Unclassified = "scan"
    """What happens to fields no rule names: `scan` their text, `deny` takes them out, or
    `{allow: why}` lets them leave as they are."""
    detectors: dict[DetectorName, OwnDetector] = Field(default_factory=dict)
    """Own detectors by name, beside those that Clearwater has."""
    phone_regions: tuple[Region, ...] = ()
    """Countries whose telephone numbers are understood without a country code, such as `[US, DE]`:
    codes of ISO 3166 (`GB`, not `UK`). In place of the usual ones; with a `+` all are found."""
    ner: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    """Folder of a spaCy model, or of a token classifier in ONNX with its `tokenizer.json` and
    `config.json`, relative to the policy's: it finds people and places in prose, in a process of
    its own. A text it gives no answer for does not leave. Needs `clearwater[ner]`, or for ONNX
    `clearwater[onnx]`."""
    found: dict[Entity, AnyTreatment] = Field(default_factory=dict)
    """Treatment of what detectors find in text, by entity type; `default` for all others."""


class Privacy(StrictModel):
    """What happens to personal data in one pipeline before anything leaves."""

    policy: str | None = None
    """Name of a shared policy; none: every finding is replaced by its entity type."""
    fields: dict[FieldPath, AnyTreatment] = Field(default_factory=dict)
    """Treatment by path; paths win over tags, and no two may treat one field."""
    key: AnyTreatment | None = None
    """Treatment of the record key; its text is scanned otherwise."""
    headers: dict[str, AnyTreatment] = Field(default_factory=dict)
    """Treatment by header name; the others' text is scanned."""
    scan: Scanned = "everything"
    """Which text is scanned: everything, some paths (key and headers always), or nothing."""
    bytes: Annotated[Why | None, Field()] = None
    """Why bytes that are no text may pass unscanned, as whole values (`value: bytes`) or in fields.

    Without it they are refused.
    """
    destinations: dict[str, str] = Field(default_factory=dict)
    """Another policy for some destinations: topic to policy name."""

    @model_validator(mode="after")
    def _paths_are_not_empty(self) -> Self:
        if self.scan == ():
            message = "scan names no path: write `everything`, paths, or `{nothing: reason}`"
            raise ValueError(message)
        return self

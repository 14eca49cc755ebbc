"""What can happen to a record.  Add one: write its file, list it here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.step import StepConfig
from pipelines.steps.cast import Cast
from pipelines.steps.delay import Delay
from pipelines.steps.drop import Drop
from pipelines.steps.enrich import Enrich
from pipelines.steps.keep import Keep
from pipelines.steps.parse import Parse
from pipelines.steps.remove import Remove
from pipelines.steps.rename import Rename
from pipelines.steps.route import Route
from pipelines.steps.sample import Sample
from pipelines.steps.set import Set
from pipelines.steps.throttle import Throttle

AnyStep = Annotated[
    Drop | Keep | Remove | Set | Rename | Cast | Parse | Sample | Route | Enrich | Delay | Throttle,
    Field(discriminator="step"),
]
"""Any step a declaration may name. This union is the registry."""

STEPS: tuple[type[StepConfig], ...] = (
    Drop, Keep, Remove, Set, Rename, Cast, Parse, Sample, Route, Enrich, Delay, Throttle,
)  # fmt: skip
"""Every step, in the order of the documentation."""

__all__ = ["STEPS", "AnyStep"]

"""What can happen to a record.  Add one: write its file, list it here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.step import StepConfig
from pipelines.steps.drop import Drop
from pipelines.steps.route import Route

AnyStep = Annotated[Drop | Route, Field(discriminator="step")]
"""Any step a declaration may name. This union is the registry."""

STEPS: tuple[type[StepConfig], ...] = (Drop, Route)
"""Every step, in the order of the documentation."""

__all__ = ["STEPS", "AnyStep"]

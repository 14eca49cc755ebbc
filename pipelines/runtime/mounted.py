"""Mounted: pipelines that run in a Faust app of one's own, as its owner sees them."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.runtime.health import PipelineHealth
from pipelines.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Mounted:
    """Pipelines that run in an app of one's own.

    Attributes:
        metrics: Of the pipelines; `exposition()` is what a `/metrics` page answers.
        health: Why a pipeline is stopped or degraded, by name.
    """

    metrics: Metrics
    health: dict[str, PipelineHealth]

"""Pages of what operators meet: settings and metrics."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.reference.page import Page
from pipelines.settings import Settings, variable
from pipelines.telemetry import catalogue
from pipelines.telemetry.catalogue import Declared


def pages() -> Iterator[Page]:
    """Yield a page for each setting and metric."""
    for name, field in Settings.model_fields.items():
        told = (field.description or "").strip()
        option = name.replace("_", "-")
        shown = field.get_default(call_default_factory=False)
        if isinstance(shown, tuple):
            shown = ", ".join(shown) or None
        default = "none" if shown is None else f"`{shown}`"
        body = f"Default: {default}. As an option of `clearwater run`: `--{option}`."
        yield Page("setting", variable(name), " ".join(told.split()), body)
    metrics = [one for one in vars(catalogue).values() if isinstance(one, Declared)]
    for metric in sorted(metrics, key=lambda one: one.name):
        labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
        body = f"A {metric.kind} in {metric.unit}. Labels: {labels}."
        yield Page("metric", metric.name, metric.meaning, body)

"""Door: what stands behind a pipeline's last step for those who look on, before the gate."""

from __future__ import annotations

from pipelines.engine.variant import CompiledStep
from pipelines.shape import Shape
from pipelines.step import Resources, StepConfig, Transform

DOOR = "gate"
"""The id under which records meet it."""


class _Door(StepConfig):
    """A step that nobody declares, and that changes nothing."""

    def build(self, resources: Resources) -> Transform:
        """Return a step that lets every record by."""
        del resources
        return lambda _: None

    def sentence(self) -> str:
        """Return what it does: nothing."""
        return "nothing"


def door(looks: Transform, shape: Shape) -> CompiledStep:
    """Return a last step that shows each record that comes to the gate.

    Args:
        looks: Is shown the records; changes none and ends none.
        shape: The value's shape after all steps.
    """
    return CompiledStep(DOOR, None, looks, _Door(id=DOOR), (), shape)

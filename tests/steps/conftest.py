from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.shape import ANY, Shape
from pipelines.step import Ended, Expression, Running, Scope, StepConfig
from pipelines.table import Table


@dataclass
class Bench:
    """Builds and runs one step: expressions and tables are what the test says they are."""

    expressions: dict[str, Expression] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    reads: dict[str, list[FieldPath]] = field(default_factory=dict)
    running: Running = field(default_factory=Running)

    def expression(self, text: str, step_id: str) -> Expression:
        assert step_id
        return self.expressions[text]

    def shape_of(self, text: str) -> Shape:
        return self.shapes.get(text, ANY)

    def run(self, step: StepConfig, value: Any, **record: Any) -> Ended | Record:
        """Return the record after the step, or how it ended."""
        incoming = Record(value, **record)
        return step.build(self)(incoming) or incoming

    def value_after(self, step: StepConfig, value: Any) -> Any:
        outcome = self.run(step, value)
        assert isinstance(outcome, Record)
        return outcome.value

    def scope(self, shape: Shape) -> Scope:
        rows: Mapping[str, Shape] = {name: table.row for name, table in self.tables.items()}
        return Scope(shape, rows, self.shape_of, lambda text: self.reads.get(text, []))


@pytest.fixture
def bench() -> Bench:
    return Bench()

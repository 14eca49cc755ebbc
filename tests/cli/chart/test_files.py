from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.chart.files import Value, chart_files, walk
from pipelines.cli.chart.values import Values

CHART = Path(__file__).parents[3] / "helm" / "clearwater"


def test_the_committed_files_of_the_chart_are_current() -> None:
    made = chart_files(CHART)
    stale = [name for name, text in made.items() if (CHART / name).read_text("utf-8") != text]
    assert stale == [], "python -m pipelines.cli.chart.files helm/clearwater"


@pytest.mark.parametrize("value", list(walk(Values())), ids=lambda one: ".".join(one.path))
def test_every_value_says_what_it_is(value: Value) -> None:
    assert value.meaning.endswith((".", ":", "`"))

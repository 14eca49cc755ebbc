from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from pipelines.fate import Fate
from pipelines.step import Ended
from pipelines.steps.drop import Drop

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def test_a_dropped_record_ends_with_its_reason(bench: Bench) -> None:
    assert bench.run(Drop(id="d", reason="noise"), {}) == Ended(Fate.DROPPED, "noise")


@pytest.mark.parametrize("reason", ["", "Has Blanks", "9lives", "a" * 41])
def test_a_reason_is_fit_to_be_a_metric_label(reason: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Drop(id="d", reason=reason)

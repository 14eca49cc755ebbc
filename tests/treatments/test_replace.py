from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from pipelines.treatments.replace import Replace

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        pytest.param("gone", "Ada", "gone", id="text"),
        pytest.param("<{entity}>", "Ada", "<PII.X>", id="with the name of what called for it"),
        pytest.param("{entity}/{entity}", "Ada", "PII.X/PII.X", id="twice"),
        pytest.param("{0}{other}", "Ada", "{0}{other}", id="other braces are text"),
        pytest.param("", "Ada", "", id="nothing"),
        pytest.param("x", 5, "x", id="a number"),
        pytest.param("x", False, "x", id="a flag"),
        pytest.param("x", ["a", {"b": 1}], ["x", {"b": "x"}], id="each value inside"),
        pytest.param("x", {"a": None}, {"a": None}, id="null stays null"),
    ],
)
def test_a_fixed_text_stands_in_place(
    treated: Treated, text: str, before: object, after: object
) -> None:
    assert treated(Replace.model_validate({"replace": {"with": text}}), before) == after


def test_without_a_text_it_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"replace\.with"):
        Replace.model_validate({"replace": {}})

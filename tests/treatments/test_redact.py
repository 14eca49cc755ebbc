from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.shape import ANY, NULLABLE_STRING, STRING, Shape
from pipelines.treatments.redact import Redact, RedactOptions

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated

REDACT = Redact(redact=RedactOptions())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Ada", "<PII.X>", id="text becomes the name of what called for it"),
        pytest.param("", "<PII.X>", id="empty text as well"),
        pytest.param(5, None, id="a number"),
        pytest.param(True, None, id="a flag"),
        pytest.param(["Ada"], None, id="a list"),
        pytest.param({"name": "Ada"}, None, id="an object"),
        pytest.param(b"Ada", None, id="bytes"),
        pytest.param(None, None, id="null"),
    ],
)
def test_nothing_of_the_value_stays(treated: Treated, before: object, after: object) -> None:
    assert treated(REDACT, before) == after


@pytest.mark.parametrize(
    ("shape", "fits"),
    [
        pytest.param(STRING, True, id="text stays text"),
        pytest.param(NULLABLE_STRING, True, id="text or null"),
        pytest.param(ANY, True, id="anything"),
        pytest.param(Shape("int", nullable=True), True, id="a number or null"),
        pytest.param(Shape("int"), False, id="a number that cannot be null"),
        pytest.param(Shape("list", items=STRING), False, id="a list that cannot be null"),
    ],
)
def test_it_fits_where_text_or_null_may_stand(shape: Shape, *, fits: bool) -> None:
    assert REDACT.outcome(shape) == (shape if fits else None)

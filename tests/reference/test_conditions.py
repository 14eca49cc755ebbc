from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.condition import Given, compile_expression
from pipelines.condition.build import MACROS
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.given import GIVEN
from pipelines.condition.values import Optional
from pipelines.record import Record
from pipelines.reference import functions
from pipelines.reference.conditions import FUNCTIONS_TOLD, pages
from pipelines.shape import ANY, STRING, Shape

RECORD = Record({"name": "Ada"})


class Countries:
    row = Shape("object", fields={"name": STRING})

    def lookup(self, key: object) -> object | None:
        return {"name": "Germany"} if key == "DE" else None


HANDED_IN = Given(
    tables={"countries": Countries()},
    entities=("EMAIL_ADDRESS",),
    finds=lambda text, _: "@" in text,
    now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
)


def test_every_function_and_macro_is_told() -> None:
    assert set(FUNCTIONS_TOLD) == {*FUNCTIONS, *GIVEN, "has"}
    assert set(functions.MACROS) == {*MACROS, "cel.bind"}


@pytest.mark.parametrize("name", [*FUNCTIONS_TOLD, *functions.MACROS])
def test_its_example_has_the_value_that_is_told(name: str) -> None:
    _, example, value = {**FUNCTIONS_TOLD, **functions.MACROS}[name]
    found, told = (
        compile_expression(text, "page", ANY, given=HANDED_IN)(RECORD) for text in (example, value)
    )
    assert found == told
    assert type(found) is type(told)
    assert not isinstance(found, Optional)


def test_the_page_of_the_language_lists_all_functions_limits_and_differences() -> None:
    page = next(one for one in pages() if one.name == "conditions")
    for words in ("`glob`", "`transformMapEntry`", "1000000 units", "the sign of NaN", "80 levels"):
        assert words in page.markdown


def test_a_function_s_page_says_what_it_takes_and_gives() -> None:
    page = next(one for one in pages() if one.name == "indexOf")
    assert "Takes string, string, int (may be left out); gives int." in page.markdown
    assert "'abcb'.indexOf('b', 2)" in page.markdown

from __future__ import annotations

import pytest

from pipelines.condition import check, compile_condition
from pipelines.condition.error import CelError
from pipelines.condition.limits import MAX_DEPTH
from pipelines.condition.parse import parse
from pipelines.record import Record
from pipelines.shape import ANY


@pytest.mark.parametrize(
    "text",
    [
        " || ".join(f"message.n == {number}" for number in range(400)),
        "!(" + " && ".join(f"message.n != {number}" for number in range(400)) + ")",
        f"message.n in {list(range(1500))}",
        "message.n in {" + ", ".join(f"{number}: 1" for number in range(700)) + "}",
        "+".join(["0"] * (MAX_DEPTH - 10)) + " + message.n == 399",
    ],
    ids=["or", "and", "list", "map", "sum"],
)
def test_what_is_long_and_flat_is_no_deeper_for_it(text: str) -> None:
    assert compile_condition(text, "s", ANY)(Record({"n": 399})) is True


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "1" + ")" * 200,
        "+".join(["1"] * 2000),
        "message" + ".a" * 2000,
        "!" * 500 + "true",
        "- " * 500 + "message.n",
        "true ? 1 : " * 500 + "1",
        "message" + "[0]" * 500,
        "message" + ".map(x, x)" * 500,
    ],
    ids=["brackets", "sum", "fields", "nots", "minuses", "choices", "indexes", "macros"],
)
def test_what_is_too_deep_is_refused_in_words(text: str) -> None:
    with pytest.raises(CelError, match=f"nested deeper than {MAX_DEPTH} levels"):
        check(text, ANY)


def test_text_has_a_limit() -> None:
    with pytest.raises(CelError, match="longer than"):
        parse("1" * 20_000)

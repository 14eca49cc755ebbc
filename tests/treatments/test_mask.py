from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.keyring import MemoryKeyring
from pipelines.treatments.mask import Mask

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated

OPTIONS = st.fixed_dictionaries(
    {
        "keep_first": st.integers(0, 20),
        "keep_last": st.integers(0, 20),
        "keep_shape": st.booleans(),
        "char": st.sampled_from("*-. ") | st.characters(codec="utf-8"),
    }
)


def mask(**options: Any) -> Mask:
    return Mask.model_validate({"mask": options})


@pytest.mark.parametrize(
    ("options", "before", "after"),
    [
        pytest.param({}, "Ada", "***", id="every character"),
        pytest.param({}, "", "", id="none"),
        pytest.param({"char": "#"}, "Ada", "###", id="another character"),
        pytest.param({"keep_last": 4}, "4111111111111111", "************1111", id="but the last"),
        pytest.param({"keep_first": 2}, "DE8937040044", "DE**********", id="but the first"),
        pytest.param({"keep_first": 1, "keep_last": 2}, "abcdefgh", "a*****gh", id="but both ends"),
        pytest.param({"keep_last": 4}, "12345678", "****5678", id="half is masked"),
        pytest.param({"keep_last": 4}, "1234567", "*******", id="too short to show any"),
        pytest.param(
            {"keep_last": 4, "keep_shape": True},
            "4111-1111 1111.1111",
            "****-**** ****.1111",
            id="the shape stays",
        ),
        pytest.param(
            {"keep_first": 1, "keep_shape": True}, "ada@example.com", "a**@*******.***", id="e-mail"
        ),
        pytest.param({"keep_shape": True}, "é#-ß", "**-*", id="other signs are no shape"),
        pytest.param({}, 4111, "****", id="a number"),
        pytest.param({}, True, "****", id="a flag"),
        pytest.param({}, Decimal("1.50"), "****", id="a decimal"),
        pytest.param({}, date(2026, 3, 2), "**********", id="a date"),
        pytest.param({}, ["ab", {"c": "d"}], ["**", {"c": "*"}], id="each value inside"),
        pytest.param({}, None, None, id="null stays null"),
    ],
)
def test_characters_are_masked(
    treated: Treated, options: dict[str, Any], before: object, after: object
) -> None:
    assert treated(mask(**options), before) == after


@given(OPTIONS, st.text())
def test_the_length_stays_and_half_is_masked(options: dict[str, Any], text: str) -> None:
    masked = mask(**options).build(MemoryKeyring({}))(text, "X")

    assert isinstance(masked, str)
    assert len(masked) == len(text)
    if not options["keep_shape"]:
        hidden = sum(one == options["char"] for one in masked)
        assert 2 * hidden >= len(text)


@given(OPTIONS, st.text("0123456789abc -."))
def test_the_shape_stays_where_it_shall(options: dict[str, Any], text: str) -> None:
    masked = mask(**{**options, "keep_shape": True}).build(MemoryKeyring({}))(text, "X")

    for before, after in zip(text, str(masked), strict=True):
        assert before not in " -." or after in (before, options["char"])


@given(OPTIONS, st.text())
def test_masking_twice_is_masking_once(options: dict[str, Any], text: str) -> None:
    treat = mask(**options).build(MemoryKeyring({}))
    once = treat(text, "X")

    assert treat(once, "X") == once


def test_a_sign_of_the_shape_that_masks_is_not_taken_for_shape() -> None:
    treat = mask(keep_first=1, keep_shape=True, char="-").build(MemoryKeyring({}))
    once = treat("ab-cd", "X")

    assert once == "a----"
    assert treat(once, "X") == once


@pytest.mark.parametrize(
    "options", [{"keep_last": -1}, {"keep_first": 21}, {"char": ""}, {"char": "**"}, {"keep": 4}]
)
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        mask(**options)

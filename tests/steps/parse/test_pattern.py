from __future__ import annotations

import pytest

from pipelines.field_path import MISSING
from pipelines.steps.parse.pattern import pattern_format


@pytest.mark.parametrize(
    ("pattern", "text", "fields"),
    [
        pytest.param(r"(?P<n>\d+)", "ab 12 cd 34", {"n": "12"}, id="the first place it is found"),
        pytest.param(r"^(?P<n>\d+)$", "ab 12", MISSING, id="tied to the ends"),
        pytest.param(r"(?P<a>x)|(?P<b>y)", "y", {"a": None, "b": "y"}, id="a group not taken"),
        pytest.param(r"(?P<a>x*)y", "y", {"a": ""}, id="a group that is empty"),
        pytest.param(r"(?P<a>.)é(\w)(?P<b>.)", "üéxß", {"a": "ü", "b": "ß"}, id="beyond ASCII"),
        pytest.param(r"(?P<a>a)", "", MISSING, id="an empty text"),
    ],
)
def test_named_groups_become_fields(pattern: str, text: str, fields: object) -> None:
    assert pattern_format(pattern).read(text, 0) == fields


def test_a_lone_surrogate_is_text_without_a_match() -> None:
    assert pattern_format("(?P<a>x)").read("\ud800", 0) is MISSING


@pytest.mark.parametrize("pattern", ["(", "(?P<a>x){1001}", "(?P<a>.)(?!b)"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no RE2 pattern: "):
        pattern_format(pattern)

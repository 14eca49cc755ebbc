from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pipelines.detector import Detector
from pipelines.errors import RecordError
from pipelines.field_path import REMOVED, FieldPath
from pipelines.privacy.cleaner import Cleaner, Findings
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH
from pipelines.treatment import Treat
from tests.support.gated import SCAN

PAIR = Detector("pair", "PAIR", "ab", "made up", examples=("ab",), counterexamples=("ba",))
MAIL = "ada@example.com"


def cleaned(value: Any, treats: dict[str, tuple[str, Treat]] | None = None, **more: Any) -> Any:
    cleaner = Cleaner(Scan([PAIR]), treats or {})
    return cleaner.cleaned(value, more.pop("findings", Counter()), **more)


def test_what_comes_together_when_something_is_removed_is_removed_too() -> None:
    remove: dict[str, tuple[str, Treat]] = {"PAIR": ("remove", lambda _, __: REMOVED)}

    assert cleaned("xaabby", remove) == "xy"


def test_what_comes_together_without_end_is_replaced_whole() -> None:
    remove: dict[str, tuple[str, Treat]] = {"PAIR": ("remove", lambda _, __: REMOVED)}

    assert cleaned("x" + "a" * 100 + "b" * 100, remove) == "<PAIR>"


def test_what_a_treatment_wrote_is_not_treated_again() -> None:
    findings: Findings = Counter()
    double: dict[str, tuple[str, Treat]] = {"PAIR": ("replace", lambda _, __: "ab.ab")}

    assert cleaned("x ab y", double, findings=findings) == "x ab.ab y"
    assert findings == {("PAIR", "replace"): 1}


def test_half_of_what_a_treatment_wrote_is_no_shelter() -> None:
    half: dict[str, tuple[str, Treat]] = {"PAIR": ("replace", lambda _, __: "a")}

    assert cleaned("abb", half) == "a"


def test_a_treatment_that_changes_nothing_leaves_the_very_text() -> None:
    keep: dict[str, tuple[str, Treat]] = {"default": ("keep", lambda value, _: value)}
    findings: Findings = Counter()
    value = {"a": ["x ab"]}

    assert cleaned(value, keep, findings=findings) is value
    assert findings == {("PAIR", "keep"): 1}


def test_the_fields_that_a_rule_treated_are_passed_over_but_for_keys() -> None:
    treated = FieldTree.of([(FieldPath("t").segments, "mask"), (FieldPath("k").segments, "keep")])
    value = {"t": {"ab": ["ab"]}, "k": {"ab": "ab"}, "o": "ab"}

    assert cleaned(value, treated=treated) == {
        "t": {"<PAIR>": ["ab"]}, "k": {"ab": "ab"}, "o": "<PAIR>",
    }  # fmt: skip


def test_keys_treated_alike_are_told_apart_whatever_is_there() -> None:
    assert cleaned({"ab": 1, "<PAIR>": 2, "<PAIR>_2": 3}) == {
        "<PAIR>": 1, "<PAIR>_2": 2, "<PAIR>_2_2": 3,
    }  # fmt: skip


@pytest.mark.parametrize("treated", [None, FieldTree("mask")], ids=["", "treated by a rule"])
@pytest.mark.parametrize("kind", ["list", "object"])
def test_too_deep_a_value_is_refused(treated: FieldTree | None, kind: str) -> None:
    value: Any = 5
    for _ in range(MAX_DEPTH):
        value = [value] if kind == "list" else {"a": value}

    assert cleaned(value, treated=treated) is value
    with pytest.raises(RecordError) as failure:
        cleaned([value], treated=treated)
    assert failure.value.code == "too_deep"


def test_names_are_context() -> None:
    cleaner = Cleaner(SCAN, {})
    number = "4155550133"

    assert cleaner.cleaned({"order": number}, Counter()) == {"order": number}
    assert cleaner.cleaned({"phone": [number]}, Counter()) == {"phone": ["<PHONE_NUMBER>"]}
    assert cleaner.cleaned(number, Counter(), "phone") == "<PHONE_NUMBER>"


def test_texts_known_to_hold_nothing_are_not_kept_without_end() -> None:
    cleaner = Cleaner(SCAN, {})
    for number in range(20_000):
        cleaner.cleaned(f"word {number}", Counter())

    assert len(cleaner._clean_texts) <= 8192


def test_long_texts_are_not_remembered() -> None:
    cleaner = Cleaner(SCAN, {})
    cleaner.cleaned("x" * 1000, Counter())

    assert not cleaner._clean_texts

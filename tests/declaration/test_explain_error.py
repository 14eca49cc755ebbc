from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.declaration.project import load
from tests.support.declared import GOOD, POLICY

TESTS = "tests:\n  - id: a\n    given: {value: {a: 1}}\n    expect: []\n"


def told_of(folder: Path, pipeline: str, policy: str, tests: str) -> str:
    (folder / "orders.yaml").write_text(pipeline)
    (folder / "policy.yaml").write_text(policy)
    (folder / "orders.test.yaml").write_text(tests)
    return "\n".join(f"{one.message} {one.fix}" for one in load(folder).problems)


@pytest.mark.parametrize(
    ("tests", "what", "fix"),
    [
        ("fate: droped", "no such choice: `droped`", "did you mean `dropped`?"),
        ("now: 2026-01-01", "a time has a date, an hour and a zone", "such as 2026-03-02T08:"),
        ("now: noon", "a time has a date, an hour and a zone", "such as 2026-03-02T08:"),
        ("expects: []", "unknown key `expects`", "did you mean `expect`?"),
    ],
)
def test_what_is_wrong_in_a_test_is_told(tmp_path: Path, tests: str, what: str, fix: str) -> None:
    told = told_of(tmp_path, GOOD, POLICY, f"{TESTS}    {tests}\n")
    assert what in told
    assert fix in told


def test_a_record_given_bare_goes_below_value(tmp_path: Path) -> None:
    told = told_of(tmp_path, GOOD, POLICY, TESTS.replace("{value: {a: 1}}", "{test: 1}"))
    assert "what a record holds goes below `value`: {value: {…}}" in told
    assert "did you mean" not in told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("value: json", "value: JSON", "no such choice: `JSON`"),
        ("value: json", "value: JSON", "did you mean `json`?"),
        ("value: json", "value:json", "write a space behind the colon: `value: json`"),
        ("value: json", "value: [json]", "no such choice; known: json, avro, text, bytes"),
    ],
)
def test_what_is_wrong_in_a_pipeline_is_told(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    assert before in GOOD
    assert told in told_of(tmp_path, GOOD.replace(before, after), POLICY, TESTS)


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("treat: {PII: redact}", "one verb with its options: such as `{redact: {}}`"),
        ("treat: [PII]", "write a mapping: `{key: value}`"),
        ("unclassified: allow", "write `unclassified: {allow: why}`"),
        ("unclassified: scann", "did you mean `scan`?"),
    ],
)
def test_what_is_wrong_in_a_policy_is_told(tmp_path: Path, policy: str, told: str) -> None:
    written = f"policy: default\n{policy}\n"
    assert told in told_of(tmp_path, GOOD, written, TESTS)

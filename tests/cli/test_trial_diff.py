from __future__ import annotations

from pathlib import Path

from pipelines.cli.trial_diff import changes, differing
from tests.support.planned import plan_of, raw

RECORDS = [
    (0, raw(b'{"a": 1, "b": {"mail": "ada@example.com"}}', offset=0)),
    (1, raw(b'{"a": 9, "b": {}}', offset=7)),
]


def test_nothing_differs_between_a_plan_and_itself(tmp_path: Path) -> None:
    assert list(changes(plan_of(tmp_path), plan_of(tmp_path), RECORDS)) == []


def test_a_fate_a_field_and_a_destination_that_differ_are_told(tmp_path: Path) -> None:
    old = plan_of(tmp_path)
    drop = "steps: [{step: drop, id: big, when: message.a > 5, reason: too_big},"
    route = "{step: set, id: s, field: b.c, value: '2'}, {step: route, id: r, to: other}]\n"
    found = list(changes(old, plan_of(tmp_path, f"{drop} {route}"), RECORDS))
    assert [one.place for one in found] == ["0@0", "1@7"]
    assert found[0].told == ("clean: leaves here no more", "other: leaves here now")
    assert found[1].told == (
        "published (publish) → dropped (big: too_big)",
        "clean: leaves here no more",
    )


def test_values_that_differ_are_told_with_their_path_and_only_clean(tmp_path: Path) -> None:
    new = plan_of(tmp_path, "privacy: {fields: {b.mail: {mask: {}}}}\n")
    (found,) = changes(plan_of(tmp_path), new, RECORDS)
    assert found.told == ('value.b.mail: "<EMAIL_ADDRESS>" → "***************"',)


def test_what_is_absent_on_one_side_differs() -> None:
    assert [path for path, _, _ in differing({"a": [1, 2]}, {"a": [1, True], "b": 0}, "v")] == [
        "v.a[1]",
        "v.b",
    ]
    assert list(differing([1], [1, 2], "v")) == [("v", [1], [1, 2])]

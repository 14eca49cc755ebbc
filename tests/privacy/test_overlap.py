from __future__ import annotations

import pytest

from pipelines.field_path import FieldPath
from pipelines.privacy.overlap import covers, meet


@pytest.mark.parametrize(
    ("outer", "path", "is_covered", "do_meet"),
    [
        ("a", "a", True, True),
        ("a", "a.b", True, True),
        ("a.b", "a", False, True),
        ("a", "b", False, False),
        ("a.b", "a.c", False, False),
        ("a[*]", "a[0]", True, True),
        ("a[0]", "a[*]", False, True),
        ("a[0]", "a[1]", False, False),
        ("m.*.b", "m.x.b.c", True, True),
        ("m.x", "m.*", False, True),
    ],
)
def test_a_path_covers_what_lies_in_it_and_meets_what_may(
    outer: str, path: str, is_covered: object, do_meet: object
) -> None:
    assert covers(FieldPath(outer), FieldPath(path)) is is_covered
    assert meet(FieldPath(outer), FieldPath(path)) is do_meet
    assert meet(FieldPath(path), FieldPath(outer)) is do_meet

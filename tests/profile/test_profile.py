from __future__ import annotations

from typing import Any

import pytest

from pipelines.profile.profile import Profile


def profiled(*values: Any, **given: Any) -> dict[str, Any]:
    profile = Profile()
    for value in values:
        profile.add(value, **given)
    return dict(profile.fields())


def test_fields_are_told_by_path_in_the_order_they_came_in() -> None:
    fields = profiled({"b": 1, "a": {"x": ["t", "u"], "y": None}}, {"b": True})
    assert list(fields) == ["b", "a.x[*]", "a.y"]
    assert fields["b"].kinds == {"number": 1, "bool": 1}
    assert fields["a.x[*]"].values == 2


@pytest.mark.parametrize(
    ("value", "path", "entity"),
    [
        ({"who": {"mail": "ada@example.com"}}, "who.mail", "EMAIL_ADDRESS"),
        ({"notes": ["ask ada@example.com"]}, "notes[*]", "EMAIL_ADDRESS"),
        ({"body": '{"to": ["ada@example.com"]}'}, "body", "EMAIL_ADDRESS"),
        ({"raw": b"ada@example.com"}, "raw", "EMAIL_ADDRESS"),
        ({"odd name": "ada@example.com"}, '["odd name"]', "EMAIL_ADDRESS"),
        ("ada@example.com", "(value)", "EMAIL_ADDRESS"),
        ({"card": 4111111111111111}, "card", "CREDIT_CARD"),
    ],
    ids=["nested", "in a list", "JSON in a string", "bytes", "odd name", "no fields", "number"],
)
def test_what_stands_anywhere_is_found_at_its_path(value: Any, path: str, entity: str) -> None:
    fields = profiled(value)
    assert entity in fields[path].found
    assert "ada" not in repr(fields)


def test_names_that_differ_from_record_to_record_are_a_map_and_searched() -> None:
    values = [{"by_user": {f"user{n}@example.com": {"n": n}}} for n in range(60)]
    fields = profiled(*values)
    assert list(fields) == ["by_user.* (name)", "by_user.*.n"]
    assert fields["by_user.* (name)"].found["EMAIL_ADDRESS"].values == 60


def test_a_wide_record_is_no_map() -> None:
    record = {f"column_{n}": n for n in range(80)}
    assert len(profiled(record, record)) == 80


def test_memory_is_bounded_whatever_the_names() -> None:
    fields = profiled(*({f"k{n}": 1} for n in range(5_000)))
    assert list(fields) == ["*"]
    assert fields["*"].values == 5_000


def test_key_and_headers_are_profiled_too() -> None:
    fields = profiled({}, key="ada@example.com", headers=[("from", b"192.0.2.7")])
    assert "EMAIL_ADDRESS" in fields["(key)"].found
    assert "IP_ADDRESS" in fields["(header) from"].found


def test_nesting_has_an_end() -> None:
    value: Any = "ada@example.com"
    for _ in range(500):
        value = [value]
    assert profiled(value) == {}

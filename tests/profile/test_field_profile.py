from __future__ import annotations

from pipelines.detector import Finding
from pipelines.profile.field_profile import FieldProfile, same_shape

MAIL = Finding(0, 15, "EMAIL_ADDRESS", 1.0)


def test_a_field_of_one_entity_is_told_from_text_that_holds_some() -> None:
    field = FieldProfile()
    for _ in range(9):
        field.add("string", "ada@example.com", [MAIL])
    field.add("null")
    assert field.is_all("EMAIL_ADDRESS")
    assert field.share("EMAIL_ADDRESS") == 1.0
    for _ in range(9):
        field.add("string", "ada@example.com wrote a long letter", [MAIL])
    assert not field.is_all("EMAIL_ADDRESS")
    assert field.found["EMAIL_ADDRESS"].values == 18


def test_of_one_entity_in_one_value_the_surest_counts() -> None:
    field = FieldProfile()
    field.add("string", "a" * 30, [Finding(0, 3, "X", 0.5), Finding(5, 9, "X", 0.9)])
    assert field.found["X"].values == 1
    assert field.found["X"].score == 0.9


def test_no_value_is_kept() -> None:
    field = FieldProfile()
    field.add("string", "ada@example.com", [MAIL])
    assert "ada" not in repr(field)
    assert field.found["EMAIL_ADDRESS"].example == "xxx@xxxxxxx.xxx"


def test_two_profiles_merge_into_the_sum() -> None:
    one, other = FieldProfile(), FieldProfile()
    one.add("string", "ada@example.com", [MAIL])
    other.add("string", "bob@example.com", [MAIL])
    other.add("null")
    one.merge(other)
    assert (one.values, one.filled, one.distinct) == (3, 2, "2")
    assert one.found["EMAIL_ADDRESS"].whole == 2


def test_a_shape_has_the_length_and_none_of_the_characters() -> None:
    assert same_shape("Zoë-42 ½") == "xxx-00 x"
    assert same_shape("a" * 50) == "x" * 40 + "…"

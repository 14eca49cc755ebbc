from __future__ import annotations

from pipelines.cli.before_after import before


def test_what_left_unchanged_is_shown_and_everything_else_is_masked() -> None:
    raw = {"id": "o-1", "card": {"number": "4111", "network": "visa"}, "tags": ["a", "bcd"]}
    clean = {"id": "o-1", "card": {"number": "**11", "network": "visa"}, "tags": ["a", "x"]}
    assert before(raw, clean) == {
        "id": "o-1",
        "card": {"number": "****", "network": "visa"},
        "tags": ["a", "***"],
    }


def test_the_same_value_in_another_place_is_masked() -> None:
    raw = {"ill": True, "gift": True, "ssn": 536904399, "born": None}
    assert before(raw, {"gift": True, "ssn": "536904399"}) == {
        "ill": "****",
        "gift": True,
        "ssn": "*********",
        "born": "****",
    }


def test_nothing_of_a_record_is_shown_whose_form_changed() -> None:
    assert before("GET /", {"line": "GET /"}) == "*****"
    assert before({"a": [1, {"b": "c"}]}, {"a": [1]}) == {"a": ["*", {"b": "*"}]}
    assert before({"a": {"b": "c"}}) == {"a": {"b": "*"}}
    assert before(1, 1.0) == "*"

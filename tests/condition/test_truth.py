from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.condition import can_meet, compile_condition, fields_read, verdict, ways
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY, STRING, Shape

ORDER = Shape(
    "object",
    fields={
        "status": Shape("string", symbols=("NEW", "PAID")),
        "amount": Shape("double"),
        "country": Shape("string", nullable=True),
    },
)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("true", "true"), ("1 == 2", "false"), ("1 / 0 == 1", "error"),
        ("message.a == 1 && message.a == 2", "false"), ("message.a == 1 || true", "true"),
        ("message.a > 5 && message.a < 3", "false"), ("message.a >= 5 && message.a <= 5", None),
        ("message.a > 5 && message.a <= 5", "false"), ("message.a > 1 && message.a > 2", None),
        ('message.a > 5 && message.a < "x"', "false"), ("message.a == 1 && message.a == 1.0", None),
        ("message.a == 1 && message.a == true", "false"),
        ("!has(message.a) && message.a == 1", "false"),
        ("!has(message.a) && has(message.a.b)", "false"),
        ("!has(message.a.b) && message.a == 1", None),
        ("message.a && !message.a", "false"), ("message.a || !message.a", "true"),
        ('message.a in ["x", "y"] && message.a == "z"', "false"),
        ('!(message.a in ["x", "y"]) && message.a == "x"', "false"),
        ('message.a in ["x", "y"] && message.a != "x"', None),
        ('header("k") == "1" && header("k") == "2"', "false"),
        ('"a" == header("k") && header("k") == "b"', "false"),
        ("message.a ? message.b == 1 : message.b == 2", None),
        ("message.a ? false : message.a", "false"),
        ("message.l.exists(x, x == 1 && x == 2)", None),
        ("message.a == [1] && message.a == [2]", None),
        ('"a.b" in message && message["a.b"] == 1', None),
    ],
)  # fmt: skip
def test_what_comes_out_only_one_way_is_found(text: str, outcome: str | None) -> None:
    found = verdict(text, ANY)

    assert (found.outcome if found else None) == outcome
    assert found is None or found.is_whole


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ('message.status == "PADI"', "false"), ('message.status == "PAID"', None),
        ('message.status in ["OPEN", "LOST"]', "false"), ('message.status != "PADI"', "true"),
        ("message.amount == null", "false"), ("message.country == null", None),
        ("message.amount != null", "true"),
    ],
)  # fmt: skip
def test_what_the_schema_knows_counts(text: str, outcome: str | None) -> None:
    found = verdict(text, ORDER)

    assert (found.outcome if found else None) == outcome


def test_a_part_that_decides_nothing_is_told_with_its_place() -> None:
    text = "has(message.a) && (message.b == 1 || 1 < 2)"
    found = verdict(text, ANY)

    assert found is not None
    assert (found.outcome, found.is_whole) == ("true", False)
    assert text[found.offset - 1 :].startswith("1 < 2")


def test_facts_that_exclude_each_other_are_named() -> None:
    found = verdict('message.c == "DE" && message.c == "FR"', ANY)

    assert found is not None
    assert [(one.term, one.relation) for one in found.facts] == [("c", "=="), ("c", "==")]


def test_a_condition_with_too_many_ways_is_left_alone() -> None:
    many = " && ".join(f"(message.a{n} == 1 || message.b{n} == 1)" for n in range(8))

    assert ways(many, holds=True) is None
    assert verdict(many, ANY) is None


def test_ways_that_no_record_can_take_both_are_told() -> None:
    one = ways("message.a == 1", holds=True)
    other = ways("message.a == 1", holds=False)
    third = ways("message.b == 1", holds=True)
    assert one is not None
    assert other is not None
    assert third is not None

    assert not can_meet([one, other], ANY)
    assert can_meet([one, third], ANY)


def test_the_fields_an_expression_reads_are_known_whatever_else_is_wrong() -> None:
    assert fields_read("has(message.a) && message.a == nonsense") == (("a", True),)
    assert ("", True) in fields_read("size(message) > 1")
    assert fields_read("has(message.a)") == (("a", True),)
    assert fields_read("message.") == ()
    assert ways("message.", holds=True) is None


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["", "x", "y"]))
_LITERALS = st.sampled_from(["0", "1", "1.5", '"x"', '"y"', "true", "null"])
_FIELDS = st.sampled_from(["message.a", "message.b", "message.c.a"])
_ATOMS = st.one_of(
    st.builds(
        lambda field, sign, literal: f"{field} {sign} {literal}",
        _FIELDS,
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        _LITERALS,
    ),
    st.builds("has({})".format, _FIELDS),
    st.builds(
        lambda field, one, other: f"{field} in [{one}, {other}]", _FIELDS, _LITERALS, _LITERALS
    ),
    _FIELDS,
    st.sampled_from(["true", "1 > 2", "1 / 0 == 1"]),
)
_CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.builds("({}) && ({})".format, inner, inner),
        st.builds("({}) || ({})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({}) ? ({}) : ({})".format, inner, inner, inner),
    ),
    max_leaves=6,
)
_OBJECTS = st.dictionaries(st.sampled_from(["a", "b"]), _VALUES)
_RECORDS = st.builds(
    lambda top, inner: top if inner is None else {**top, "c": inner}, _OBJECTS, st.none() | _OBJECTS
)


def _comes_out(text: str, value: Any) -> str:
    record = Record(value)
    try:
        return str(compile_condition(text, "s", ANY)(record)).lower()
    except RecordError:
        return "error"


@settings(max_examples=50, deadline=None)
@given(_CONDITIONS, st.lists(_RECORDS, min_size=1, max_size=8))
def test_no_record_ever_contradicts_a_verdict(text: str, values: list[Any]) -> None:
    """A condition told as never true is true for no record, and so for always true."""
    found = verdict(text, ANY)
    if found is None or not found.is_whole:
        return
    never = {"true": {"false"}, "false": {"true"}, "error": {"true", "false"}}[found.outcome]

    assert not never & {_comes_out(text, value) for value in values}


@settings(max_examples=50, deadline=None)
@given(_CONDITIONS, _CONDITIONS, st.lists(_RECORDS, min_size=1, max_size=8))
def test_no_record_takes_ways_that_cannot_meet(one: str, other: str, values: list[Any]) -> None:
    found = [ways(one, holds=True), ways(other, holds=False)]
    if can_meet([each for each in found if each is not None], ANY):
        return

    assert not any(
        _comes_out(one, value) == "true" and _comes_out(other, value) == "false" for value in values
    )


def test_a_shape_with_symbols_is_the_same_type_as_one_without() -> None:
    assert Shape("string", symbols=("A",)) == STRING

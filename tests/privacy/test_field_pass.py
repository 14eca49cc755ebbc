from __future__ import annotations

import copy
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RecordError
from pipelines.field_path import REMOVED, FieldPath
from pipelines.keyring import MemoryKeyring
from pipelines.privacy.field_pass import FieldPass
from pipelines.privacy.rules import Rule, Rules
from pipelines.record import Record
from pipelines.shape import ANY
from pipelines.treatments.redact import Redact

CANARY = "canary-7f3a"
CONFIG = Redact.model_validate({"redact": {}})


def made(*rules: tuple[str, Any]) -> FieldPass:
    """Return the pass of some rules: a path and what it does to a value."""
    found = Rules(ANY, MemoryKeyring({}), strict_types=False, is_newest=True)
    found.found += [Rule(FieldPath(path), "path", "x", do, "X", CONFIG) for path, do in rules]
    return FieldPass(found, None, {})


def turned(value: object, _: str) -> object:
    if value == "bad":
        raise ValueError(CANARY)
    if value == "refused":
        raise RecordError("unclassified", "a")
    return REMOVED if value == "gone" else f"<{value!r}>"


values = st.sampled_from(["bad", "refused", "gone", "x", "", 1, 2.5, None, ["y"]])
objects = st.dictionaries(st.sampled_from(["a", "b"]), values | st.just({"c": "x"}))


@given(st.lists(objects | st.sampled_from(["a", 7, None])))
def test_a_chunk_is_treated_as_its_records_one_by_one(chunk: list[Any]) -> None:
    fields = made(("a", turned), ("b.c", turned))
    alone = [Record(copy.deepcopy(value)) for value in chunk]
    failed = {at: why for at, one in enumerate(alone) for why in fields.treat([one]).values()}
    together = [Record(copy.deepcopy(value)) for value in chunk]

    assert {at: repr(why) for at, why in fields.treat(together).items()} == {
        at: repr(why) for at, why in failed.items()
    }
    assert together == alone


def test_fields_are_treated_in_place() -> None:
    records = [Record(value) for value in ({"a": "x", "k": 1}, {"a": "gone"}, {"k": 2}, {"a": 5})]

    assert not made(("a", turned)).treat(records)
    assert [one.value for one in records] == [{"a": "<'x'>", "k": 1}, {}, {"k": 2}, {"a": "<5>"}]


@pytest.mark.parametrize("path", ["a", "b.a"])
def test_what_cannot_be_treated_does_not_leave_and_its_neighbours_do(path: str) -> None:
    texts = ("x", "bad", "y", "refused")
    records = [Record({"a": text, "b": {"a": text}}) for text in texts]
    failed = made((path, turned)).treat(records)

    assert {at: why.code for at, why in failed.items()} == {1: "gate_failed", 3: "unclassified"}
    assert CANARY not in "".join(
        line for why in failed.values() for line in traceback.format_exception(why)
    )


def test_a_key_that_is_no_text_needs_a_rule() -> None:
    failed = made().treat([Record({}, b"\xff"), Record({}, "text"), Record({}, None)])

    assert {at: why.code for at, why in failed.items()} == {0: "key_not_text"}

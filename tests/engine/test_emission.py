from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.emission import Emission, Failed
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from pipelines.engine.way import Way
from pipelines.record import Record
from pipelines.wire.keys import key_codec
from tests.support.planned import plan_of

OWN = [("x-clearwater-revision", b"abc")]
VALUES = st.sampled_from(
    [{"a": 1}, {"a": 2**70}, {"a": "\ud800"}, {"a": {1}}, {"a": "x" * 600}, {1: "a"}, [], "text"]
)
KEYS = st.sampled_from([None, "k", "\ud800", 7, b"raw"])
HEADERS = st.lists(st.sampled_from([("trace", b"1"), ("long", b"y" * 300)]), max_size=2)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_of(Path(tmp_path_factory.mktemp("plan")))


def way(plan: Plan, records: Sequence[Record]) -> Way:
    return Way(plan.newest.exits["clean"], b"raw/3/%d/0", [*range(len(records))], [*records])


CAME = [TrialRecord(at, at, b"k", b'{"a": %d.0}' % at) for at in range(9)]
"""What the records of these tests came as, whatever they hold."""


def emission(own: Sequence[tuple[str, bytes]] = OWN) -> Emission:
    _, encode = key_codec("string")
    return Emission(encode, own, 900)


def codes(failed: Failed) -> dict[int, str]:
    return {at: why.code for at, (why, _) in failed.items()}


@given(
    parts=st.lists(st.tuples(VALUES, KEYS, HEADERS), max_size=8),
    own=st.sampled_from([OWN, []]),
    before=st.sets(st.integers(0, 8), max_size=3),
    changed=st.sets(st.integers(0, 8), max_size=3),
)
def test_what_leaves_together_leaves_as_it_would_alone(
    plan: Plan,
    parts: Sequence[tuple[Any, Any, list[tuple[str, bytes]]]],
    own: Sequence[tuple[str, bytes]],
    before: set[int],
    changed: set[int],
) -> None:
    records = [
        Record(value, key, headers, "raw", 3, at, at)
        for at, (value, key, headers) in enumerate(parts)
    ]
    known: Failed = dict.fromkeys(before, (ValueError(), ""))  # type: ignore[arg-type] # any will do
    together, alone = dict(known), dict(known)
    going = way(plan, records)
    going.changed = changed
    one = emission(own).of(going, CAME, together)
    other = emission(own)._one_by_one(going.without(known), CAME, alone)
    assert one == other
    assert together.keys() == alone.keys()
    assert codes({at: together[at] for at in together if at not in before}) == codes(
        {at: alone[at] for at in alone if at not in before}
    )
    assert one.size == sum(
        len(out.value or b"") + len(out.key or b"") + sum(len(n) + len(v) for n, v in out.headers)
        for out in one.outputs
    )


def test_most_leave_by_columns(plan: Plan) -> None:
    records = [Record({"n": n}, "k", [("trace", b"1")], "raw", 3, n, n) for n in range(3)]
    together = emission()._by_columns(way(plan, records), CAME)
    assert together == emission()._one_by_one(way(plan, records), CAME, {})
    assert together is not None
    assert together.outputs[2].headers == [
        ("trace", b"1"), *OWN, ("x-clearwater-src", b"raw/3/2/0")
    ]  # fmt: skip


def test_a_tombstone_leaves_without_a_value(plan: Plan) -> None:
    deleted = way(plan, [Record(None, "k", [], "raw", 3, 0, 0)])
    deleted.has_tombstones = True
    (output,) = emission().of(deleted, CAME, {}).outputs
    assert (output.key, output.value) == (b"k", None)


def test_only_what_something_was_found_in_is_written_anew(plan: Plan) -> None:
    records = [Record({"a": float(at)}, None, [], "raw", 3, at, at) for at in range(3)]
    going = way(plan, records)
    going.changed = {1}
    values = [one.value for one in emission().of(going, CAME, {}).outputs]
    assert values == [b'{"a": 0.0}', b'{"a":1.0}', b'{"a": 2.0}']

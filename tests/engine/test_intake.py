from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.intake import Intake
from pipelines.engine.outcome import RawRecord
from pipelines.engine.plan import Plan
from pipelines.wire.keys import key_codec
from tests.support.planned import plan_of, raw

ODD = [
    b"broken",
    b"null",
    b'{"n": 123456789012345678901234567890}',
    b'"' + b"x" * 300 + b'"',
    b"",
    None,
]
VALUES = st.sampled_from(ODD) | st.integers().map(lambda n: json.dumps({"n": n}).encode())
KEYS = st.none() | st.sampled_from([b"k", b"", b"\xff"])
HEADERS = st.lists(
    st.sampled_from([("trace", b"1"), ("x-clearwater-src", b"forged"), ("trace", b"2")])
).map(tuple)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_of(Path(tmp_path_factory.mktemp("plan")))


def intake(plan: Plan) -> Intake:
    decode, _ = key_codec("string")
    return Intake("raw", 3, {None: plan.newest}, decode, 250, None)


@given(parts=st.lists(st.tuples(VALUES, KEYS, HEADERS), min_size=1, max_size=12))
def test_a_chunk_is_read_as_its_records_are(
    plan: Plan, parts: Sequence[tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]]
) -> None:
    raws: list[RawRecord] = [raw(value, key, at, of) for at, (value, key, of) in enumerate(parts)]
    taken = intake(plan).of(raws)
    alone = [intake(plan)._one_by_one([one], None) for one in raws]
    read = [record for one in alone for record, _ in one.pairs()]
    assert [record for record, _ in taken.pairs()] == read
    assert {at: (why.code, why.where) for at, why in taken.failed.items()} == {
        at: (why.code, why.where) for at, one in enumerate(alone) for why in one.failed.values()
    }
    assert taken.size == sum(len(one.value or b"") + len(one.key or b"") for one in raws)


def test_most_chunks_are_read_at_once(plan: Plan) -> None:
    raws: list[RawRecord] = [raw(b'{"n": 1}', b"k"), raw(None, b"k"), raw(b'{"n": 2}')]
    taken = intake(plan).of(raws)
    together = intake(plan)._by_columns(
        plan.newest, raws, [one.value for one in raws], [one.key for one in raws]
    )
    assert taken.common is plan.newest
    assert together is not None
    assert taken.records == together.records
    assert [record and record.value for record in taken.records] == [{"n": 1}, None, {"n": 2}]


def test_what_is_too_large_is_not_decoded(plan: Plan) -> None:
    taken = intake(plan).of([raw(b"[" * 300), raw(b'{"n": 1}')])
    assert taken.failed[0].code == "record_too_large"
    assert taken.records[1] is not None

"""Law 2: the fates of a chunk add up to its records, and each offset has exactly one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.engine.outcome import ChunkOutcome
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from tests.support.planned import plan_of, raw

STEPS = """\
steps:
  - {step: drop, id: dropping, when: 'has(message.a) && message.a > 5', reason: large}
  - {step: sample, id: sampling, ratio: 0.5, by: 'string(message.b)', when: 'has(message.b)'}
  - {step: cast, id: casting, field: c, to: int, on_error: dead_letter}
  - {step: delay, id: waiting, for: 30s, when: 'has(message.a) && message.a == 1'}
  - {step: route, id: copying, to: copies, copy: true, when: 'has(message.d)'}
  - {step: route, id: routing, to: elsewhere, when: 'has(message.e)'}
privacy: {fields: {f: {hash: {key: k}}}}
"""
values = st.one_of(
    st.binary(max_size=8),
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.one_of(st.integers(), st.text(max_size=5), st.none(), st.just("ada@example.com")),
    ).map(lambda value: json.dumps(value).encode()),
    st.none(),
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder: Path = tmp_path_factory.mktemp("plan")
    return plan_of(folder, STEPS)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(values, st.none() | st.binary(max_size=4)), max_size=30))
def test_fates_add_up(plan: Plan, made: list[tuple[bytes | None, bytes | None]]) -> None:
    records = [raw(value, key, offset) for offset, (value, key) in enumerate(made)]
    outcome = plan.run(records, "raw", 0)

    assert outcome.records_in == len(records)
    assert outcome.fates.total() == len(records)
    assert all(count > 0 for count in outcome.fates.values())
    _left_by_its_fate(outcome, records)


def _left_by_its_fate(outcome: ChunkOutcome, records: list[TrialRecord]) -> None:
    counted: Counter[str] = Counter()
    for (_, fate, _), count in outcome.fates.items():
        counted[fate] += count
    dead = [letter.raw.offset for letter in outcome.dead_letters]
    left = {one.offset for outputs in outcome.outputs.values() for one in outputs}
    waiting = [one.raw.offset for one in outcome.waiting]
    assert counted["delayed"] == len(waiting) == len(set(waiting))
    assert not {*dead, *left} & set(waiting)
    assert counted["dead_lettered"] == len(dead) == len(set(dead))
    assert counted["published"] == len(left)
    assert not left & set(dead)
    assert left | set(dead) <= {record.offset for record in records}
    for outputs in outcome.outputs.values():
        offsets = [one.offset for one in outputs]
        assert offsets == sorted(set(offsets))  # in the source's order, none twice

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.engine.outcome import ChunkOutcome, Output
from pipelines.engine.trial import TrialRecord
from pipelines.fate import Fate
from pipelines.keyring import MemoryKeyring
from pipelines.runtime.dead_letter import read_letter
from pipelines.runtime.handler import Closed, Handler
from pipelines.runtime.health import PipelineHealth
from pipelines.runtime.pipeline_handler import PipelineHandler
from pipelines.runtime.resumed_handler import UNREADABLE
from pipelines.runtime.ways_in import topic_handlers
from pipelines.telemetry.metrics import Metrics
from tests.support.planned import plan_of, raw

STEPS = """\
steps:
  - {step: delay, id: settle, for: 30s, when: 'message.n > 0'}
  - {step: drop, id: two, when: 'message.n == 2', reason: two}
  - {step: set, id: three, field: n.deep, value: 'true', when: 'message.n == 3'}
"""
DELAY = "raw.delay.settle"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def handlers(tmp_path: Path, metrics: Metrics) -> dict[str, Handler]:
    plan = plan_of(tmp_path, STEPS)
    plan.own_headers = (("x-clearwater-revision", b"r"),)
    keys = MemoryKeyring({"dead-letters": bytes(range(32))})
    return topic_handlers(plan, keys, metrics, PipelineHealth(), 900_000)


def of(*numbers: int) -> list[TrialRecord]:
    return [
        raw(json.dumps({"n": number}).encode(), b"key", 10 + place)
        for place, number in enumerate(numbers)
    ]


def fetched(outputs: Sequence[Output]) -> list[TrialRecord]:
    return [
        TrialRecord(place, one.timestamp, one.key, one.value, tuple(one.headers))
        for place, one in enumerate(outputs)
    ]


async def resumed(handler: Handler, records: list[TrialRecord]) -> ChunkOutcome:
    await handler.prepare(records)
    return handler.process(records, 3)


async def test_what_waited_goes_on_as_itself(handlers: dict[str, Handler]) -> None:
    first = handlers["raw"].process(of(0, 1, 2, 3), 3)
    assert [one.offset for one in first.outputs["clean"]] == [10]
    assert first.fates["settle", Fate.DELAYED, ""] == 3

    outcome = await resumed(handlers[DELAY], fetched(first.outputs[DELAY]))

    (published,) = outcome.outputs["clean"]
    assert (published.offset, published.timestamp) == (11, of(0, 1)[1].timestamp)
    assert dict(published.headers)["x-clearwater-src"] == b"raw/3/11/0"
    assert dict(published.headers)["x-clearwater-waited"] == b"settle"
    assert outcome.records_in == 3 == outcome.fates.total()
    (letter,) = outcome.dead_letters
    sealed = read_letter(handlers[DELAY].seal(letter, 0).value or b"")
    assert (sealed.topic, sealed.partition, sealed.offset) == ("raw", 3, 13)


async def test_what_does_not_open_is_a_dead_letter_of_where_it_waits(
    handlers: dict[str, Handler],
) -> None:
    first = handlers["raw"].process(of(1), 3)
    outcome = await resumed(
        handlers[DELAY], [raw(b"foreign", None, 4), *fetched(first.outputs[DELAY])]
    )
    assert outcome.fates["settle", Fate.DEAD_LETTERED, UNREADABLE] == 1
    assert (outcome.records_in, outcome.fates.total()) == (2, 2)
    (letter,) = outcome.dead_letters
    sealed = read_letter(handlers[DELAY].seal(letter, 3).value or b"")
    assert (sealed.topic, sealed.partition, sealed.offset) == (DELAY, 3, 4)


async def test_both_ways_are_counted_and_what_waits_has_not_left(
    handlers: dict[str, Handler], metrics: Metrics
) -> None:
    first = handlers["raw"].process(of(0, 1), 3)
    waiting = fetched(first.outputs[DELAY])
    handlers["raw"].delivered([first], Closed("raw", 3, 12, 2))
    again = await resumed(handlers[DELAY], waiting)
    handlers[DELAY].delivered([again], Closed(DELAY, 3, 1, 1))

    shown = metrics.exposition()[0].decode()
    assert 'clearwater_records_in_total{pipeline="p"} 3.0' in shown
    assert 'clearwater_resumed_records_total{pipeline="p",step="settle"} 1.0' in shown
    assert 'fate="delayed",pipeline="p",reason="",step="settle"} 1.0' in shown
    assert 'clearwater_output_records_total{pipeline="p",topic="clean"} 2.0' in shown
    assert f'clearwater_output_records_total{{pipeline="p",topic="{DELAY}"' not in shown
    of_raw = '{partition="3",pipeline="p",topic="raw"}'
    assert f"clearwater_closed_offset{of_raw} 12.0" in shown
    assert f"clearwater_unaccounted_records_total{of_raw} 0.0" in shown
    assert f'clearwater_closed_offset{{partition="3",pipeline="p",topic="{DELAY}"}} 1.0' in shown


async def test_a_record_of_a_closed_range_that_met_no_fate_is_counted(
    handlers: dict[str, Handler], metrics: Metrics
) -> None:
    outcome = handlers["raw"].process(of(0, 1), 3)
    handlers["raw"].delivered([outcome], Closed("raw", 3, 13, 3))

    shown = metrics.exposition()[0].decode()
    assert (
        'clearwater_unaccounted_records_total{partition="3",pipeline="p",topic="raw"} 1.0' in shown
    )


async def test_records_that_waited_before_partitions_were_added_go_on_as_themselves(
    handlers: dict[str, Handler],
) -> None:
    waiting = [
        one
        for partition in (3, 5)
        for one in fetched(handlers["raw"].process(of(1), partition).outputs[DELAY])
    ]
    outcome = await resumed(handlers[DELAY], waiting)
    sources = [dict(one.headers)["x-clearwater-src"] for one in outcome.outputs["clean"]]
    assert sources == [b"raw/3/10/0", b"raw/5/10/0"]


def test_errors_are_counted_for_the_pipeline(
    handlers: dict[str, Handler], metrics: Metrics
) -> None:
    handlers[DELAY].failed("OSError")
    assert handlers[DELAY].dead_letter_topic == "dead"
    assert 'error="OSError"' in metrics.exposition()[0].decode()


def test_too_many_dead_letters_are_counted_over_the_window_that_is_declared(
    tmp_path: Path, metrics: Metrics
) -> None:
    tail = "publish: {topic: clean}\ndead_letter: {topic: dead, stop_above: 50%, window: 2s}\n"
    plan = plan_of(tmp_path, tail=tail)
    keys = MemoryKeyring({"dead-letters": bytes(range(32))})
    health = PipelineHealth()
    handler = topic_handlers(plan, keys, metrics, health, 900_000)["raw"]
    assert isinstance(handler, PipelineHandler)
    now = [0.0]
    handler.clock = lambda: now[-1]

    def stops(count: int) -> bool:
        outcome = handler.process([raw(b"broken", offset=number) for number in range(count)], 0)
        return handler.delivered([outcome], Closed("raw", 0, count, count))

    assert not stops(60)
    now.append(3.0)
    assert not stops(60), "those before are forgotten"
    assert stops(40)
    assert "stop_above" in health.stopped

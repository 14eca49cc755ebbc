from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pipelines.engine.outcome import DeadLettered
from pipelines.engine.trial import TrialRecord
from pipelines.errors import ConfigError
from pipelines.runtime.dead_letter import ATTEMPT, Sealer
from pipelines.runtime.letters import Choice, Filed
from pipelines.runtime.redrive import Redrive
from tests.support.traffic import Received, Traffic

KEY = bytes(range(32))


class Keys:
    def key(self, name: str) -> bytes:
        assert name == "dead-letters"
        return KEY


async def die(traffic: Traffic, dead: str, source: str, records: list[Received | None]) -> None:
    """Do what a worker does with records that fail: None is a record that fails at first."""
    sealer = Sealer(("dead-letters", KEY), pipeline="p", revision="r", topic=source)
    letters: list[Any] = []
    for number, record in enumerate(records):
        headers = (("trace", b"t"),) if record is None else record.headers
        raw = TrialRecord(number, 1_700_000_000_000, b"key", b"value %d" % number, headers)
        letter = sealer.seal(DeadLettered(raw, "code", "step"), 1)
        letters.append((None, letter.value, letter.headers))
    await traffic.produce(dead, letters)


async def redriven(traffic: Traffic, dead: str, **options: Any) -> Counter[str]:
    told: Counter[str] = Counter()

    def tell(_: Filed, end: str) -> None:
        told[end] += 1

    work = Redrive(dead, {"bootstrap_servers": traffic.bootstrap}, Keys())
    ends = await work.run(Choice(), told=tell, **options)
    assert told == ends
    return ends


async def test_a_record_goes_back_whole_to_its_partition_and_only_once(traffic: Traffic) -> None:
    source, dead = await traffic.topic("raw", 4), await traffic.topic("dead")
    await die(traffic, dead, source, [None] * 3)

    assert await redriven(traffic, dead) == {"sent": 3}
    assert await redriven(traffic, dead) == {"redriven": 3}
    back = await traffic.read_all(source)
    assert [(one.key, one.value, one.partition) for one in back] == [
        (b"key", b"value %d" % number, 1) for number in range(3)
    ]
    assert back[0].headers == (("trace", b"t"), (ATTEMPT, b"1"))
    assert back[0].timestamp == 1_700_000_000_000


async def test_what_fails_again_and_again_is_parked(traffic: Traffic) -> None:
    source, dead = await traffic.topic("raw", 2), await traffic.topic("dead")
    await die(traffic, dead, source, [None])
    for _ in range(2):
        assert (await redriven(traffic, dead))["sent"] == 1
        await die(traffic, dead, source, [(await traffic.read_all(source))[-1]])

    assert await redriven(traffic, dead) == {"redriven": 2, "parked": 1}
    assert await redriven(traffic, dead, parked=True) == {"redriven": 2, "sent": 1}


async def test_a_letter_of_another_key_stays_and_is_told(traffic: Traffic) -> None:
    source, dead = await traffic.topic("raw", 2), await traffic.topic("dead")
    other = Sealer(("dead-letters", bytes(32)), pipeline="p", revision="r", topic=source)
    letter = other.seal(DeadLettered(TrialRecord(0, 1, None, b"v"), "code", "step"), 0)
    await traffic.produce(dead, [(None, letter.value, letter.headers)])
    await die(traffic, dead, source, [None])

    assert await redriven(traffic, dead) == {"unreadable": 1, "sent": 1}
    assert await redriven(traffic, dead) == {"unreadable": 1, "redriven": 1}


async def test_nothing_is_sent_where_the_source_topic_is_gone(traffic: Traffic) -> None:
    source, dead = await traffic.topic("raw", 2), await traffic.topic("dead")
    await die(traffic, dead, source, [None])
    await die(traffic, dead, "gone", [None])

    with pytest.raises(ConfigError, match="there is no topic `gone` to send gone"):
        await redriven(traffic, dead)
    assert await traffic.read_all(source) == []

from __future__ import annotations

import pytest

from pipelines.engine.outcome import DeadLettered
from pipelines.engine.trial import TrialRecord
from pipelines.runtime.dead_letter import ATTEMPT, LetterUnreadable, Sealer, read_letter
from pipelines.runtime.letters import MOST_ATTEMPTS, REDRIVEN, Choice, filed
from tests.support.traffic import Traffic

SEALER = Sealer(("k", bytes(32)), pipeline="orders", revision="r", topic="raw")


def sealed(
    offset: int, code: str = "c", step: str = "s", attempts: int = 0
) -> tuple[None, bytes, list[tuple[str, bytes]]]:
    headers = ((ATTEMPT, str(attempts).encode()),) if attempts else ()
    raw = TrialRecord(offset, 1_000 * offset, b"k", b"v", headers)
    letter = SEALER.seal(DeadLettered(raw, code, step), 3)
    return None, letter.value, letter.headers


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), True),
        (Choice(pipeline="orders", step="s", code="c", since=6.9), True),
        (Choice(pipeline="other"), False),
        (Choice(step="other"), False),
        (Choice(code="other"), False),
        (Choice(since=7.1), False),
    ],
    ids=["all", "each that fits", "pipeline", "step", "code", "older"],
)
def test_letters_are_chosen_by_all_that_is_said(choice: Choice, *, taken: bool) -> None:
    assert choice.takes(read_letter(sealed(7)[1])) is taken


async def test_each_letter_is_open_parked_or_sent_back(traffic: Traffic) -> None:
    topic = await traffic.topic("dead")
    await traffic.produce(topic, [sealed(0), sealed(1, attempts=MOST_ATTEMPTS), sealed(2)])
    await traffic.produce(topic, [(None, b"", [(REDRIVEN, b"0:2")])])
    client = {"bootstrap_servers": traffic.bootstrap}

    found = [(one.place, one.state) async for one in filed(topic, client, Choice())]
    assert found == [("raw[3]@0", "open"), ("raw[3]@1", "parked"), ("raw[3]@2", "redriven")]


async def test_what_is_no_letter_is_named_by_its_place(traffic: Traffic) -> None:
    topic = await traffic.topic("dead")
    await traffic.produce(topic, [sealed(0), (None, b"canary")])
    with pytest.raises(LetterUnreadable, match=rf"{topic}\[0\]@1: not a dead letter") as failure:
        [one async for one in filed(topic, {"bootstrap_servers": traffic.bootstrap}, Choice())]
    assert "canary" not in str(failure.value)

from __future__ import annotations

import time

import pytest

from pipelines.detector import Detector
from pipelines.detectors import DETECTORS, FIELDS
from pipelines.privacy.spoken import Spoken

BADGE = Detector(
    name="badge",
    entity="BADGE",
    pattern=r"\bB-\d{4}\b",
    source="made up for a test",
    examples=("badge B-1234",),
    counterexamples=("B-1234",),
    context=("badge", "tax id"),
)
SEAT = Detector(
    name="seat",
    entity="SEAT",
    pattern=r"\bS-\d{4}\b",
    source="made up for a test",
    examples=("id S-1234",),
    counterexamples=("S-1234",),
    context=("id",),
)


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (b'"the badge is B-1234"', True),
        (b'"B-1234 on my BADGE"', True),
        pytest.param(b'"nBADGE: B-1234"', True, id="a word in camel case"),
        (b'"the badge is C-1234"', False),
        (b'"B-1234 alone"', False),
        (b'"badge S-1234"', False),
        pytest.param(b'"tax id S-1234"', True, id="a word inside of another"),
        pytest.param(b'{"badge":{"no":"B-1234"}}', True, id="a name is a word"),
    ],
)
def test_a_word_counts_where_what_it_speaks_of_is_there(view: bytes, *, expected: bool) -> None:
    assert Spoken([BADGE, SEAT], ()).holds(view) is expected


def test_names_of_fields_tell_by_themselves() -> None:
    spoken = Spoken((), FIELDS)

    assert spoken.holds(b'{"password":"geheim"}')
    assert not spoken.holds(b'{"colour":"red"}')


def test_without_words_and_names_there_is_nothing_to_look_for() -> None:
    assert Spoken((), ()).patterns == []


def test_many_words_that_speak_of_nothing_take_linear_time() -> None:
    spoken = Spoken(DETECTORS, FIELDS)
    view = b'"' + b"card tax id ssn birth " * 20_000 + b'"'
    spoken.holds(view[:1000])  # all is compiled
    began = time.process_time()

    assert not spoken.holds(view)
    assert time.process_time() - began < 10

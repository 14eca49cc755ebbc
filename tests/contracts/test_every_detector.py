"""What holds for every detector, and for the quick pass against the exact search."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pipelines.detectors
from pipelines.detector import Detector
from pipelines.detectors import DETECTORS, REPORTED
from pipelines.privacy.scan import Scan

SCAN = Scan()
EXAMPLES = [(one, text) for one in DETECTORS for text in one.examples]
COUNTEREXAMPLES = [(one, text) for one in (*DETECTORS, *REPORTED) for text in one.counterexamples]


def named(pair: tuple[Detector, str]) -> str:
    return pair[0].name


@pytest.mark.parametrize("pair", EXAMPLES, ids=named)
def test_an_example_is_found_and_its_record_suspicious(pair: tuple[Detector, str]) -> None:
    detector, text = pair
    assert detector.entity in {one.entity for one in Scan([detector]).find(text)}
    assert SCAN.suspicious([orjson.dumps({"x": text})]) == [0]


@pytest.mark.parametrize("pair", COUNTEREXAMPLES, ids=named)
def test_a_counterexample_is_not_found(pair: tuple[Detector, str]) -> None:
    detector, text = pair
    assert Scan([detector]).find(text) == []


def test_every_file_is_listed_and_says_its_source() -> None:
    folder = Path(pipelines.detectors.__file__).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    assert {name for name in files if f"pipelines.detectors.{name} import" not in text} == set()
    assert all(len(one.source) > 3 and one.examples and one.counterexamples for one in DETECTORS)
    assert len({one.name for one in DETECTORS}) == len(DETECTORS)


ONE_OF_A_PATTERN = {one.pattern: one for one in DETECTORS}.values()


@pytest.mark.parametrize("detector", ONE_OF_A_PATTERN, ids=lambda one: one.name)
def test_hostile_text_is_searched_in_linear_time(detector: Detector) -> None:
    scan = Scan([detector])
    for seed in ("a", "1", "A1 ", "a.", "@", "1-", "::", "a@b.", *detector.examples):
        text = seed * (60_000 // len(seed))
        began = time.process_time()
        scan.find(text)
        scan.suspicious([orjson.dumps(text)])
        assert time.process_time() - began < 10, seed


glue = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\t",
        '"',
        "\\",
        "/",
        "é",
        "😀",
        "\x00",
        "\x7f",
        "n",
        "0",
        "-",
        ".",
        ":",
        "(",
        "x",
    ]
)
texts = st.tuples(glue, glue, st.sampled_from([text for _, text in EXAMPLES]), glue, glue).map(
    "".join
)
names = st.sampled_from(["a", "phone", "ssn", "homePhone", "nhs_number", "steuerId", "bsn", "text"])
numbers = st.sampled_from([536904399, 4111111111111111, 9434765870, 111222333, 1772438400])
leaves = st.one_of(texts, numbers, st.text(max_size=8), st.none(), st.booleans())
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(names, texts), inner, max_size=3),
        inner.map(lambda one: orjson.dumps(one, option=orjson.OPT_NON_STR_KEYS).decode()),
    ),
    max_leaves=6,
)


@settings(max_examples=400)
@given(st.lists(values, min_size=1, max_size=5))
@example(["/0917-123-4567"])
@example(["+123 45 6789"])
@example(["nSSN: 536-90-4399-"])
def test_where_something_is_found_the_record_was_suspicious(records: list[Any]) -> None:
    try:
        views = [orjson.dumps(record) for record in records]
    except orjson.JSONEncodeError:
        return  # a lone surrogate: no such value comes from a decoder
    found = {index for index, record in enumerate(records) if SCAN.find_in(record)}
    assert found <= set(SCAN.suspicious(views))


@pytest.mark.parametrize(
    "text",
    [
        "1772438400", "1772438400000", "2026-03-02T08:14:55.123Z",
        "550e8400-e29b-41d4-a716-446655440000", "d41d8cd98f00b204e9800998ecf8427e",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
        "version 1.22.333", "order 20260302-1234567", "12345678901234567890", "size=1048576",
        "at java.base/java.lang.Thread.run(Thread.java:840)", "balance 12,345.67",
    ],
)  # fmt: skip
def test_what_machines_write_is_quiet(text: str) -> None:
    assert SCAN.find(text) == []


def test_offsets_are_characters_and_findings_do_not_overlap() -> None:
    text = "é😀 ada@example.com, 4889 6011 0009 9013 9424 x 4111 1111 1111 1111"
    found = SCAN.find(text)
    assert text[found[0].start : found[0].end] == "ada@example.com"
    assert text[found[-1].start : found[-1].end] == "4111 1111 1111 1111"
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.detector import Finding
from pipelines.privacy.overlapping import merged
from pipelines.privacy.scan import Scan

TEXT = "ab cd, ef gh ij kl mn op qr st uv wx"


@st.composite
def finding(draw: st.DrawFn) -> Finding:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    return Finding(start, end, draw(st.sampled_from("AB")), draw(st.sampled_from((0.5, 0.7, 0.9))))


@given(st.lists(finding(), max_size=6))
def test_what_was_found_stays_covered_and_nothing_overlaps(found: list[Finding]) -> None:
    result = merged(found, TEXT)

    for one, other in itertools.pairwise(result):
        assert one.end <= other.start
    covered = {at for one in result for at in range(one.start, one.end)}
    was = {at for one in found for at in range(one.start, one.end)}
    assert covered <= was
    assert {at for at in was if TEXT[at].isalnum()} <= covered


def test_what_lies_inside_is_part_of_it() -> None:
    outer, inner = Finding(0, 9, "A", 0.5), Finding(3, 5, "B", 0.9)
    assert merged([inner, outer], TEXT) == [outer]


def test_of_two_that_overlap_the_surer_keeps_all_of_it() -> None:
    long, sure = Finding(0, 9, "A", 0.5), Finding(7, 12, "B", 0.9)
    assert merged([long, sure], TEXT) == [Finding(0, 5, "A", 0.5), sure]
    assert merged([Finding(0, 9, "A", 0.9), Finding(7, 12, "B", 0.5)], TEXT) == [
        Finding(0, 9, "A", 0.9),
        Finding(10, 12, "B", 0.5),
    ]


def test_more_than_one_can_count_are_a_single_one() -> None:
    many = [Finding(at, at + 1, "A", 0.5) for at in range(2001)]
    assert merged(many, "x" * 2001) == [Finding(0, 2001, "A", 0.5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Elm St, Boston, MA 02115, Ref 123-45-6789", "123-45-6789"),
        ("ring (+1-202-555-0147) now", "+1-202-555-0147"),
        ("GET /reset?id=1&email=bob@example.com HTTP/1.1", "bob@example.com"),
        ("user='bob@example.com'", "bob@example.com"),
        ("a|bob@example.com|b", "bob@example.com"),
        ("mail r&d@example.com", "r&d@example.com"),
        ("to bounce+ada=example.com@lists.example.org", "bounce+ada=example.com@lists.example.org"),
    ],
)
def test_a_finding_is_no_longer_and_no_shorter_than_what_it_is(text: str, expected: str) -> None:
    assert expected in [text[one.start : one.end] for one in Scan().find(text)]

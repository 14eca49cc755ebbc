from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.gate import Gate
from pipelines.privacy.sieve import Sieve, Sifted
from pipelines.record import Record
from tests.privacy.test_gate import HEADERS, NAMES, SCALARS, TEXTS, VALUES
from tests.support.gated import SCAN, compiled

MAIL = "ada@example.com"
CARD = "4111111111111111"
RULES: dict[str, Any] = {
    "fields": {"note": {"mask": {"keep_last": 4}}, "kept": {"keep": {}}, "in.a": {"redact": {}}}
}
GATES = (compiled(), compiled(RULES), compiled({"scan": {"nothing": "made up for a test"}}))
"""They stay for all examples: what they remember of earlier ones changes nothing."""

PAIRS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["phone", "ssn", "first name", "kept", "x", 1]),
        "value": st.sampled_from(["5551234", "Ada", 536904399, "n", [12345678]]),
    },
    optional={"vorname": st.just("Ada"), "nom": st.just("Walder")},
)
OBJECTS = st.dictionaries(
    st.sampled_from(["note", "kept", "in", "text", "phone", "ssn", "user", "value"]) | NAMES,
    st.recursive(
        SCALARS | PAIRS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "b", "name"]) | NAMES, inner, max_size=3)
        ),
        max_leaves=4,
    ),
    max_size=4,
)
RECORDS = st.lists(st.tuples(OBJECTS | VALUES, TEXTS | st.none(), HEADERS), max_size=4)


class Whole(Sieve):
    """Takes nothing apart."""

    def sift(self, records: Any, **_: Any) -> Sifted:
        return Sifted(list(range(len(records))))


def told(gate: Gate, records: list[Record]) -> Any:
    """Return everything that a gate makes of some records."""
    findings: Counter[tuple[str, str]] = Counter()
    failed = {index: repr(error) for index, error in gate.treat(records).items()}
    left = [record for index, record in enumerate(records) if index not in failed]
    scanned = gate.scan(left, findings)
    refused = {index: (one.code, one.where) for index, one in scanned.failed.items()}
    stay = [one for index, one in enumerate(left) if index not in refused]
    values = [repr((one.value, one.key, one.headers)) for one in stay]
    counted = findings if not refused else None  # up to where the walk gave up
    return values, failed, refused, scanned.changed, counted


@given(RECORDS, st.sampled_from(GATES))
def test_records_taken_apart_leave_as_records_searched_as_a_whole(
    written: list[tuple[Any, Any, list[tuple[str, bytes]]]], gate: Gate
) -> None:
    records = [Record(value, key, list(headers)) for value, key, headers in written]
    whole = copy.copy(gate)
    whole._sieve = Whole(SCAN, None)

    assert told(gate, copy.deepcopy(records)) == told(whole, copy.deepcopy(records))


def sifted(sieve: Sieve, *values: Any) -> tuple[list[int], dict[int, list[str]]]:
    records = [Record(copy.deepcopy(one)) for one in values]
    found = sieve.sift(records, with_value=True, with_key=True)
    return found.unfit, {at: sorted(text for text, _ in one) for at, one in found.loud.items()}


def test_only_texts_that_may_hold_a_finding_are_told() -> None:
    sieve = Sieve(SCAN, None)
    value = {"a": "x", "b": [{"c": f"to {MAIL}"}, "y", 5], "n": int(CARD), "t": True, "z": None}

    assert sifted(sieve, {"a": "x"}, value) == ([], {1: [CARD, f"to {MAIL}"]})


@pytest.mark.parametrize("text", ["415-555-0133", "geheim"])
def test_what_held_nothing_in_one_field_may_in_another(text: str) -> None:
    sieve = Sieve(SCAN, None)
    quiet: dict[str, Any] = {"sku": "geheim"}
    for _ in range(3):
        assert sifted(sieve, quiet) == ([], {})
        assert sifted(sieve, {"pwd": "geheim"}, quiet) == ([], {0: ["geheim"]})
        assert sifted(sieve, {"user": {"phone": text}})[1].keys() <= {0}


def test_a_comma_alone_moves_no_finding_to_another_record() -> None:
    values: list[Any] = [{"text": ","}, {"phone": "5551234"}, {"level": "n"}]
    sifted = Sieve(SCAN, None).sift(
        [Record(value) for value in values], with_value=True, with_key=True
    )
    assert sifted.loud == {1: {("5551234", "phone")}}
    assert sifted.unfit == []


def test_what_was_found_once_is_found_again() -> None:
    sieve = Sieve(SCAN, None)

    for _ in range(3):
        assert sifted(sieve, {"a": MAIL}, {"a": MAIL}) == ([], {0: [MAIL], 1: [MAIL]})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("text", id="no object"),
        pytest.param(None, id="a tombstone"),
        pytest.param({"a": '{"b":1}'}, id="JSON in a string"),
        pytest.param({"a": b"bytes"}, id="bytes"),
        pytest.param({"a": [[b"bytes"]]}, id="bytes in lists"),
        pytest.param({MAIL: 1}, id="a name that is data"),
        pytest.param({1: 2}, id="a name that is no text"),
        pytest.param({"\ud800": 1}, id="a name that has no form in JSON"),
        pytest.param({"a": "\ud800"}, id="a text that has no form in JSON"),
        pytest.param({"password": "\ud800"}, id="such a text below a name that tells"),
        pytest.param({"a": 2**70}, id="a long integer"),
        pytest.param({"a": object()}, id="something unknown"),
        pytest.param({"a" * 500: {"password": "x"}}, id="a long way"),
        pytest.param({f"k{n}": n for n in range(1000)}, id="a map"),
    ],
)
def test_what_cannot_be_taken_apart_is_searched_as_a_whole(value: Any) -> None:
    sieve = Sieve(SCAN, None)
    for _ in range(2):  # nothing of it is remembered
        assert sifted(sieve, {"a": "x"}, value, {"a": MAIL}) == ([1], {2: [MAIL]})


def test_headers_that_may_hold_a_finding_are_searched_with_their_record() -> None:
    headers = [[("h", MAIL.encode())], [("h", b"x")], [("treated", MAIL.encode())]]
    records = [Record({}, None, one) for one in headers]
    found = Sieve(SCAN, None).sift(records, with_value=True, with_key=True, without={"treated"})

    assert found == Sifted([0])


def test_what_is_remembered_is_bounded() -> None:
    sieve = Sieve(SCAN, None)
    for chunk in range(40):
        values = [{f"f{at % 50}": f"word{chunk}x{at}", "t": "long " * 40} for at in range(1000)]
        assert sifted(sieve, *values) == ([], {})

    known = {id(node.known): node.known for node in sieve._nodes}.values()
    assert 512 <= sum(map(len, known)) <= 20_000
    assert not any(text.startswith("long") for texts in known for text in texts)


def test_no_field_fills_the_memory_alone() -> None:
    sieve = Sieve(SCAN, None)
    for chunk in range(3):
        assert sifted(sieve, *({"a": f"word{chunk}x{at}"} for at in range(1000))) == ([], {})

    assert len(sieve._root.fields["a"].known) == 512


def test_names_without_end_are_no_fields() -> None:
    sieve = Sieve(SCAN, None)
    for at in range(1000):
        sifted(sieve, {f"k{at}": 1})

    assert len(sieve._nodes) <= 260


def test_no_repr_shows_a_text() -> None:
    sieve = Sieve(SCAN, None)
    found = sieve.sift(
        [Record({"a": MAIL}), Record({"a": "canary"})], with_value=True, with_key=True
    )

    assert "ada" not in repr((found, sieve._nodes))
    assert "canary" not in repr((found, sieve._nodes))

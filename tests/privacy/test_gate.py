"""The laws of the gate: nothing that a detector finds survives it, and nothing else changes."""

from __future__ import annotations

import copy
import json
import re
import time
import traceback
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.detectors import DETECTORS
from pipelines.effect import Removed, Retyped
from pipelines.errors import ConfigError
from pipelines.field_path import FieldPath
from pipelines.record import Record
from pipelines.shape import NULLABLE_STRING, STRING, Shape
from tests.support.gated import SCAN, compiled, left_in, through

MAIL = "ada@example.com"
CARD = "4111111111111111"
CANARY = "canary-5b7e"
OPEN = compiled()

ONE_OF_A_PATTERN = {one.pattern: one for one in DETECTORS}.values()
EXAMPLES = sorted({text for detector in ONE_OF_A_PATTERN for text in detector.examples})
NUMBERS = ["111222333", "36574261809", "9434765870", "536904399", "4155550133"]
"""Of somebody only where a word beside them or in a name says so."""
PLANTED = st.sampled_from(EXAMPLES + NUMBERS)
CONTEXT = sorted({word for detector in DETECTORS for word in detector.context})
WORDS = st.builds(
    lambda before, word, change, after: before + change(word) + after,
    st.sampled_from(["", "my", "my_", "My", "é", "9", "x."]),
    st.sampled_from(CONTEXT + [part for word in CONTEXT for part in word.split(" ")]),
    st.sampled_from([str.lower, str.upper, str.title, lambda word: word.title().replace(" ", "")]),
    st.sampled_from(["", "s", "_1", "Number", ".no", "@example.com", ": "]),
)
ODD = st.text('0123456789 -.@:/+=_aZé"\\{}[],\n<>', max_size=40)
TEXTS = st.one_of(
    PLANTED,
    WORDS,
    ODD,
    st.text(max_size=12),
    st.tuples(ODD, PLANTED, ODD).map("".join),
    st.lists(PLANTED, min_size=2, max_size=3).map(" ".join),
    PLANTED.map(lambda text: json.dumps({"inner": text, "n": 1})),
    PLANTED.map(lambda text: json.dumps([json.dumps({text: [text]})])),
    PLANTED.map(json.dumps),
)
SCALARS = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.sampled_from([int(CARD), float(CARD), 378282246310005, *map(int, NUMBERS)]),
    st.floats(),
    TEXTS.map(lambda text: text.encode("utf-8", "replace")),
)
NAMES = st.one_of(st.sampled_from(["a", "note", "id"]), WORDS, TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.lists(
    st.tuples(TEXTS, TEXTS.map(lambda text: text.encode("utf-8", "replace"))), max_size=2
)
WRITTEN = re.compile(r"\*\*|[0-9a-f]{64}|tok_")
"""What stands for a secret in a web address looks like one, too."""
FOUND: st.SearchStrategy[dict[str, Any] | None] = st.sampled_from(
    [
        None,
        {"default": {"replace": {"with": "<{entity}>"}}},
        {"default": {"mask": {"keep_last": 4}}},
        {"default": {"mask": {"keep_first": 3, "keep_last": 3, "keep_shape": True}}},
        {"default": {"tokenize": {"key": "k"}}, "EMAIL_ADDRESS": {"hash": {"key": "k"}}},
        {"default": {"remove": {}}, "CREDIT_CARD": {"redact": {}}},
        {"default": {"tokenize": {"key": "k"}}},
    ]
)


@given(VALUES, TEXTS | st.none() | VALUES, HEADERS, FOUND)
def test_nothing_that_a_detector_finds_survives(
    value: Any, key: Any, headers: list[tuple[str, bytes]], found: dict[str, Any] | None
) -> None:
    gate = compiled(policy=None if found is None else {"found": found})
    passage = through(gate, value, key, headers)

    if passage.error is None:
        left = left_in(passage.record)
        assert [text for text in left if found is None or not WRITTEN.search(text)] == []
    else:
        assert passage.error.code in {"key_not_text", "too_deep"}


@example(  # what a mask leaves may read like a name
    [b"ship to 92 Eusebio Davila 57, Lima, LA 56139 please Ada.Lovelace+tag@mail.example.co.uk"],
    None,
    [],
    {"default": {"mask": {"keep_first": 3, "keep_last": 3, "keep_shape": True}}},
)
@given(VALUES, TEXTS | st.none(), HEADERS, FOUND)
def test_passing_twice_is_passing_once(
    value: Any, key: Any, headers: list[tuple[str, bytes]], found: dict[str, Any] | None
) -> None:
    gate = compiled(policy=None if found is None else {"found": found})
    once = through(gate, value, key, headers)
    twice = through(gate, once.value, once.record.key, once.record.headers)

    assert not twice.changed
    assert repr(twice.value) == repr(once.value)
    assert (twice.record.key, twice.record.headers) == (once.record.key, once.record.headers)


@given(VALUES, TEXTS | st.none(), HEADERS)
def test_what_holds_nothing_is_not_touched(
    value: Any, key: Any, headers: list[tuple[str, bytes]]
) -> None:
    record = Record(value, key, headers)
    if left_in(record):
        return
    before = copy.deepcopy((value, key, headers))
    findings: Counter[tuple[str, str]] = Counter()
    assert not OPEN.treat([record])
    scanned = OPEN.scan([record], findings)

    assert (scanned.changed, scanned.failed, findings) == (set(), {}, Counter())
    assert record.value is value
    assert record.key is key
    assert repr((record.value, record.key, record.headers)) == repr(before)


@pytest.mark.parametrize("text", EXAMPLES)
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(lambda text: ({"a": [text]}, None, []), id="value"),
        pytest.param(lambda text: (text, None, []), id="the whole value"),
        pytest.param(lambda text: ({"a": {text: 1}}, None, []), id="key of a map"),
        pytest.param(lambda text: ({"a": json.dumps({"b": text})}, None, []), id="JSON in text"),
        pytest.param(lambda text: ({"a": json.dumps({text: 1})}, None, []), id="key in JSON"),
        pytest.param(lambda text: ({"a": json.dumps(text)}, None, []), id="JSON text in text"),
        pytest.param(lambda text: ({"a": text.encode()}, None, []), id="bytes"),
        pytest.param(lambda text: ({}, text, []), id="record key"),
        pytest.param(lambda text: ({}, {"id": text}, []), id="field of the record key"),
        pytest.param(lambda text: (None, text, []), id="key of a tombstone"),
        pytest.param(lambda text: ({}, None, [("h", text.encode())]), id="header"),
        pytest.param(lambda text: ({}, None, [(text, b"")]), id="name of a header"),
    ],
)
def test_each_detector_is_heard_in_each_place(text: str, place: Any) -> None:
    value, key, headers = place(text)
    passage = through(OPEN, value, key, headers)
    secret = max((text[one.start : one.end] for one in SCAN.find(text)), key=len)

    assert passage.error is None
    assert passage.changed
    assert passage.findings
    everything = f"{passage.record.value!r}{passage.record.key!r}{passage.record.headers!r}"
    assert secret not in everything


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"mail {MAIL} now", "mail <EMAIL_ADDRESS> now", id="text around stays"),
        pytest.param(f"{MAIL}, {MAIL}", "<EMAIL_ADDRESS>, <EMAIL_ADDRESS>", id="each of several"),
        pytest.param({"n": int(CARD)}, {"n": "<CREDIT_CARD>"}, id="a number"),
        pytest.param({"n": float(CARD)}, {"n": "<CREDIT_CARD>"}, id="a double"),
        pytest.param(
            {MAIL: 1, "bo@example.com": 2},
            {"<EMAIL_ADDRESS>": 1, "<EMAIL_ADDRESS>_2": 2},
            id="two keys treated alike stay two",
        ),
        pytest.param(
            {"j": json.dumps({"a": MAIL, "n": 2**70})},
            {"j": '{"a":"<EMAIL_ADDRESS>","n":1180591620717411303424}'},
            id="JSON in text stays JSON, long numbers keep their digits",
        ),
        pytest.param(
            {"j": f'{{"a":"{MAIL}","a":"x"}}'},
            {"j": '{"a":["<EMAIL_ADDRESS>","x"]}'},
            id="a key given twice hides nothing",
        ),
        pytest.param(
            {"j": '{"a":"ada\\u0040example.com","b":"\\ud800"}'},
            {"j": '{"a":"<EMAIL_ADDRESS>","b":"\\ud800"}'},
            id="half a surrogate pair hides nothing",
        ),
        pytest.param({"b": MAIL.encode()}, {"b": b"<EMAIL_ADDRESS>"}, id="bytes stay bytes"),
        pytest.param(
            {"a": "phone@example.com"}, {"a": "<EMAIL_ADDRESS>"}, id="a word of context inside it"
        ),
        pytest.param(
            {"customerBSN": "111222333"}, {"customerBSN": "<NATIONAL_ID>"}, id="a name in capitals"
        ),
        pytest.param(
            {"tax": {"country": "DE", "id": 36574261809}},
            {"tax": {"country": "DE", "id": "<DE_TAX_ID>"}},
            id="context in the names around",
        ),
        pytest.param({"s": f"\ud800 {MAIL}"}, {"s": "\ud800 <EMAIL_ADDRESS>"}, id="broken text"),
    ],
)
def test_findings_are_replaced_by_their_kind(before: Any, after: Any) -> None:
    assert through(OPEN, before).value == after


def test_treatments_are_counted_by_entity_and_verb() -> None:
    gate = compiled(policy={"found": {"CREDIT_CARD": {"mask": {"keep_last": 4}}}})
    passage = through(gate, {"a": f"{CARD} {MAIL}", "b": MAIL}, MAIL)

    assert passage.value == {"a": "************1111 <EMAIL_ADDRESS>", "b": "<EMAIL_ADDRESS>"}
    assert passage.findings == {("CREDIT_CARD", "mask"): 1, ("EMAIL_ADDRESS", "replace"): 3}


def test_what_the_policy_keeps_stays_and_is_counted() -> None:
    gate = compiled(policy={"found": {"EMAIL_ADDRESS": {"keep": {}}}})
    passage = through(gate, f"{MAIL} {CARD}")

    assert passage.value == f"{MAIL} <CREDIT_CARD>"
    assert passage.findings["EMAIL_ADDRESS", "keep"] >= 1


def test_a_treatment_that_writes_a_finding_comes_to_an_end() -> None:
    gate = compiled(policy={"found": {"default": {"replace": {"with": "bo@example.com"}}}})

    assert through(gate, f"mail {MAIL}").value == "mail bo@example.com"


# the rules of fields


def test_fields_are_treated_by_path_and_not_searched_again() -> None:
    gate = compiled(
        {
            "fields": {
                "mail": {"keep": {}},
                "card.number": {"mask": {"keep_last": 4}},
                "people[*].name": {"redact": {}},
                "gone": {"remove": {}},
            }
        }
    )
    passage = through(
        gate,
        {
            "mail": MAIL,
            "card": {"number": CARD},
            "people": [{"name": "Ada"}, {"name": "Bo", "age": 5}],
            "gone": 1,
        },
    )

    assert passage.value == {
        "mail": MAIL,
        "card": {"number": "************1111"},
        "people": [{"name": "<REDACTED>"}, {"name": "<REDACTED>", "age": 5}],
    }
    assert not passage.findings


def test_a_rule_for_a_field_does_not_shelter_its_namesake_in_json_text() -> None:
    gate = compiled({"fields": {"a": {"keep": {}}}})
    passage = through(gate, {"a": MAIL, "b": json.dumps({"a": MAIL}), "c": {"a": MAIL}})

    assert passage.value == {
        "a": MAIL,
        "b": '{"a":"<EMAIL_ADDRESS>"}',
        "c": {"a": "<EMAIL_ADDRESS>"},
    }


def test_keys_of_a_map_whose_values_a_rule_treats_are_searched() -> None:
    gate = compiled({"fields": {"sent": {"replace": {"with": "x"}}}})
    before = {"sent": {MAIL: "hello", "b": [{CARD: ["y"]}]}}

    assert through(gate, before).value == {
        "sent": {"<EMAIL_ADDRESS>": "x", "b": [{"<CREDIT_CARD>": ["x"]}]}
    }


def test_a_map_that_a_rule_keeps_is_kept_with_its_keys() -> None:
    gate = compiled({"fields": {"public": {"keep": {}}}})

    assert through(gate, {"public": {MAIL: MAIL}, "b": MAIL}).value == {
        "public": {MAIL: MAIL}, "b": "<EMAIL_ADDRESS>",
    }  # fmt: skip


def test_a_field_that_is_not_there_stays_away() -> None:
    gate = compiled({"fields": {"a.b": {"redact": {}}}})

    values: list[Any] = [{}, {"a": None}, {"a": 5}, {"a": []}, None, 5, []]
    for value in values:
        assert through(gate, value).value == value


# which text is searched


def test_only_the_named_paths_are_searched_and_key_and_headers_always() -> None:
    gate = compiled({"scan": ["note", "items[*].text"], "fields": {"note.id": {"keep": {}}}})
    value: Any = {"note": {"id": MAIL, "x": MAIL}, "items": [{"text": MAIL, "b": MAIL}], "b": MAIL}
    passage = through(gate, value, MAIL, [("h", MAIL.encode())])

    found = "<EMAIL_ADDRESS>"
    assert passage.value == {
        "note": {"id": MAIL, "x": found}, "items": [{"text": found, "b": MAIL}], "b": MAIL,
    }  # fmt: skip
    assert (passage.record.key, passage.record.headers) == (found, [("h", found.encode())])
    assert not gate.scans


@pytest.mark.parametrize(
    ("privacy", "policy"),
    [
        pytest.param({"scan": {"nothing": "synthetic data only"}}, None, id="scan: nothing"),
        pytest.param({}, {"unclassified": {"allow": "public weather data"}}, id="allow"),
    ],
)
def test_without_a_scan_the_value_stays_but_key_and_headers_do_not(
    privacy: dict[str, Any], policy: dict[str, Any] | None
) -> None:
    gate = compiled(privacy, policy)
    passage = through(gate, {"a": MAIL}, MAIL, [("h", MAIL.encode())])

    assert passage.value == {"a": MAIL}
    assert MAIL not in f"{passage.record.key!r}{passage.record.headers!r}"
    assert not gate.scans


def test_a_path_that_is_not_there_is_no_scan() -> None:
    with pytest.raises(
        ConfigError, match=r"privacy\.scan\[0\]: no field `nte`.*did you mean `note`"
    ):
        compiled({"scan": ["nte"]}, shape=Shape("object", fields={"note": STRING}))


def test_an_entity_that_no_detector_finds_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"no detector finds `EMAIL`; .*did you mean `EMAIL_ADDRES"
    ):
        compiled(policy={"found": {"EMAIL": {"redact": {}}}})
    with pytest.raises(ConfigError, match="finds `ZZZ`; known: ABA_ROUTING_NUMBER, ADDRESS, "):
        compiled(policy={"found": {"ZZZ": {"redact": {}}}})


# the key


@pytest.mark.parametrize(
    ("treatment", "key", "after"),
    [
        pytest.param({"redact": {}}, "Ada", "<KEY>", id="redacted"),
        pytest.param({"remove": {}}, "Ada", None, id="removed"),
        pytest.param({"keep": {}}, MAIL, MAIL, id="kept and not searched"),
        pytest.param({"keep": {}}, b"\xff", b"\xff", id="opaque and kept"),
        pytest.param({"mask": {}}, {"id": "Ada"}, {"id": "***"}, id="each of its fields"),
        pytest.param({"redact": {}}, None, None, id="none"),
    ],
)
def test_the_key_is_treated(treatment: dict[str, Any], key: Any, after: Any) -> None:
    passage = through(compiled({"key": treatment}), {}, key)

    assert passage.error is None
    assert passage.record.key == after


def test_an_opaque_key_without_a_rule_does_not_leave() -> None:
    error = through(OPEN, {}, CANARY.encode()).error

    assert error is not None
    assert error.code == "key_not_text"
    assert CANARY not in str(error)


# what cannot be searched


def test_bytes_that_are_no_text_do_not_leave_unless_a_rule_or_reason_says_so() -> None:
    value: dict[str, Any] = {"id": b"\xff\x00", "n": 1}
    refused = through(OPEN, value).error

    assert refused is not None
    assert refused.code == "bytes_not_text"
    reasons: list[dict[str, Any]] = [
        {"fields": {"id": {"keep": {}}}},
        {"bytes": "digests of blocks, no text"},
    ]
    for privacy in reasons:
        assert through(compiled(privacy), value).value == value


def test_a_whole_value_of_bytes_passes_as_it_is_with_a_reason_only() -> None:
    shape = Shape("bytes")
    value = MAIL.encode() + b"\xff"

    assert (
        through(compiled({"bytes": "encrypted by the sender"}, shape=shape), value).value == value
    )
    assert through(compiled(shape=shape), value).error is not None


def test_bytes_do_not_hide_in_base64() -> None:
    gate = compiled(shape=Shape("object", fields={"b": Shape("bytes")}))
    record = Record({"b": MAIL.encode()})
    scanned = gate.scan([record], Counter())

    assert scanned.changed == {0}
    assert record.value == {"b": b"<EMAIL_ADDRESS>"}


class Odd:
    def __repr__(self) -> str:
        return CANARY

    __str__ = __repr__


def _nested(levels: int) -> Any:
    value: Any = CANARY
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param({"a": _nested(300)}, "too_deep", id="too deep to be searched"),
        pytest.param({"a": Odd()}, "unsearchable", id="of an unknown type"),
        pytest.param({"a": {1, 2}}, "unsearchable", id="a set"),
        pytest.param({"a": (MAIL,)}, "unsearchable", id="a tuple"),
        pytest.param({"a": CANARY.encode() + b"\xff"}, "bytes_not_text", id="opaque bytes"),
    ],
)
def test_what_cannot_be_searched_does_not_leave_and_its_neighbours_do(
    value: Any, code: str
) -> None:
    records = [Record({"a": MAIL}), Record(value), Record({"a": "b"}), Record({"a": CARD})]
    assert not OPEN.treat(records)
    scanned = OPEN.scan(records, Counter())

    assert {index: error.code for index, error in scanned.failed.items()} == {1: code}
    assert scanned.changed == {0, 3}
    assert CANARY not in "".join(traceback.format_exception(scanned.failed[1]))


def test_numbers_of_any_length_and_broken_text_pass() -> None:
    value = {"n": 2**100, "s": "\ud800", "x": float("nan")}
    passage = through(OPEN, value)

    assert passage.error is None
    assert repr(passage.value) == repr(value)


def test_a_failing_treatment_keeps_the_record_back_without_quoting_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = compiled({"fields": {"a": {"redact": {}}}})

    def fail(*_: object) -> object:
        raise ValueError(CANARY)

    monkeypatch.setattr(gate._cleaner, "cleaned", fail)
    record = Record({"b": MAIL})
    scanned = gate.scan([record], Counter())
    assert scanned.failed[0].code == "gate_failed"
    assert CANARY not in "".join(traceback.format_exception(scanned.failed[0]))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({f"a{n}@example.com": n for n in range(20_000)}, id="keys treated alike"),
        pytest.param(" ".join([MAIL] * 40_000), id="one text of findings"),
        pytest.param('{"a":1,' * 100_000, id="broken JSON"),
        pytest.param("[" * 500_000 + MAIL, id="brackets"),
        pytest.param('{"' + '":1,"'.join(["a"] * 100_000) + f'":"{MAIL}"}}', id="one key, often"),
        pytest.param([[MAIL] * 200] * 200, id="many small findings"),
        pytest.param("card tax id ssn birth " * 20_000, id="words that speak of nothing"),
    ],
)
def test_a_hostile_record_takes_linear_time(value: Any) -> None:
    started = time.process_time()  # of a busy machine's time much is others'
    passage = through(OPEN, value)

    assert time.process_time() - started < 10
    assert passage.error is not None or left_in(passage.record) == []


# what is known before any record


def test_a_gate_tells_its_rules_and_effects() -> None:
    person = Shape("object", fields={"name": NULLABLE_STRING, "mail": STRING})
    shape = Shape("object", fields={"person": person, "n": Shape("int"), "b": STRING})
    gate = compiled(
        {"fields": {"person": {"hash": {"key": "k"}}, "n": {"remove": {}}, "b": {"keep": {}}}},
        shape=shape,
        strict_types=True,
    )

    assert gate.rules == (
        ("person", "path", "hash"),
        ("person.name", "path", "hash"),
        ("person.mail", "path", "hash"),
        ("n", "path", "remove"),
        ("b", "path", "keep"),
    )
    assert gate.effects == (Retyped(FieldPath("person"), person), Removed(FieldPath("n")))
    assert gate.scans


def test_no_repr_shows_a_value() -> None:
    passage = through(OPEN, {"a": CANARY}, CANARY, [("h", CANARY.encode())])

    assert CANARY not in repr((OPEN, passage.record))
    assert CANARY not in OPEN.preview({"a": CANARY, CANARY: 1})


def test_a_policy_names_the_countries_whose_telephone_numbers_are_read() -> None:
    spanish = compiled(policy={"phone_regions": ["ES"]})

    assert through(spanish, {"note": "nos vemos, 612 345 678."}).value == {
        "note": "nos vemos, <PHONE_NUMBER>."
    }
    assert through(compiled(), {"note": "nos vemos, 612 345 678."}).changed is False

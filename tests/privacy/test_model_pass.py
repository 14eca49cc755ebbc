from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipelines.detector import Finding
from pipelines.entity_model import EntityModel, Found, NoModels
from pipelines.errors import ConfigError
from pipelines.keyring import MemoryKeyring
from pipelines.privacy.gate import Gate
from pipelines.privacy.policy import Policy, Privacy
from pipelines.privacy.scan import Scan
from pipelines.record import Record
from pipelines.shape import ANY

SCAN = Scan()
NAME = "zorvanth quill"  # no list and no rule knows it


@dataclass
class Words:
    """A model that knows some words, and gives no answer for others."""

    known: Mapping[str, str] = field(default_factory=lambda: {NAME: "PER", "acme": "ORG"})
    deaf_to: str = "\0"
    labels: frozenset[str] = frozenset({"PER", "ORG"})
    asked: list[list[str]] = field(default_factory=list)

    def find(self, texts: Sequence[str]) -> list[Found]:
        self.asked.append(list(texts))
        return [
            None
            if self.deaf_to in text
            else tuple(
                Finding(at, at + len(word), label, 0.8)
                for word, label in self.known.items()
                for at in [text.find(word)]
                if at >= 0
            )
            for text in texts
        ]

    def model(self, policy: str) -> EntityModel:
        del policy
        return self


def passed(
    values: Sequence[Any],
    model: Words,
    found: Mapping[str, Any] | None = None,
    privacy: Mapping[str, Any] | None = None,
    key: str | None = None,
    headers: Sequence[tuple[str, bytes]] = (),
) -> tuple[list[Record], dict[int, str], set[int]]:
    gate = Gate.compile(
        Privacy.model_validate({"policy": "p", **(privacy or {})}),
        Policy.model_validate({"policy": "p", "ner": "names", "found": found or {}}),
        ANY,
        MemoryKeyring({"k": bytes(32)}),
        SCAN,
        strict_types=False,
        models=model,
    )
    records = [Record(copy.deepcopy(value), key, list(headers)) for value in values]
    assert not gate.treat(records)
    scanned = gate.scan(records, Counter())
    return records, {at: one.code for at, one in scanned.failed.items()}, scanned.changed


def test_what_the_model_finds_is_treated_wherever_it_stands() -> None:
    value = {
        "note": f"ask {NAME} again",
        "list": [f"from {NAME}", 7, None],
        "map": {f"for {NAME}": 1, "other": 2},
        "inner": f'{{"text": "by {NAME} now"}}',
        "bytes": f"is {NAME} there".encode(),
    }
    (record,), failed, changed = passed(
        [value], Words(), key=f"key of {NAME}", headers=[("h", f"head {NAME}".encode())]
    )

    assert failed == {}
    assert changed == {0}
    assert record.value == {
        "note": "ask <PERSON> again",
        "list": ["from <PERSON>", 7, None],
        "map": {"for <PERSON>": 1, "other": 2},
        "inner": '{"text":"by <PERSON> now"}',
        "bytes": b"is <PERSON> there",
    }
    assert record.key == "key of <PERSON>"
    assert record.headers == [("h", b"head <PERSON>")]


def test_the_texts_of_a_chunk_are_asked_for_at_once_and_each_once() -> None:
    model = Words()
    passed([{"a": "same text here"}, {"a": "same text here"}, {"b": "another one, word"}], model)

    assert model.asked == [["same text here", "another one, word"]]


def test_single_words_and_codes_are_not_asked_for() -> None:
    model = Words()
    passed([{"id": "o-17", "n": 4, "state": "paid", "when": "2026-03-02 10:11"}], model)

    assert model.asked == []


def test_a_record_the_model_gives_no_answer_for_does_not_leave_and_others_do() -> None:
    records, failed, _ = passed(
        [{"a": f"poison {NAME}"}, {"a": f"ask {NAME}"}], Words(deaf_to="poison")
    )

    assert failed == {0: "model_failed"}
    assert records[1].value == {"a": "ask <PERSON>"}


def test_what_detectors_found_before_stays_as_it_was_treated() -> None:
    model = Words(known={"<EMAIL_ADDRESS>": "PER", "mail <EMAIL_ADDRESS>": "PER"})
    (record,), _, _ = passed([{"a": "mail ada@example.com now"}], model)

    assert record.value == {"a": "mail <EMAIL_ADDRESS> now"}


def test_organisations_count_only_where_the_policy_names_them() -> None:
    value = {"a": f"{NAME} of acme here"}
    (plain,), _, _ = passed([value], Words())
    (named,), _, _ = passed([value], Words(), found={"ORGANIZATION": {"mask": {}}})

    assert plain.value == {"a": "<PERSON> of acme here"}
    assert named.value == {"a": "<PERSON> of **** here"}


def test_fields_that_rules_treat_and_paths_that_are_not_scanned_are_left_alone() -> None:
    value = {"public": f"ask {NAME}", "text": f"ask {NAME}"}
    (kept,), _, _ = passed([value], Words(), privacy={"fields": {"public": {"keep": {}}}})
    (scoped,), _, _ = passed([value], Words(), privacy={"scan": ["text"]})

    wanted = {"public": f"ask {NAME}", "text": "ask <PERSON>"}
    assert kept.value == wanted
    assert scoped.value == wanted


def test_two_names_of_fields_treated_alike_lose_no_value() -> None:
    model = Words(known={NAME: "PER", "okundra vey": "PER"})
    (record,), _, _ = passed([{f"for {NAME}": 1, "for okundra vey": 2}], model)

    assert record.value == {"for <PERSON>": 1, "for <PERSON>_2": 2}


def test_a_record_too_deep_for_it_does_not_leave() -> None:
    deep: Any = "some text here"
    for _ in range(70):
        deep = [deep]
    _, failed, _ = passed([deep], Words())

    assert failed == {0: "too_deep"}


def test_a_policy_with_a_model_does_not_start_where_none_can_be_loaded() -> None:
    with pytest.raises(ConfigError, match="policy `p` names a model"):
        NoModels().model("p")
    with pytest.raises(ConfigError, match="none can be loaded here"):
        Gate.compile(
            Privacy(policy="p"),
            Policy(policy="p", ner="names"),
            ANY,
            MemoryKeyring({}),
            SCAN,
            strict_types=False,
        )

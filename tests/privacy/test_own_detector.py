from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.errors import ConfigError
from pipelines.privacy.own_detector import OwnDetector, built
from pipelines.privacy.scan import Scan

EMPLOYEE: dict[str, Any] = {
    "entity": "EMPLOYEE_ID",
    "pattern": r"(?:^|[^A-Z])(?P<found>EMP-\d{6})(?:$|\D)",
    "examples": ["by EMP-004711 today"],
    "counterexamples": ["EMP-47"],
}


def detector(**changes: object) -> OwnDetector:
    return OwnDetector.model_validate(EMPLOYEE | changes)


def found(own: OwnDetector, text: str) -> list[str]:
    scan = Scan(()).with_detectors(built({"own": own}))
    findings = scan.find(text)
    assert not findings or scan.suspicious([text.encode()]) == [0]
    return [text[one.start : one.end] for one in findings]


def test_a_pattern_finds_beside_the_catalogue() -> None:
    scan = Scan().with_detectors(built({"employee": detector()}))

    assert [one.entity for one in scan.find("EMP-004711 is ada@example.com")] == [
        "EMPLOYEE_ID",
        "EMAIL_ADDRESS",
    ]


def test_a_list_of_words_finds_whole_words_in_any_case() -> None:
    own = detector(
        pattern=None,
        deny=["Project Kraken", "kraken"],
        examples=["about project kraken"],
        counterexamples=["krakens"],
    )

    assert found(own, "PROJECT KRAKEN, krakens, Kraken") == ["PROJECT KRAKEN", "Kraken"]


def test_a_large_list_is_searched() -> None:
    words = [f"codeword{number}x" for number in range(20_000)]
    own = detector(
        pattern=None, deny=words, examples=["codeword17x"], counterexamples=["codeword17y"]
    )

    assert found(own, "see codeword19999x and codeword20000x") == ["codeword19999x"]


def test_what_is_allowed_is_not_found() -> None:
    assert found(detector(allow=["EMP-000000"]), "EMP-000000 EMP-000001") == ["EMP-000001"]


def test_a_word_must_stand_near() -> None:
    own = detector(
        pattern=r"\d{6}", context=["badge"], examples=["badge 123456"], counterexamples=["123456"]
    )

    assert found(own, "your Badge: 123456") == ["123456"]
    assert found(own, "order 123456") == []


@pytest.mark.parametrize(
    ("validator", "right", "wrong"),
    [
        ("luhn", "7992-7398-713", "7992-7398-714"),
        ("verhoeff", "2363", "2364"),
        ("de.idnr", "36574261809", "36574261890"),
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
    ],
)
def test_a_validator_is_named(validator: str, right: str, wrong: str) -> None:
    own = detector(
        pattern=r"(?:^|\n)(?P<found>[A-Z0-9][A-Z0-9 \-]+[A-Z0-9])$",
        validator=validator,
        examples=[right],
        counterexamples=[wrong],
    )

    assert found(own, right) == [right]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"examples": ["EMP-1"]}, "detector `own`: example 1 is not found", id="example"
        ),
        pytest.param(
            {"counterexamples": ["EMP-004711"]},
            "detector `own`: counterexample 1 is found",
            id="counterexample",
        ),
        pytest.param({"pattern": "(?=a)b"}, "not a pattern of google-re2", id="lookahead"),
        pytest.param({"pattern": r"\d*"}, "matches the empty text", id="empty"),
        pytest.param({"validator": "xx.nothing"}, "no validator `xx.nothing`", id="validator"),
    ],
)
def test_a_detector_that_is_wrong_does_not_start(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("(", r"\(")):
        built({"own": detector(**changes)})


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"pattern": None}, id="neither pattern nor words"),
        pytest.param({"deny": ["a"]}, id="both"),
        pytest.param({"examples": []}, id="no example"),
        pytest.param({"counterexamples": []}, id="no counterexample"),
        pytest.param({"validator": "os.path"}, id="no number of a country"),
    ],
)
def test_what_is_written_is_checked(changes: dict[str, Any]) -> None:
    if changes.get("validator"):
        with pytest.raises((ValidationError, ConfigError)):
            built({"own": detector(**changes)})
    else:
        with pytest.raises(ValidationError):
            detector(**changes)

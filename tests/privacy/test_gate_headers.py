from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from pipelines.errors import RecordError
from pipelines.keyring import MemoryKeyring
from pipelines.privacy.gate_headers import Header, treating
from pipelines.treatment import TreatmentConfig
from pipelines.treatments import AnyTreatment

ADAPTER: TypeAdapter[TreatmentConfig] = TypeAdapter(AnyTreatment)
CANARY = b"canary-5b7e"


def treated(rule: object, *headers: tuple[str, bytes | None]) -> list[Header]:
    rules = {} if rule is None else {"h": ADAPTER.validate_python(rule).build(MemoryKeyring({}))}
    return treating(rules)(list(headers))  # type: ignore[arg-type] # Kafka has null there


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        pytest.param(None, ("h", b"x"), [("h", b"x")], id="no rule"),
        pytest.param(None, ("h", None), [("h", b"")], id="null is empty"),
        pytest.param({"redact": {}}, ("h", b"x"), [("h", b"<HEADER>")], id="redacted"),
        pytest.param({"mask": {}}, ("h", "é!".encode()), [("h", b"**")], id="by characters"),
        pytest.param({"remove": {}}, ("h", b"x"), [], id="removed"),
        pytest.param({"remove": {}}, ("h", None), [], id="null removed"),
        pytest.param({"keep": {}}, ("h", b"x"), [("h", b"x")], id="kept"),
        pytest.param({"keep": {}}, ("h", b"\xff"), [("h", b"\xff")], id="opaque and kept"),
        pytest.param({"mask": {}}, ("h", b"\xff\x00"), [("h", b"**")], id="opaque and masked"),
        pytest.param({"redact": {}}, ("H", b"x"), [("H", b"x")], id="another name"),
    ],
)
def test_a_header_is_treated_by_its_rule(
    rule: object, before: tuple[str, bytes | None], after: list[Header]
) -> None:
    assert treated(rule, before) == after


def test_order_and_repetition_stay() -> None:
    headers = [("a", b"1"), ("h", b"2"), ("a", b"3"), ("h", b"4")]

    assert treated({"redact": {}}, *headers) == [
        ("a", b"1"), ("h", b"<HEADER>"), ("a", b"3"), ("h", b"<HEADER>"),
    ]  # fmt: skip


def test_an_opaque_header_without_a_rule_does_not_leave() -> None:
    with pytest.raises(RecordError, match=r"privacy\.headers") as failure:
        treated(None, (CANARY.decode(), CANARY + b"\xff"))

    assert failure.value.code == "header_not_text"
    assert CANARY.decode() not in str(failure.value)

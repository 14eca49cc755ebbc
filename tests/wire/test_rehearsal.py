from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from pipelines.errors import ConfigError
from pipelines.wire.registry import HttpRegistry
from pipelines.wire.rehearsal import RehearsalRegistry


def schema(*names: str, default: bool = False) -> dict[str, Any]:
    fields = [{"name": name, "type": "int"} | ({"default": 0} if default else {}) for name in names]
    return {"type": "record", "name": "A", "fields": fields}


@pytest.fixture
def registry(schema_registry_url: str) -> Iterator[HttpRegistry]:
    client = HttpRegistry(schema_registry_url)
    yield client
    client.close()


@pytest.fixture
def subject() -> str:
    return f"clean.{uuid4()}-value"


@pytest.mark.kafka
def test_a_rehearsal_leaves_nothing_in_the_registry(
    registry: HttpRegistry, schema_registry_url: str, subject: str
) -> None:
    rehearsal = RehearsalRegistry(registry)
    number = rehearsal.register(subject, schema("x"), "FULL")
    assert rehearsal.by_id(number) == schema("x")
    assert rehearsal.latest(subject) == (number, schema("x"))
    assert subject not in httpx.get(f"{schema_registry_url}/subjects").json()
    assert httpx.get(f"{schema_registry_url}/config/{subject}").status_code == 404


@pytest.mark.kafka
def test_a_rehearsal_gives_the_ids_that_the_registry_has(
    registry: HttpRegistry, subject: str
) -> None:
    number = registry.register(subject, schema("x"))
    rehearsal = RehearsalRegistry(registry)
    assert rehearsal.register(subject, schema("x")) == number
    assert rehearsal.by_id(number) == schema("x")


@pytest.mark.kafka
def test_a_rehearsal_fails_where_the_registry_would_refuse(
    registry: HttpRegistry, subject: str
) -> None:
    registry.register(subject, schema("x"), "BACKWARD")
    rehearsal = RehearsalRegistry(registry)
    with pytest.raises(ConfigError, match="`must` is new, has no default") as caught:
        rehearsal.register(subject, schema("x", "must"), "BACKWARD")
    assert subject in str(caught.value)
    assert rehearsal.register(subject, schema("x", "must"), "NONE") > 2**31
    assert registry.latest(subject)[1] == schema("x")


@pytest.mark.kafka
def test_an_incompatible_schema_is_refused_with_what_changed(
    registry: HttpRegistry, subject: str
) -> None:
    registry.register(subject, schema("x"), "BACKWARD")
    with pytest.raises(ConfigError, match="`must` is new, has no default"):
        registry.register(subject, schema("x", "must"), "BACKWARD")
    assert registry.register(subject, schema("x", "may", default=True), "BACKWARD") > 0


@pytest.mark.kafka
def test_references_that_share_a_type_define_it_once(
    registry: HttpRegistry, schema_registry_url: str, subject: str
) -> None:
    def post(name: str, written: Any, *references: str) -> None:
        listed = [{"name": f"s.{one}", "subject": f"{one}-{subject}", "version": 1}
                  for one in references]  # fmt: skip
        answer = httpx.post(
            f"{schema_registry_url}/subjects/{name}-{subject}/versions",
            json={"schema": json.dumps(written), "references": listed},
        )
        assert answer.is_success, answer.text

    def record(name: str, **fields: Any) -> dict[str, Any]:
        listed = [{"name": field, "type": kind} for field, kind in fields.items()]
        return {"type": "record", "name": name, "namespace": "s", "fields": listed}

    post("Money", record("Money", cents="long"))
    post("Price", record("Price", net="s.Money"), "Money")
    post("Fee", record("Fee", due="Money"), "Money")
    post("Order", record("Order", price="s.Price", fee="s.Fee"), "Price", "Fee")
    _, found = registry.latest(f"Order-{subject}")
    price, fee = (field["type"] for field in found["fields"])
    assert price["fields"][0]["type"]["name"] == "Money"
    assert fee["fields"][0]["type"] == "Money"

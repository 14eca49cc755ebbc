from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from pipelines.cli.workspace import Workspace
from pipelines.embedded.loopback import free_ports
from pipelines.embedded.registry import EmbeddedRegistry
from pipelines.errors import ConfigError, DeliveryError, RecordError
from pipelines.runtime.assembly import http_registry
from pipelines.settings import Settings
from pipelines.wire import avro
from pipelines.wire.registry import HttpRegistry
from tests.support.planned import raw

ONE = {"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}
TWO = {
    "type": "record",
    "name": "A",
    "fields": [
        {"name": "x", "type": "int"},
        {"name": "email", "type": "string", "default": "", "confluent:tags": ["PII"]},
    ],
}
BROKEN = {
    "type": "record",
    "name": "A",
    "fields": [{"name": "x", "type": "int"}, {"name": "must", "type": "string"}],
}


@pytest.fixture
def registry(schema_registry_url: str) -> Iterator[HttpRegistry]:
    client = HttpRegistry(schema_registry_url)
    yield client
    client.close()


@pytest.fixture
def subject() -> str:
    return f"clean.{uuid4()}-value"


@pytest.mark.kafka
def test_what_was_registered_is_found_by_subject_and_id(
    registry: HttpRegistry, schema_registry_url: str, subject: str
) -> None:
    first = registry.register(subject, ONE)
    second = registry.register(subject, TWO)
    assert first != second
    other = HttpRegistry(schema_registry_url)
    assert other.latest(subject) == (second, TWO)
    assert other.by_id(first) == ONE
    other.close()


@pytest.mark.kafka
def test_the_same_schema_has_the_same_id(registry: HttpRegistry, subject: str) -> None:
    assert registry.register(subject, TWO) == registry.register(subject, TWO)


@pytest.mark.kafka
def test_a_subject_name_may_hold_any_character(registry: HttpRegistry, subject: str) -> None:
    name = f"a/b c%{subject}?#"
    number = registry.register(name, ONE)
    assert registry.latest(name) == (number, ONE)


@pytest.mark.kafka
def test_a_missing_subject_is_named(registry: HttpRegistry) -> None:
    with pytest.raises(ConfigError, match="`nowhere-value`"):
        registry.latest("nowhere-value")


@pytest.mark.kafka
def test_a_missing_id_fails_the_record_only(registry: HttpRegistry) -> None:
    with pytest.raises(RecordError) as caught:
        registry.by_id(2_000_000_000)
    assert caught.value.code == "schema_unknown"


@pytest.mark.kafka
def test_an_incompatible_schema_is_refused_by_its_subject(
    registry: HttpRegistry, subject: str
) -> None:
    registry.register(subject, ONE, "BACKWARD")
    with pytest.raises(ConfigError, match=subject) as caught:
        registry.register(subject, BROKEN, "BACKWARD")
    assert "publish to a new topic" in str(caught.value)
    assert registry.register(subject, BROKEN, "NONE") > 0


@pytest.mark.kafka
def test_compatibility_is_set_for_the_subject_before_it_registers(
    registry: HttpRegistry, schema_registry_url: str, subject: str
) -> None:
    registry.register(subject, ONE, "FULL")
    answer = httpx.get(f"{schema_registry_url}/config/{subject}")
    assert answer.json()["compatibilityLevel"] == "FULL"


@pytest.mark.kafka
def test_what_is_no_schema_is_refused_by_its_subject(registry: HttpRegistry, subject: str) -> None:
    with pytest.raises(ConfigError, match=subject):
        registry.register(subject, {"type": "recrod"})


@pytest.mark.kafka
def test_a_referenced_schema_is_put_in(schema_registry_url: str, subject: str) -> None:
    person = {"type": "record", "name": "Person", "namespace": "shop", "fields": ONE["fields"]}
    order = {
        "type": "record",
        "name": "Order",
        "fields": [
            {"name": "buyer", "type": "shop.Person"},
            {"name": "seller", "type": ["null", "shop.Person"]},
        ],
    }
    posted = httpx.post(
        f"{schema_registry_url}/subjects/person-{subject}/versions",
        json={"schema": json.dumps(person)},
    )
    assert posted.is_success
    reference = {"name": "shop.Person", "subject": f"person-{subject}", "version": 1}
    posted = httpx.post(
        f"{schema_registry_url}/subjects/{subject}/versions",
        json={"schema": json.dumps(order), "references": [reference]},
    )
    assert posted.is_success
    client = HttpRegistry(schema_registry_url)
    _, found = client.latest(subject)
    client.close()
    assert found["fields"][0]["type"] == person
    assert found["fields"][1]["type"] == ["null", "shop.Person"]


@pytest.mark.kafka
@pytest.mark.timeout(180)
def test_a_login_is_sent_and_a_wrong_one_names_its_settings() -> None:
    with EmbeddedRegistry(user="clearwater", password="open-sesame") as guarded:
        right = HttpRegistry(guarded.url, auth=("clearwater", "open-sesame"))
        assert right.register("a-value", ONE) > 0
        right.close()
        wrong = HttpRegistry(guarded.url, auth=("clearwater", "swordfish"))
        for call in (lambda: wrong.latest("a-value"), lambda: wrong.by_id(1)):
            with pytest.raises(ConfigError, match="CLEARWATER_SCHEMA_REGISTRY_PASSWORD") as caught:
                call()
            assert "swordfish" not in str(caught.value) + repr(wrong)
        wrong.close()


def test_a_registry_that_is_down_is_a_failed_delivery() -> None:
    (port,) = free_ports(1)
    client = HttpRegistry(f"http://127.0.0.1:{port}", retry_seconds=0.3)
    with pytest.raises(DeliveryError, match="does not answer"):
        client.latest("a-value")
    client.close()


def test_a_registry_that_comes_back_is_asked_again(scripted: Any) -> None:
    url, asked = scripted((503, ""), (500, ""), (429, ""), (200, {"schema": json.dumps(ONE)}))
    client = HttpRegistry(url)
    assert client.by_id(5) == ONE
    assert asked == ["GET /some/prefix/schemas/ids/5"] * 4
    client.close()


def test_a_registry_that_only_fails_is_given_up(scripted: Any) -> None:
    url, asked = scripted((503, ""))
    client = HttpRegistry(url, retry_seconds=0.5)
    with pytest.raises(DeliveryError, match="503"):
        client.register("a-value", ONE)
    assert len(asked) > 1
    client.close()


@pytest.mark.parametrize(
    "body", ["<html>hello</html>", [], {"no": "schema"}, {"schema": "{"}], ids=str
)
def test_another_server_is_no_registry(scripted: Any, body: object) -> None:
    url, _ = scripted((200, body))
    client = HttpRegistry(url)
    for call in (lambda: client.by_id(5), lambda: client.latest("a-value")):
        with pytest.raises(ConfigError, match="no schema registry"):
            call()
    client.close()


def test_schemas_are_kept_for_ever_and_the_newest_for_a_while(scripted: Any) -> None:
    url, asked = scripted((200, {"id": 5, "schema": json.dumps(ONE)}))
    now = [100.0]
    client = HttpRegistry(url, clock=lambda: now[0])
    for _ in range(3):
        assert client.latest("a-value") == (5, ONE)
        assert client.by_id(5) == ONE
    assert len(asked) == 1
    now[0] += 3600
    client.latest("a-value")
    client.by_id(5)
    assert len(asked) == 2
    client.close()


def test_a_schema_that_is_not_avro_is_refused(scripted: Any) -> None:
    url, _ = scripted((200, {"id": 5, "schemaType": "PROTOBUF", "schema": "message A {}"}))
    client = HttpRegistry(url)
    with pytest.raises(RecordError, match="PROTOBUF"):
        client.by_id(5)
    with pytest.raises(ConfigError, match="PROTOBUF"):
        client.latest("a-value")
    client.close()


def test_settings_give_the_client_and_its_text_holds_no_secret() -> None:
    settings = Settings(
        schema_registry="http://127.0.0.1:1/prefix/",
        schema_registry_user="clearwater",
        schema_registry_password="open-sesame",
    )
    client = http_registry(settings)
    assert repr(client) == "HttpRegistry('http://127.0.0.1:1/prefix')"
    client.close()


def test_a_broken_certificate_names_its_settings(tmp_path: Any) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    settings = Settings(schema_registry="https://127.0.0.1:1", schema_registry_ca=broken)
    with pytest.raises(ConfigError, match="CLEARWATER_SCHEMA_REGISTRY_CA"):
        http_registry(settings)


@pytest.mark.kafka
def test_an_older_schema_that_is_met_late_follows_the_newest(
    registry: HttpRegistry, schema_registry_url: str, tmp_path: Path
) -> None:
    """A required field was taken out; what was derived from the newer schema came first."""
    topic = f"raw.{uuid4()}"
    first = registry.register(f"{topic}-value", BROKEN)
    newest = registry.register(f"{topic}-value", ONE)
    (tmp_path / "p.yaml").write_text(
        f"pipeline: p\nsource: {{topic: {topic}, value: avro}}\n"
        f"publish: {{topic: {topic}.clean, value: avro, compatibility: BACKWARD}}\n"
        f"dead_letter: {{topic: {topic}.dead}}\n",
        encoding="utf-8",
    )
    settings = Settings(schema_registry=schema_registry_url)
    plan = Workspace.open(tmp_path, settings, registers=True).sound().plans["p"]
    late = avro.encoder(BROKEN, first)({"x": 1, "must": "y"})
    new = avro.encoder(ONE, newest)({"x": 2})
    records = [raw(late, offset=0), raw(new, offset=1)]
    plan.learn(None)
    for schema_id in plan.unknown_schemas(records):
        plan.learn(schema_id)
    outputs = plan.run(records, topic, 0).outputs[f"{topic}.clean"]

    number, derived = registry.latest(f"{topic}.clean-value")
    assert [avro.schema_id(one.value or b"") for one in outputs] == [number, number]
    read = avro.decoder(derived)
    assert [read(one.value or b"") for one in outputs] == [{"x": 1}, {"x": 2}]

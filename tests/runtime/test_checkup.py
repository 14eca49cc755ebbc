from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipelines.declaration.pipeline import Pipeline
from pipelines.embedded.loopback import free_ports
from pipelines.embedded.registry import EmbeddedRegistry
from pipelines.keyring import create_key
from pipelines.runtime.checkup import Finding, brokers, machine, registry
from pipelines.settings import load_settings
from pipelines.wire.registry import HttpRegistry
from tests.runtime.test_expiry import NOW, certificate
from tests.support.traffic import Traffic


def pipeline(name: str, value: str = "json") -> Pipeline:
    return Pipeline.model_validate(
        {
            "pipeline": "looked-at",
            "source": {"topic": f"{name}.raw", "value": value},
            "publish": {"topic": f"{name}.clean"},
            "dead_letter": {"topic": f"{name}.dead"},
        }
    )


def states(found: Iterable[Finding]) -> dict[str, str]:
    return {one.subject: one.state for one in found}


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "bad"), (5, "warning"), (60, "good")], ids=["ended", "soon", "later"]
)
def test_a_certificate_is_told_before_it_ends(tmp_path: Path, days: int, state: str) -> None:
    (tmp_path / "ca.pem").write_bytes(certificate(days))
    settings = load_settings({"ssl_ca": str(tmp_path / "ca.pem"), "security_protocol": "SSL"})
    found = states(machine(settings, NOW.timestamp()))
    assert found["CLEARWATER_SSL_CA"] == state


def test_keys_that_everybody_may_read_are_told(tmp_path: Path) -> None:
    settings = load_settings({"keys": str(tmp_path)})
    create_key(tmp_path, "guarded")
    assert states(machine(settings, 0.0))["keys"] == "good"
    (tmp_path / "guarded.key").chmod(0o644)
    (told,) = [one for one in machine(settings, 0.0) if one.subject == "keys"]
    assert told.state == "warning"
    assert "guarded.key" in told.text


async def test_brokers_that_are_not_there_are_told_by_their_address() -> None:
    address = f"127.0.0.1:{free_ports(1)[0]}"
    settings = load_settings({"brokers": address})
    found = [one async for one in brokers(settings, [])]
    assert states(found) == {address: "bad", "cluster": "bad"}
    assert "Connection refused" in found[0].text


@pytest.mark.kafka
async def test_topics_their_sizes_and_the_group_are_looked_at(traffic: Traffic) -> None:
    name = f"looked-{uuid.uuid4().hex[:8]}"
    await traffic.exactly(f"{name}.raw", 3)
    await traffic.exactly(f"{name}.clean", 3, max_message_bytes="1000")
    for topic in ("raw", "clean"):
        await traffic.end_offsets(f"{name}.{topic}")  # until the broker knows of it
    settings = load_settings({"brokers": traffic.bootstrap, "group": f"group-{name}"})
    found = [one async for one in brokers(settings, [pipeline(name)])]
    assert states(found) == {
        traffic.bootstrap: "good",
        "cluster": "warning",  # one broker
        f"source {name}.raw": "good",
        f"destination {name}.clean": "good",
        f"dead letter {name}.dead": "bad",
        f"{name}.clean": "bad",
        f"group group-{name}": "good",
    }
    told = {one.subject: one.text for one in found}
    assert "takes 1000 bytes" in told[f"{name}.clean"]
    assert told[f"group group-{name}"].endswith("0 members")


def test_the_registry_is_asked_for_the_schemas_of_sources() -> None:
    held = EmbeddedRegistry()
    try:
        held.start()
        client = HttpRegistry(held.url, retry_seconds=0.1)
        settings = load_settings({"schema_registry": held.url})
        asked = [pipeline("there", "avro"), pipeline("missing", "avro"), pipeline("json")]
        client.register("there.raw-value", {"type": "record", "name": "A", "fields": []})
        found = list(registry(client, settings, asked, 0.0))
        client.close()
    finally:
        held.close()
    found_states = states(found)
    assert found_states["schema there.raw-value"] == "good"
    assert found_states["schema registry"] == "bad"
    assert "missing.raw-value" in next(
        one.text for one in found if one.subject == "schema registry"
    )


def test_without_a_registry_nothing_is_asked() -> None:
    assert list(registry(None, load_settings({}), [pipeline("a", "avro")], 0.0)) == []

"""Workers log in to a real Kafka that asks who they are: every mechanism, over TLS."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.embedded.java import class_path, java
from pipelines.embedded.kafka import COORDINATES, EmbeddedKafka
from pipelines.embedded.loopback import HOST, free_ports
from tests.support.certificate import certificate_for
from tests.support.traffic import Traffic
from tests.support.worker import WorkerProcess

pytestmark = pytest.mark.kafka

_MODULE = "org.apache.kafka.common.security"
_PASSWORD = "open sesame!"


class Guarded(NamedTuple):
    """A broker that asks, and what its clients show."""

    inside: Traffic
    sasl: str
    mutual: str
    authority: Path
    folder: Path


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    broker_pem, broker_key = certificate_for(HOST, folder, "broker")
    client_pem, _ = certificate_for(HOST, folder, "client")
    store, trusted = folder / "store.pem", folder / "trusted.pem"
    store.write_bytes(broker_key.read_bytes() + broker_pem.read_bytes())
    trusted.write_bytes(client_pem.read_bytes() + broker_pem.read_bytes())
    broker = EmbeddedKafka()
    sasl, mutual = (f"{HOST}:{port}" for port in free_ports(2))
    listeners = f"PLAINTEXT://{broker.bootstrap},SASL_SSL://{sasl},SSL://{mutual}"
    broker._properties |= {
        "listeners": f"{listeners},CONTROLLER://{HOST}:{broker._controller}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": (
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL"
        ),
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": (
            f'{_MODULE}.plain.PlainLoginModule required user_alice="{_PASSWORD}";'
        ),
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            f"{_MODULE}.scram.ScramLoginModule required;"
        ),
        "listener.name.sasl_ssl.oauthbearer.sasl.jaas.config": (
            f"{_MODULE}.oauthbearer.OAuthBearerLoginModule required "
            'unsecuredLoginStringClaim_sub="broker";'
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(store),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(trusted),
        "listener.name.ssl.ssl.client.auth": "required",
    }
    with broker:
        _add_scram_user(broker.bootstrap)
        yield Guarded(Traffic(broker.bootstrap), sasl, mutual, broker_pem, folder)


def _add_scram_user(bootstrap: str) -> None:
    tool = [str(java()), "-cp", class_path(COORDINATES), "kafka.admin.ConfigCommand"]
    user = ["--entity-type", "users", "--entity-name", "alice"]
    added = ["--alter", "--add-config", f"SCRAM-SHA-512=[password={_PASSWORD}]"]
    subprocess.run(  # noqa: S603 - Kafka's own tool
        [*tool, "--bootstrap-server", bootstrap, *user, *added],
        check=True,
        capture_output=True,
        timeout=60,
    )


def _unsigned_token() -> str:
    now = int(time.time())
    parts = ({"alg": "none"}, {"sub": "alice", "iat": now, "exp": now + 600})
    written = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    return b".".join(written).decode() + "."


def _settings(way: str, at: Guarded, folder: Path) -> tuple[str, dict[str, str]]:
    trust = {"CLEARWATER_SSL_CA": str(at.authority)}
    if way == "certificate":
        return at.mutual, {
            **trust,
            "CLEARWATER_SECURITY_PROTOCOL": "SSL",
            "CLEARWATER_SSL_CERT": str(at.folder / "client.pem"),
            "CLEARWATER_SSL_KEY": str(at.folder / "client.key.pem"),
        }
    sasl = {**trust, "CLEARWATER_SECURITY_PROTOCOL": "SASL_SSL", "CLEARWATER_SASL_MECHANISM": way}
    if way == "OAUTHBEARER":
        (folder / "token").write_text(_unsigned_token())
        return at.sasl, {**sasl, "CLEARWATER_SASL_OAUTH_TOKEN_FILE": str(folder / "token")}
    (folder / "password").write_text(_PASSWORD + "\n")
    return at.sasl, {
        **sasl,
        "CLEARWATER_SASL_USERNAME": "alice",
        "CLEARWATER_SASL_PASSWORD_FILE": str(folder / "password"),
    }


@pytest.mark.parametrize("way", ["PLAIN", "SCRAM-SHA-512", "OAUTHBEARER", "certificate"])
async def test_a_worker_logs_in_and_moves_records(
    way: str, guarded: Guarded, tmp_path: Path
) -> None:
    raw, clean, dead = [await guarded.inside.topic(name) for name in ("raw", "clean", "dead")]
    folder = tmp_path / "pipelines"
    folder.mkdir()
    (folder / "p.yaml").write_text(
        f"pipeline: p\nsource: {{topic: {raw}, value: json}}\n"
        f"publish: {{topic: {clean}}}\ndead_letter: {{topic: {dead}}}\n"
    )
    broker, settings = _settings(way, guarded, tmp_path)
    worker = WorkerProcess(folder, broker, f"group-{raw}", settings=settings)
    try:
        await worker.ready(60)
        await guarded.inside.produce(raw, [(b"k", b'{"a":1}')])
        (record,) = await guarded.inside.consume(clean, 1)
        assert record.value == b'{"a":1}'
        assert worker.terminate() == 0
    finally:
        worker.kill()
    assert _PASSWORD not in worker.printed()


async def test_a_wrong_password_is_told_without_it(guarded: Guarded, tmp_path: Path) -> None:
    folder = tmp_path / "pipelines"
    folder.mkdir()
    (folder / "p.yaml").write_text(
        "pipeline: p\nsource: {topic: raw, value: json}\n"
        "publish: {topic: clean}\ndead_letter: {topic: dead}\n"
    )
    broker, settings = _settings("PLAIN", guarded, tmp_path)
    (tmp_path / "password").write_text("not the password")
    worker = WorkerProcess(folder, broker, "group", settings=settings)
    try:
        code = worker.process.wait(60)
    finally:
        worker.kill()
    assert code == 1, worker.printed()
    assert "`clearwater doctor` tells whether it is" in worker.printed()
    assert "not the password" not in worker.printed()

"""What a registry does wrong is never put down to a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.declaration.pipeline import Publish, Source
from pipelines.errors import ConfigError, DeliveryError, RecordError
from pipelines.wire.formats import PipelineWire
from pipelines.wire.registry import HttpRegistry, RegistryRefused

ONE = {"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}
FOUND = (200, {"id": 5, "schema": json.dumps(ONE)})


def wire(url: str) -> PipelineWire:
    source = Source(topic="raw", value="avro")
    return PipelineWire(source, Publish(topic="clean"), HttpRegistry(url, retry_seconds=0.2))


@pytest.mark.parametrize(
    ("status", "body"),
    [(401, {"error_code": 401}), (403, ""), (404, {"detail": "no route"}), (200, "<html>")],
    ids=["login ran out", "rights taken", "another server's 404", "a sign-in page"],
)
def test_a_registry_that_refuses_later_is_asked_again_and_no_record_pays(
    scripted: Any, status: int, body: object
) -> None:
    url, _ = scripted(FOUND, (404, {"error_code": 40403}), FOUND, (status, body))
    it = wire(url)
    reading = it.reading(None)
    it.writing("clean", reading, ())
    with pytest.raises(DeliveryError):
        it.reading(6)
    with pytest.raises(DeliveryError):
        it.writing("clean.eu", reading, ())


def test_a_registry_that_refuses_at_the_start_is_a_wrong_setting(scripted: Any) -> None:
    url, _ = scripted(FOUND, (403, ""))
    it = wire(url)
    with pytest.raises(RegistryRefused, match="refuses the login or its rights"):
        it.writing("clean", it.reading(None), ())


def test_an_id_that_the_registry_does_not_have_is_the_records_fault(scripted: Any) -> None:
    url, _ = scripted((404, {"error_code": 40403, "message": "Schema not found"}))
    with pytest.raises(RecordError) as caught:
        wire(url).reading(6)
    assert caught.value.code == "schema_unknown"


def test_a_schema_that_no_library_reads_is_refused_with_its_id(scripted: Any) -> None:
    url, _ = scripted((200, {"schema": '{"type": "record"}'}))
    with pytest.raises(RecordError, match="schema with id 6") as caught:
        wire(url).reading(6)
    assert caught.value.code == "schema_refused"


def test_a_schema_registered_before_is_written_with_without_any_right_to_write(
    scripted: Any,
) -> None:
    url, asked = scripted((200, {"id": 9}))
    assert HttpRegistry(url).register("clean-value", ONE) == 9
    assert asked == ["POST /some/prefix/subjects/clean-value"]


def test_compatibility_that_is_set_already_is_not_set_again(scripted: Any) -> None:
    url, asked = scripted((200, {"compatibilityLevel": "FULL", "id": 9}))
    HttpRegistry(url).register("clean-value", ONE, "FULL")
    assert asked[0] == "GET /some/prefix/config/clean-value"
    assert not any(one.startswith("PUT") for one in asked)


def test_a_certificate_of_nobody_is_named_at_once(tmp_path: Path) -> None:
    import ssl  # noqa: PLC0415 - only here
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415
    from threading import Thread  # noqa: PLC0415

    certificate, key = _self_signed(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        client = HttpRegistry(f"https://127.0.0.1:{server.server_port}")
        with pytest.raises(ConfigError, match="CLEARWATER_SCHEMA_REGISTRY_CA"):
            client.latest("a-value")
    finally:
        server.shutdown()
        server.server_close()


def _self_signed(folder: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 - only here

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"

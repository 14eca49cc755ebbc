import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipelines.embedded.loopback import HOST
from pipelines.embedded.registry import EmbeddedRegistry

RECORD = {"schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}'}
WIDER = {
    "schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"},'
    ' {"name": "b", "type": "string"}]}'
}


def test_a_schema_is_found_by_the_id_it_was_registered_under(schema_registry_url: str) -> None:
    answer = httpx.post(f"{schema_registry_url}/subjects/found-value/versions", json=RECORD)
    found = httpx.get(f"{schema_registry_url}/schemas/ids/{answer.json()['id']}")
    assert '"name":"a"' in found.json()["schema"].replace(" ", "")


def test_as_with_confluents_a_schema_that_cannot_read_the_old_one_is_refused(
    schema_registry_url: str,
) -> None:
    subject = f"{schema_registry_url}/subjects/refused-value/versions"
    assert httpx.post(subject, json=RECORD).status_code == httpx.codes.OK
    assert httpx.post(subject, json=WIDER).status_code == httpx.codes.CONFLICT


def test_with_tls_and_a_user_only_that_user_is_let_in(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    password = "sec\\ret " + "=#!:"
    with EmbeddedRegistry(
        user="alice", password=password, certificate=certificate, private_key=key
    ) as registry:
        trusted = ssl.create_default_context(cafile=str(certificate))
        subjects = f"{registry.url}/subjects"
        with httpx.Client(verify=trusted) as client:
            assert registry.url.startswith("https://")
            assert client.get(subjects).status_code == httpx.codes.UNAUTHORIZED
            wrong = client.get(subjects, auth=("alice", "wrong"))
            assert wrong.status_code == httpx.codes.UNAUTHORIZED
            assert client.get(subjects, auth=("alice", password)).json() == []
        with pytest.raises(httpx.ConnectError):
            httpx.get(subjects)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, private

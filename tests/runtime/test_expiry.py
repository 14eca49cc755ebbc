from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from pipelines.runtime.expiry import certificate_end, expiries, token_end
from pipelines.settings import load_settings

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def certificate(days: int) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def token(**claims: object) -> bytes:
    parts = [{"alg": "none"}, claims]
    packed = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts]
    return b".".join([*packed, b"c2ln"]) + b"\n"


def test_of_several_certificates_the_first_to_end_counts() -> None:
    end = certificate_end(certificate(30) + certificate(3))
    assert end == (NOW + timedelta(days=3)).timestamp()


def test_a_token_ends_when_it_says() -> None:
    assert token_end(token(exp=1_900_000_000)) == 1_900_000_000


@pytest.mark.parametrize(
    "written",
    [b"", b"opaque", b"a.b.c", b"a.!!!.c", token(), token(exp="soon"), token(exp=None)],
    ids=["empty", "opaque", "no JSON", "no base64", "no end", "text", "null"],
)
def test_a_token_that_does_not_say_so_has_no_end(written: bytes) -> None:
    assert token_end(written) is None


def test_every_file_that_the_settings_name_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(certificate(100))
    (tmp_path / "token").write_bytes(token(exp=5))
    (tmp_path / "broken.pem").write_bytes(b"no certificate")
    settings = load_settings(
        {
            "ssl_ca": str(tmp_path / "ca.pem"),
            "sasl_oauth_token_file": str(tmp_path / "token"),
            "schema_registry_ca": str(tmp_path / "broken.pem"),
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "OAUTHBEARER",
            "schema_registry": "https://registry.example",
        }
    )
    ends = {"ssl_ca": (NOW + timedelta(days=100)).timestamp(), "sasl_oauth_token_file": 5.0}
    assert expiries(settings) == ends

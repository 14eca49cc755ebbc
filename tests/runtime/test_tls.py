from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import traceback
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipelines.errors import ConfigError
from pipelines.runtime.tls import tls_context, trusting
from pipelines.settings import load_settings

CANARY = "canary-password-81"


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for 127.0.0.1, its key, and its key under a password."""
    folder = tmp_path_factory.mktemp("pem")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    for file, encryption in (
        ("key.pem", serialization.NoEncryption()),
        ("locked.pem", serialization.BestAvailableEncryption(CANARY.encode())),
    ):
        (folder / file).write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
            )
        )
    (folder / "password").write_text(CANARY + "\n")
    return folder


def test_tls_verifies_the_brokers_name() -> None:
    context = tls_context(load_settings({"security_protocol": "SSL"}))
    assert context is not None
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("key", ["key.pem", "locked.pem"])
async def test_a_broker_that_asks_for_a_certificate_gets_ours(pem: Path, key: str) -> None:
    options = {"ssl_ca": pem / "cert.pem", "ssl_cert": pem / "cert.pem", "ssl_key": pem / key}
    if key == "locked.pem":
        options["ssl_key_password_file"] = pem / "password"
    settings = load_settings(
        {"security_protocol": "SSL"} | {name: str(file) for name, file in options.items()}
    )
    asking = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=pem / "cert.pem")
    asking.load_cert_chain(pem / "cert.pem", pem / "key.pem")
    asking.verify_mode = ssl.CERT_REQUIRED
    shown: list[object] = []

    async def broker(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shown.append(writer.get_extra_info("peercert"))
        writer.write(b"!")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(broker, "127.0.0.1", 0, ssl=asking) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=tls_context(settings), server_hostname="localhost"
        )
        assert await reader.read(1) == b"!"
        writer.close()
        await writer.wait_closed()
    assert shown
    assert shown[0]


@pytest.mark.parametrize(
    ("options", "variable"),
    [
        pytest.param({"ssl_ca": __file__}, "CLEARWATER_SSL_CA", id="authority"),
        pytest.param(
            {"ssl_cert": __file__, "ssl_key": __file__}, "CLEARWATER_SSL_CERT", id="certificate"
        ),
    ],
)
def test_a_file_that_is_no_certificate_is_named(options: dict[str, str], variable: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        tls_context(load_settings({"security_protocol": "SSL", **options}))


def test_a_locked_key_without_password_is_refused_and_never_asked_for(pem: Path) -> None:
    options = {"ssl_cert": str(pem / "cert.pem"), "ssl_key": str(pem / "locked.pem")}
    with pytest.raises(ConfigError, match="password is another"):
        tls_context(load_settings({"security_protocol": "SSL", **options}))


def test_no_secret_is_in_the_traceback_of_a_wrong_file(pem: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text(CANARY[::-1])
    options = {"ssl_cert": pem / "cert.pem", "ssl_key": pem / "locked.pem"}
    settings = load_settings(
        {"security_protocol": "SSL", "ssl_key_password_file": str(wrong)}
        | {name: str(file) for name, file in options.items()}
    )
    with pytest.raises(ConfigError) as failure:
        tls_context(settings)
    assert CANARY[::-1] not in "".join(traceback.format_exception(failure.value))


def test_tls_1_2_is_the_least_where_python_leaves_it_to_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lenient(**_: object) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        return context

    monkeypatch.setattr(ssl, "create_default_context", lenient)
    assert trusting(None, "ssl_ca").minimum_version is ssl.TLSVersion.TLSv1_2

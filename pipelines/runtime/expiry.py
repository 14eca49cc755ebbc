"""Expiry: when the certificates and tokens that a process logs in with come to their end."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from cryptography import x509

from pipelines.settings import Settings

CERTIFICATES = (
    "ssl_ca",
    "ssl_cert",
    "schema_registry_ca",
    "schema_registry_cert",
)
"""Settings that name a file of certificates."""

TOKENS = ("sasl_oauth_token_file",)
"""Settings that name a file with a token."""


def expiries(settings: Settings) -> dict[str, float]:
    """Return when each credential ends, seconds since the epoch, by the name of its setting.

    What cannot be read, or does not say when it ends, is left out: whoever uses it complains.
    Blocking: reads files.
    """
    return dict(_found(settings))


def _found(settings: Settings) -> Iterator[tuple[str, float]]:
    readers: tuple[tuple[tuple[str, ...], Callable[[bytes], float | None]], ...] = (
        (CERTIFICATES, certificate_end),
        (TOKENS, token_end),
    )
    for names, read in readers:
        for name in names:
            file: Path | None = getattr(settings, name)
            if file is None:
                continue
            try:
                end = read(file.read_bytes())
            except (OSError, ValueError):
                continue
            if end is not None:
                yield name, end


def certificate_end(pem: bytes) -> float | None:
    """Return the end of the first certificate to end in a PEM file.

    Raises:
        ValueError: There is none.
    """
    return min(one.not_valid_after_utc.timestamp() for one in x509.load_pem_x509_certificates(pem))


def token_end(token: bytes) -> float | None:
    """Return the `exp` of a JSON Web Token (RFC 7519, 4.1.4); None if it is none, or says none.

    The signature is not looked at: this is about our own token, and only when it ends.
    """
    parts = token.strip().split(b".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        payload = orjson.loads(base64.urlsafe_b64decode(parts[1] + b"=" * (-len(parts[1]) % 4)))
        return float(payload["exp"])
    except (ValueError, KeyError, TypeError):  # no base64, no JSON, no number
        return None

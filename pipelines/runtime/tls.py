"""TLS: whom to trust, and what to show, as the settings say."""

from __future__ import annotations

import ssl
from pathlib import Path

from pipelines.errors import ConfigError, Problem
from pipelines.settings import Settings, read_secret, variable


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Return how to verify the brokers and show our certificate; None without TLS.

    Host names are always verified.

    Raises:
        ConfigError: A file does not hold what it should.
    """
    if not settings.security_protocol.endswith("SSL"):
        return None
    context = trusting(settings.ssl_ca, "ssl_ca")
    if settings.ssl_cert is None:
        return context
    password = ""  # never None: OpenSSL would ask for it on the terminal
    if settings.ssl_key_password_file:
        password = read_secret(settings.ssl_key_password_file, variable("ssl_key_password_file"))
    try:
        context.load_cert_chain(settings.ssl_cert, settings.ssl_key, password)
    except (OSError, ValueError):
        message = (
            f"{settings.ssl_cert} and {settings.ssl_key} are no PEM certificate with its key,"
            " or the key's password is another"
        )
        raise ConfigError([Problem(message, path=variable("ssl_cert"))]) from None
    return context


def trusting(authority: Path | None, name: str) -> ssl.SSLContext:
    """Return a client context that trusts `authority`, or the system's authorities.

    TLS 1.2 is the least (RFC 8996), also where Python was built to leave that to the system.

    Raises:
        ConfigError: The file of the setting `name` holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=authority)
    except (OSError, ValueError):
        message = f"{authority} holds no PEM certificate"
        raise ConfigError([Problem(message, path=variable(name))]) from None
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    return context

"""Logins to the brokers, for Faust and for bare aiokafka clients."""

from __future__ import annotations

from aiokafka.abc import AbstractTokenProvider
from faust import auth

from pipelines.runtime.oauth import EndpointTokens, FileTokens
from pipelines.runtime.tls import tls_context, trusting
from pipelines.settings import Settings


def token_provider(settings: Settings) -> AbstractTokenProvider:
    """Return where OAUTHBEARER tokens come from.

    Raises:
        ConfigError: The file of the token endpoint's authority holds no certificate.
    """
    extensions = settings.sasl_oauth_extensions
    if settings.sasl_oauth_token_file is not None:
        return FileTokens(settings.sasl_oauth_token_file, extensions)
    return EndpointTokens(
        settings.sasl_oauth_token_endpoint or "",
        client_id=settings.sasl_oauth_client_id or "",
        client_secret=lambda: settings.secret("sasl_oauth_client_secret") or "",
        scope=settings.sasl_oauth_scope,
        tls=trusting(settings.sasl_oauth_ca, "sasl_oauth_ca"),
        extensions=extensions,
    )


def client_arguments(settings: Settings) -> dict[str, object]:
    """Return the keyword arguments of any aiokafka client: where, and how to log in.

    Raises:
        ConfigError: A file does not hold what it should.
    """
    arguments: dict[str, object] = {
        "bootstrap_servers": list(settings.brokers),
        "security_protocol": settings.security_protocol,
        "request_timeout_ms": round(settings.request_timeout * 1000),
    }
    if context := tls_context(settings):
        arguments["ssl_context"] = context
    if settings.security_protocol.startswith("SASL"):
        arguments["sasl_mechanism"] = settings.sasl_mechanism
        if settings.sasl_mechanism == "OAUTHBEARER":
            arguments["sasl_oauth_token_provider"] = token_provider(settings)
        else:
            arguments["sasl_plain_username"] = settings.sasl_username
            arguments["sasl_plain_password"] = settings.secret("sasl_password")
    return arguments


def faust_credentials(settings: Settings) -> auth.Credentials | None:
    """Return Faust's `broker_credentials`; None where the brokers are open.

    Raises:
        ConfigError: A file does not hold what it should.
    """
    context = tls_context(settings)
    if not settings.security_protocol.startswith("SASL"):
        return None if context is None else auth.SSLCredentials(context)
    if settings.sasl_mechanism == "OAUTHBEARER":
        return auth.OAuthCredentials(oauth_cb=token_provider(settings), ssl_context=context)
    return auth.SASLCredentials(
        username=settings.sasl_username,
        password=settings.secret("sasl_password"),
        ssl_context=context,
        mechanism=settings.sasl_mechanism,
    )

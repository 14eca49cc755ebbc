"""What settings need each other, exclude each other, or could never apply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.errors import Problem
from pipelines.settings.model import Settings, variable

_PLAIN_HTTP = re.compile(r"http://(?!(localhost|127\.0\.0\.1|\[::1\])([:/]|$))")
_LOGIN = ("sasl_username", "sasl_password", "sasl_password_file")
_OAUTH = (
    "sasl_oauth_token_file",
    "sasl_oauth_token_endpoint",
    "sasl_oauth_client_id",
    "sasl_oauth_client_secret",
    "sasl_oauth_client_secret_file",
    "sasl_oauth_scope",
    "sasl_oauth_ca",
    "sasl_oauth_extensions",
)
_ENDPOINT = _OAUTH[2:7]
_SSL = ("ssl_ca", "ssl_cert", "ssl_key", "ssl_key_password_file")
_FILES = [
    name
    for name in Settings.model_fields
    if name.endswith(("_file", "_ca", "_cert", "ssl_key", "registry_key"))
]
_REGISTRY = ("user", "password", "password_file", "ca", "cert", "key")


def conflicts(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with settings that are each right by themselves."""
    yield from _secrets(settings)
    yield from _files(settings)
    yield from _tls(settings)
    yield from _sasl(settings)
    yield from _registry(settings)


def _given(settings: Settings, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(settings, name, None)]


def _useless(settings: Settings, names: Iterable[str], without: str) -> Iterator[Problem]:
    for name in _given(settings, names):
        yield Problem(f"has no effect without {without}", path=variable(name))


def _together(settings: Settings, first: str, second: str) -> Iterator[Problem]:
    if bool(getattr(settings, first)) != bool(getattr(settings, second)):
        given, lacking = sorted((first, second), key=lambda name: not getattr(settings, name))
        yield Problem(f"needs {variable(lacking)} too", path=variable(given))


def _secrets(settings: Settings) -> Iterator[Problem]:
    for name in type(settings).model_fields:
        plain = name.removesuffix("_file")
        if plain != name and len(_given(settings, [name, plain])) > 1:
            yield Problem(f"set this or {variable(plain)}, not both", path=variable(name))


def _files(settings: Settings) -> Iterator[Problem]:
    for name in _given(settings, _FILES):
        if not getattr(settings, name).is_file():
            yield Problem(f"{getattr(settings, name)} is not a file", path=variable(name))
    if settings.keys and not settings.keys.is_dir():
        yield Problem(f"{settings.keys} is not a folder", path=variable("keys"))


def _tls(settings: Settings) -> Iterator[Problem]:
    if not settings.security_protocol.endswith("SSL"):
        yield from _useless(settings, _SSL, f"{variable('security_protocol')}=SSL or SASL_SSL")
        return
    yield from _together(settings, "ssl_cert", "ssl_key")
    if not settings.ssl_key:
        yield from _useless(settings, ["ssl_key_password_file"], variable("ssl_key"))


def _sasl(settings: Settings) -> Iterator[Problem]:
    mechanism = variable("sasl_mechanism")
    if not settings.security_protocol.startswith("SASL"):
        names = ("sasl_mechanism", *_LOGIN, *_OAUTH)
        protocol = variable("security_protocol")
        yield from _useless(settings, names, f"{protocol}=SASL_SSL or SASL_PLAINTEXT")
    elif settings.sasl_mechanism is None:
        choices = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER"
        yield Problem(f"a SASL protocol needs one of {choices}", path=mechanism)
    elif settings.sasl_mechanism == "OAUTHBEARER":
        yield from _useless(settings, _LOGIN, f"{mechanism}=PLAIN or SCRAM-SHA-…")
        yield from _oauth(settings)
    else:
        yield from _useless(settings, _OAUTH, f"{mechanism}=OAUTHBEARER")
        if not settings.sasl_username:
            yield Problem(f"{settings.sasl_mechanism} needs it", path=variable("sasl_username"))
        if not _given(settings, _LOGIN[1:]):
            yield Problem(
                f"{settings.sasl_mechanism} needs it, or {variable('sasl_password_file')}",
                path=variable("sasl_password"),
            )


def _oauth(settings: Settings) -> Iterator[Problem]:
    endpoint = variable("sasl_oauth_token_endpoint")
    sources = _given(settings, _OAUTH[:2])
    if len(sources) != 1:
        one = f"set {endpoint} or {variable('sasl_oauth_token_file')}"
        yield Problem(f"{one}, {'not both' if sources else 'one of them'}", path=endpoint)
    elif settings.sasl_oauth_token_endpoint is None:
        yield from _useless(settings, _ENDPOINT, endpoint)
    else:
        if _PLAIN_HTTP.match(settings.sasl_oauth_token_endpoint):
            yield Problem("would send the client secret in the clear: use https://", path=endpoint)
        if not settings.sasl_oauth_client_id:
            yield Problem("the token endpoint needs it", path=variable("sasl_oauth_client_id"))
        if not _given(settings, _OAUTH[3:5]):
            name = variable("sasl_oauth_client_secret")
            yield Problem(f"the token endpoint needs it, or {name}_FILE", path=name)


def _registry(settings: Settings) -> Iterator[Problem]:
    names = [f"schema_registry_{name}" for name in _REGISTRY]
    registry = settings.schema_registry or ""
    if not registry.startswith(("https://", "http://")):
        without = f"a URL in {variable('schema_registry')}"
        yield from _useless(settings, names, without)
        return
    if not registry.startswith("https://"):
        yield from _useless(settings, names[3:], "https:// in the registry's URL")
    yield from _together(settings, "schema_registry_cert", "schema_registry_key")
    has_password = bool(_given(settings, names[1:3]))
    if has_password and not settings.schema_registry_user:
        yield Problem("the password needs it", path=variable("schema_registry_user"))
    if settings.schema_registry_user and not has_password:
        path = variable("schema_registry_password")
        yield Problem(f"the user needs it, or {path}_FILE", path=path)

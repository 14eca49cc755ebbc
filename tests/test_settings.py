from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.settings import Settings, load_settings

CANARY = "canary-7f3a"


def problems(options: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as failure:
        load_settings(options)
    return [str(problem) for problem in failure.value.problems]


def test_the_environment_overrides_defaults_and_options_override_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLEARWATER_BROKERS", "k1:9092, [::1]:9093")
    monkeypatch.setenv("CLEARWATER_COMMIT_INTERVAL", "500ms")
    settings = load_settings({"commit_interval": "2s", "log_level": "WARNING"})

    assert settings.brokers == ("k1:9092", "[::1]:9093")
    assert settings.commit_interval == 2.0
    assert settings.log_level == "warning"
    assert {row.variable: row.source for row in settings.describe()} | {
        "CLEARWATER_BROKERS": "environment",
        "CLEARWATER_COMMIT_INTERVAL": "option",
        "CLEARWATER_GROUP": "default",
    } == {row.variable: row.source for row in settings.describe()}


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWATER_HTTP_PORT", "")
    assert load_settings().http_port == Settings().http_port


def test_options_become_the_environment_of_a_child_process() -> None:
    settings = load_settings({"group": "g1", "max_fetch_bytes": "2MiB"})
    assert settings.option_environment() == {
        "CLEARWATER_GROUP": "g1",
        "CLEARWATER_MAX_FETCH_BYTES": "2MiB",
    }


def test_every_setting_has_a_meaning_and_a_default_that_can_be_written_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    defaults = load_settings()
    for row in defaults.describe():
        assert row.meaning.endswith("."), row.variable
        assert row.source == "default"
        if row.value:
            monkeypatch.setenv(row.variable, row.value)
    assert load_settings() == defaults


def test_secrets_are_hidden_in_every_print(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{CANARY}-file\n")
    settings = load_settings(
        {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "PLAIN",
            "sasl_username": "u",
            "sasl_password_file": str(file),
            "schema_registry": "https://registry",
            "schema_registry_user": "u",
            "schema_registry_password": CANARY,
        }
    )
    printed = f"{settings!r} {settings} {settings.describe()} {settings.model_dump_json()}"

    assert CANARY not in printed
    assert settings.secret("schema_registry_password") == CANARY
    assert settings.secret("sasl_password") == f"{CANARY}-file"
    assert settings.secret("sasl_oauth_client_secret") is None


def test_a_wrong_value_is_never_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"CLEARWATER_{name.upper()}", CANARY * 100)
    with pytest.raises(ConfigError) as failure:
        load_settings()
    named = {problem.path for problem in failure.value.problems}

    assert CANARY not in str(failure.value)
    assert {"CLEARWATER_BROKERS", "CLEARWATER_HTTP_PORT", "CLEARWATER_LOG_LEVEL"} <= named


def test_all_problems_are_reported_at_once_and_name_their_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLEARWATER_BROKER", "k1:9092")
    monkeypatch.setenv("CLEARWATER_WEATHER", "sunny")
    found = problems({"commit_interval": "5", "auto_offset_reset": "smallest", "wrokers": "2"})

    assert found[0] == "CLEARWATER_BROKER: no such setting; did you mean CLEARWATER_BROKERS?"
    assert found[1] == "CLEARWATER_WEATHER: no such setting; `clearwater settings` lists them"
    assert any(text.startswith("CLEARWATER_COMMIT_INTERVAL: a duration is") for text in found)
    assert any("'earliest', 'latest' or 'none'" in text for text in found)
    assert any(text.startswith("CLEARWATER_WROKERS: no such setting") for text in found)
    assert len(found) == 5


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("CLEARWATER_SERVICE_HOST", id="host"),
        pytest.param("CLEARWATER_SERVICE_PORT_METRICS", id="named port"),
        pytest.param("CLEARWATER_PORT", id="link"),
        pytest.param("CLEARWATER_CONSOLE_PORT_8080_TCP_ADDR", id="address of another service"),
    ],
)
def test_links_to_kubernetes_services_are_no_settings(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "tcp://10.0.0.1:80")
    load_settings()


def test_a_service_link_in_place_of_the_port_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWATER_HTTP_PORT", "tcp://10.0.0.1:80")
    assert "enableServiceLinks: false" in problems()[0]


SASL = {"security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512"}
OAUTH = {"security_protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER"}
ENDPOINT = {
    "sasl_oauth_token_endpoint": "https://issuer/token",
    "sasl_oauth_client_id": "c",
    "sasl_oauth_client_secret": "s",
}


@pytest.mark.parametrize(
    ("options", "variable", "advice"),
    [
        pytest.param({"ssl_ca": "/dev/zero/x"}, "SSL_CA", "not a file", id="file"),
        pytest.param({"keys": "/dev/null"}, "KEYS", "not a folder", id="folder"),
        pytest.param({"ssl_ca": __file__}, "SSL_CA", "no effect", id="TLS file without TLS"),
        pytest.param(
            {"security_protocol": "SSL", "ssl_cert": __file__},
            "SSL_CERT",
            "SSL_KEY too",
            id="certificate without key",
        ),
        pytest.param(
            {"security_protocol": "SSL", "ssl_key_password_file": __file__},
            "SSL_KEY_PASSWORD_FILE",
            "no effect",
            id="key password without key",
        ),
        pytest.param({"sasl_username": "u"}, "SASL_USERNAME", "no effect", id="login without SASL"),
        pytest.param(
            {"security_protocol": "SASL_SSL"}, "SASL_MECHANISM", "needs one of", id="no mechanism"
        ),
        pytest.param(SASL, "SASL_USERNAME", "needs it", id="no user"),
        pytest.param(SASL, "SASL_PASSWORD", "SASL_PASSWORD_FILE", id="no password"),
        pytest.param(
            SASL | {"sasl_password": "p", "sasl_password_file": __file__},
            "SASL_PASSWORD_FILE",
            "not both",
            id="two passwords",
        ),
        pytest.param(
            SASL | {"sasl_oauth_scope": "x"}, "SASL_OAUTH_SCOPE", "no effect", id="scope for SCRAM"
        ),
        pytest.param(OAUTH, "SASL_OAUTH_TOKEN_ENDPOINT", "one of them", id="no token"),
        pytest.param(
            OAUTH | ENDPOINT | {"sasl_oauth_token_file": __file__},
            "SASL_OAUTH_TOKEN_ENDPOINT",
            "not both",
            id="two tokens",
        ),
        pytest.param(
            OAUTH | ENDPOINT | {"sasl_oauth_token_endpoint": "http://issuer/token"},
            "SASL_OAUTH_TOKEN_ENDPOINT",
            "in the clear",
            id="client secret in the clear",
        ),
        pytest.param(
            OAUTH | {"sasl_oauth_token_endpoint": "https://issuer"},
            "SASL_OAUTH_CLIENT_ID",
            "needs it",
            id="no client id",
        ),
        pytest.param(
            OAUTH | {"sasl_oauth_token_endpoint": "https://issuer"},
            "SASL_OAUTH_CLIENT_SECRET",
            "needs it",
            id="no client secret",
        ),
        pytest.param(
            OAUTH | {"sasl_oauth_token_file": __file__, "sasl_oauth_client_id": "c"},
            "SASL_OAUTH_CLIENT_ID",
            "no effect",
            id="client id beside a token file",
        ),
        pytest.param(
            OAUTH | ENDPOINT | {"sasl_username": "u"},
            "SASL_USERNAME",
            "no effect",
            id="user name for OAUTHBEARER",
        ),
        pytest.param(
            {"schema_registry": "schemas", "schema_registry_user": "u"},
            "SCHEMA_REGISTRY_USER",
            "no effect",
            id="user for a folder",
        ),
        pytest.param(
            {"schema_registry": "https://u:p@registry"},
            "SCHEMA_REGISTRY",
            "no user or password",
            id="password in the URL",
        ),
        pytest.param(
            {"schema_registry": "http://r", "schema_registry_ca": __file__},
            "SCHEMA_REGISTRY_CA",
            "no effect",
            id="authority without TLS",
        ),
        pytest.param(
            {"schema_registry": "https://r", "schema_registry_key": __file__},
            "SCHEMA_REGISTRY_KEY",
            "SCHEMA_REGISTRY_CERT too",
            id="registry key without certificate",
        ),
        pytest.param(
            {"schema_registry": "https://r", "schema_registry_user": "u"},
            "SCHEMA_REGISTRY_PASSWORD",
            "needs it",
            id="registry user without password",
        ),
        pytest.param(
            {"schema_registry": "https://r", "schema_registry_password": "p"},
            "SCHEMA_REGISTRY_USER",
            "needs it",
            id="registry password without user",
        ),
        pytest.param({"brokers": "k1"}, "BROKERS", "host:port", id="broker without port"),
        pytest.param({"drain_timeout": "0s"}, "DRAIN_TIMEOUT", "greater than 0", id="no time"),
    ],
)
def test_what_cannot_work_or_never_applies_is_refused(
    options: dict[str, str], variable: str, advice: str
) -> None:
    matching = [text for text in problems(options) if text.startswith(f"CLEARWATER_{variable}:")]
    assert any(advice in text for text in matching), problems(options)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(SASL | {"sasl_username": "u", "sasl_password": "p"}, id="scram"),
        pytest.param(OAUTH | ENDPOINT | {"sasl_oauth_extensions": "a=b,c=d=e"}, id="endpoint"),
        pytest.param(OAUTH | {"sasl_oauth_token_file": __file__}, id="token file"),
        pytest.param(
            {"security_protocol": "SSL", "ssl_cert": __file__, "ssl_key": __file__}, id="mutual TLS"
        ),
        pytest.param({"schema_registry": "schemas"}, id="folder"),
    ],
)
def test_what_belongs_together_is_accepted(options: dict[str, str]) -> None:
    load_settings(options)


def test_an_unreadable_or_empty_secret_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(" \n")
    settings = load_settings(
        SASL | {"sasl_username": "u", "sasl_password_file": str(file)},
    )
    with pytest.raises(ConfigError, match=r"CLEARWATER_SASL_PASSWORD_FILE: .* is empty"):
        settings.secret("sasl_password")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not text"):
        settings.secret("sasl_password")
    file.unlink()
    with pytest.raises(ConfigError, match="No such file"):
        settings.secret("sasl_password")

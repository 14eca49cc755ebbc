"""Settings: every one with its type, unit, default and meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, PrivateAttr, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipelines.errors import ConfigError, Problem
from pipelines.quantity import Duration, Size

PREFIX = "CLEARWATER_"
HIDDEN = "********"
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")


def _addresses(written: object) -> object:
    addresses = tuple(part.strip() for part in str(written).split(","))
    if all(_ADDRESS.fullmatch(address) for address in addresses):
        return addresses
    raise ValueError("brokers are host:port, parted by commas: kafka-1:9092,kafka-2:9092")


def _pairs(written: object) -> object:
    pairs = [part.partition("=") for part in str(written).split(",")]
    if all(name and equals for name, equals, _ in pairs):
        return {name.strip(): value.strip() for name, _, value in pairs}
    raise ValueError("extensions are name=value, parted by commas: logicalCluster=lkc-1")


def _url(written: object) -> object:
    if not isinstance(written, str) or not re.match(r"https?://[^/@]+(/|$)", written):
        raise ValueError("a URL starts with https:// or http:// and holds no user or password")
    return written.rstrip("/")


def _url_or_folder(written: object) -> object:
    is_url = isinstance(written, str) and "://" in written
    return _url(written) if is_url else written


def _lower(written: object) -> object:
    return written.lower() if isinstance(written, str) else written


Brokers = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)]
Extensions = Annotated[dict[str, str], NoDecode, BeforeValidator(_pairs)]
Url = Annotated[str, BeforeValidator(_url)]
Level = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
Port = Annotated[int, Field(ge=0, le=65535)]
Wait = Annotated[Duration, Field(gt=0)]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


class Settings(BaseSettings):
    """Everything one process is told from outside. Made by `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=False,
    )
    _options: Mapping[str, str] = PrivateAttr(default_factory=dict)

    brokers: Brokers = ("localhost:9092",)
    """Kafka brokers to start from, `host:port`, parted by commas."""
    group: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")] = "clearwater"
    """Consumer group; all workers of one deployment share it."""
    instance_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")] | None = None
    """Static membership: a name that stays the same over restarts, such as the pod's."""
    client_rack: str | None = None
    """Rack or zone of this process: fetch from the nearest replica (KIP-392)."""
    auto_offset_reset: Literal["earliest", "latest", "none"] = "earliest"
    """Where to start on a partition without a committed offset; `none` stops instead."""
    commit_interval: Wait = 1.0
    """Time between two commits of one partition; after a crash this much is read again."""
    transaction_interval: Wait = 0.2
    """Time between two commits of one partition under `delivery: exactly_once`; its outputs can be
    read that much later."""
    drain_timeout: Wait = 20.0
    """Time to deliver and commit what is in flight after SIGTERM; then exit non-zero."""
    reload_interval: Annotated[Duration, Field(ge=0)] = 2.0
    """Time between two looks for changed declarations; what changed is taken up without a restart.
    `0s`: never look."""
    session_timeout: Wait = 45.0
    """Time without a heartbeat after which the group gives this worker's partitions away."""
    request_timeout: Wait = 40.0
    """Time the brokers have to answer one request."""
    fetch_min_bytes: Annotated[Size, Field(gt=0)] = 1
    """Bytes, of all partitions together, that brokers gather before they answer a fetch. More saves
    CPU where records come thinly, for chunks grow; they come later by `fetch_max_wait` at most."""
    fetch_max_wait: Wait = 0.1
    """Time brokers let a fetch wait for `fetch_min_bytes`, then they answer with what there is."""
    max_fetch_bytes: Annotated[Size, Field(gt=0)] = 256 * 1024
    """Most bytes fetched from one partition at once: the size of a chunk."""
    max_batch_bytes: Annotated[Size, Field(gt=0)] = 900 * 1024
    """Most bytes in one produced batch; keep it under the broker's `message.max.bytes`."""
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = "lz4"
    """Compression of produced batches."""
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    """Worker processes to run; one per core. A dead one is restarted."""
    keys: Path | None = None
    """Folder with one file `NAME.key` per key: base64 of 32 bytes."""

    schema_registry: Annotated[str, BeforeValidator(_url_or_folder)] | None = None
    """Schema registry: its URL, or a folder of schemas."""
    schema_registry_user: str | None = None
    """User of the schema registry, for basic authentication."""
    schema_registry_password: SecretStr | None = None
    """Password of the schema registry."""
    schema_registry_password_file: Path | None = None
    """File with the password of the schema registry."""
    schema_registry_ca: Path | None = None
    """Certificate authority of the registry, PEM; default: the system's."""
    schema_registry_cert: Path | None = None
    """Client certificate for the registry, PEM."""
    schema_registry_key: Path | None = None
    """Private key of the registry's client certificate, PEM."""

    security_protocol: Protocol = "PLAINTEXT"
    """How to speak to the brokers."""
    sasl_mechanism: Mechanism | None = None
    """How to log in to the brokers; needed with `SASL_…` protocols."""
    sasl_username: str | None = None
    """User name for PLAIN and SCRAM."""
    sasl_password: SecretStr | None = None
    """Password for PLAIN and SCRAM."""
    sasl_password_file: Path | None = None
    """File with the password for PLAIN and SCRAM."""
    sasl_oauth_token_file: Path | None = None
    """File with the OAUTHBEARER token; read again at every login."""
    sasl_oauth_token_endpoint: Url | None = None
    """OAuth 2.0 token endpoint for the client credentials grant (RFC 6749, 4.4)."""
    sasl_oauth_client_id: str | None = None
    """Client id at the token endpoint."""
    sasl_oauth_client_secret: SecretStr | None = None
    """Client secret at the token endpoint."""
    sasl_oauth_client_secret_file: Path | None = None
    """File with the client secret; read again for every token."""
    sasl_oauth_scope: str | None = None
    """Scope to ask for at the token endpoint."""
    sasl_oauth_ca: Path | None = None
    """Certificate authority of the token endpoint, PEM; default: the system's."""
    sasl_oauth_extensions: Extensions = Field(default_factory=dict)
    """SASL extensions sent with the token, `name=value`, parted by commas (RFC 7628)."""
    ssl_ca: Path | None = None
    """Certificate authority of the brokers, PEM; default: the system's."""
    ssl_cert: Path | None = None
    """Client certificate for the brokers, PEM."""
    ssl_key: Path | None = None
    """Private key of the client certificate, PEM."""
    ssl_key_password_file: Path | None = None
    """File with the password of the private key."""

    http_host: str = "127.0.0.1"
    """Address that `/livez`, `/readyz` and `/metrics` listen on; `0.0.0.0` for every one."""
    http_port: Port = 8086
    """Port of `/livez`, `/readyz` and `/metrics`; 0 takes a free one."""
    liveness_timeout: Wait = 60.0
    """Time without a turn of the worker's event loop after which `/livez` fails."""
    log_level: Level = "info"
    """Least level that is logged."""
    log_format: Literal["json", "console"] = "json"
    """One JSON object a line, or text for a terminal."""
    supervisor: Annotated[int, Field(gt=0)] | None = None
    """Process id of the supervisor; set by `run --workers` for its workers."""

    def secret(self, name: str) -> str | None:
        """Return a secret from its setting or from its file, read now; None if neither is set.

        Raises:
            ConfigError: The file cannot be read or is empty.
        """
        written = getattr(self, name, None)
        if isinstance(written, SecretStr):
            return written.get_secret_value()
        file = getattr(self, f"{name}_file")
        return None if file is None else read_secret(file, variable(f"{name}_file"))

    def describe(self) -> list[Setting]:
        """Return every setting, secrets hidden, in the order of the class."""
        return [
            Setting(variable(name), _shown(getattr(self, name), field), self._source(name), meaning)
            for name, field in type(self).model_fields.items()
            for meaning in [field.description or ""]
        ]

    def remember_options(self, options: Mapping[str, str]) -> None:
        """Keep what the command line said, for `describe` and `option_environment`."""
        self._options = dict(options)

    def option_environment(self) -> dict[str, str]:
        """Return what options said as environment variables, for a child process."""
        return {variable(name): text for name, text in self._options.items()}

    def _source(self, name: str) -> Source:
        if name in self._options:
            return "option"
        return "environment" if name in self.model_fields_set else "default"


Source = Literal["default", "environment", "option"]


class Setting(NamedTuple):
    """One setting as `clearwater settings` shows it.

    Attributes:
        variable: Environment variable; the option is its tail in kebab case.
        value: Value as written, secrets hidden; empty if not set.
        source: Where the value comes from.
        meaning: What it does.
    """

    variable: str
    value: str
    source: Source
    meaning: str


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


def read_secret(file: Path, origin: str) -> str:
    """Return the text of a secret file without white space around it.

    Raises:
        ConfigError: The file cannot be read or is empty; names `origin`, the variable.
    """
    try:
        text = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise ConfigError([Problem(f"{file}: {reason}", path=origin)]) from None
    if not text:
        raise ConfigError([Problem(f"{file} is empty", path=origin)])
    return text


def _shown(value: object, field: FieldInfo) -> str:
    text = "" if value is None else str(value)
    match value:
        case SecretStr():
            text = HIDDEN
        case tuple():
            text = ",".join(value)
        case dict():
            text = ",".join(f"{name}={part}" for name, part in value.items())
        case float():
            text = f"{value:g}s" if value >= 1 else f"{value * 1000:g}ms"
        case int() if _SIZE in field.metadata:
            unit, size = next((unit, size) for unit, size in _UNITS if value % size == 0)
            text = f"{value // size}{unit}"
    return text


_SIZE = Size.__metadata__[0]  # type: ignore[attr-defined] # what Annotated holds
_UNITS = (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024), ("B", 1))

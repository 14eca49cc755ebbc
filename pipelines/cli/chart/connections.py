"""What the Helm chart's values say of brokers, registry and keys: secrets only by name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipelines.cli.chart.model import ChartModel, DataKey, ObjectName, Texts


class KafkaTls(ChartModel):
    """TLS to the brokers, from Secrets mounted as files."""

    existing_secret: ObjectName = ""
    """Secret with the authority of the brokers, and what else is named here."""
    ca_key: DataKey = "ca.crt"
    """Its key with the certificate authority; empty: the system's."""
    cert_key: DataKey = ""
    """Its key with the client certificate, for mTLS."""
    key_key: DataKey = ""
    """Its key with the client's private key."""
    key_password_key: DataKey = ""
    """Its key with the password of the private key."""
    client_secret: ObjectName = ""
    """Another Secret with the client certificate, as Strimzi makes one for each KafkaUser."""
    client_cert_key: DataKey = "user.crt"
    """Its key with the certificate."""
    client_key_key: DataKey = "user.key"
    """Its key with the private key."""


class Oauth(ChartModel):
    """OAUTHBEARER: a token endpoint, or a file that something else keeps fresh."""

    token_endpoint: str = ""
    """Token endpoint of the client credentials grant."""
    client_id: str = ""
    """Client id there."""
    existing_secret: ObjectName = ""
    """Secret with the client secret."""
    client_secret_key: DataKey = "client-secret"  # noqa: S105 - the name of a key
    """Its key with the client secret."""
    ca_key: DataKey = ""
    """Its key with the authority of the endpoint; empty: the system's."""
    scope: str = ""
    """Scope to ask for."""
    extensions: Texts = Field(default_factory=dict)
    """SASL extensions sent with the token."""
    token_file: str = ""
    """Instead of an endpoint: a file with the token, read again at every login."""


class KafkaSasl(ChartModel):
    """How to log in to the brokers."""

    mechanism: Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = ""
    """Mechanism; needed with the `SASL_…` protocols."""
    username: str = ""
    """User, instead of `usernameKey`."""
    existing_secret: ObjectName = ""
    """Secret with user and password; the password is mounted as a file."""
    username_key: DataKey = "username"
    """Its key with the user."""
    password_key: DataKey = "password"  # noqa: S105 - the name of a key
    """Its key with the password."""
    oauth: Oauth = Oauth()


class Kafka(ChartModel):
    """The brokers."""

    bootstrap_servers: str = ""
    """Brokers to start from, `host:port`, parted by commas. Needed."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How to speak to them."""
    tls: KafkaTls = KafkaTls()
    sasl: KafkaSasl = KafkaSasl()


class RegistryTls(ChartModel):
    """TLS to the registry."""

    existing_secret: ObjectName = ""
    """Secret with what is named here."""
    ca_key: DataKey = "ca.crt"
    """Its key with the certificate authority; empty: the system's."""
    cert_key: DataKey = ""
    """Its key with the client certificate."""
    key_key: DataKey = ""
    """Its key with the client's private key."""


class SchemaRegistry(ChartModel):
    """The schema registry; Avro topics need one."""

    url: str = ""
    """Its URL, without user or password."""
    existing_secret: ObjectName = ""
    """Secret with user and password, or API key and secret."""
    username_key: DataKey = "username"
    """Its key with the user."""
    password_key: DataKey = "password"  # noqa: S105 - the name of a key
    """Its key with the password."""
    tls: RegistryTls = RegistryTls()


class Keys(ChartModel):
    """Keys of pseudonyms and dead letters."""

    existing_secret: ObjectName = ""
    """Secret with one `NAME.key` for each key: base64 of 32 bytes. Needed."""

from __future__ import annotations

from typing import Any, cast

import pytest
from aiokafka.client import AIOKafkaClient
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from pipelines.runtime.oauth import EndpointTokens, FileTokens
from pipelines.runtime.security import client_arguments, faust_credentials
from pipelines.settings import Settings, load_settings

CANARY = "canary-password-81"


def sasl(mechanism: str, protocol: str = "SASL_SSL", **more: str) -> Settings:
    return load_settings({"security_protocol": protocol, "sasl_mechanism": mechanism, **more})


LOGIN = {"sasl_username": "u", "sasl_password": CANARY}


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="open"),
        pytest.param({"security_protocol": "SSL"}, id="TLS"),
        pytest.param(
            {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-256", **LOGIN},
            id="SCRAM-256 without TLS",
        ),
        pytest.param(
            {"security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM-SHA-512", **LOGIN},
            id="SCRAM-512",
        ),
        pytest.param(
            {"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN", **LOGIN}, id="PLAIN"
        ),
        pytest.param(
            {
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "OAUTHBEARER",
                "sasl_oauth_token_file": __file__,
            },
            id="OAUTHBEARER",
        ),
    ],
)
async def test_faust_and_bare_clients_log_in_alike_and_aiokafka_takes_it(
    settings: dict[str, str],
) -> None:
    loaded = load_settings(settings)
    bare = client_arguments(loaded)
    through_faust = cast("dict[str, Any]", credentials_to_aiokafka_auth(faust_credentials(loaded)))

    assert {name: bare.get(name) for name in through_faust if name not in OBJECTS} == {
        name: value for name, value in through_faust.items() if name not in OBJECTS
    }
    for name in OBJECTS:
        assert type(bare.get(name)) is type(through_faust.get(name))
    AIOKafkaClient(**bare)  # refuses what does not fit together
    assert CANARY not in repr(faust_credentials(loaded))


OBJECTS = {"ssl_context", "sasl_oauth_token_provider"}


def test_the_token_comes_from_the_file_or_from_the_endpoint() -> None:
    from_file = sasl("OAUTHBEARER", sasl_oauth_token_file=__file__)
    from_endpoint = sasl(
        "OAUTHBEARER",
        sasl_oauth_token_endpoint="https://issuer/token",
        sasl_oauth_client_id="c",
        sasl_oauth_client_secret="s",
        sasl_oauth_extensions="logicalCluster=lkc-1",
    )
    provider = client_arguments(from_endpoint)["sasl_oauth_token_provider"]

    assert isinstance(client_arguments(from_file)["sasl_oauth_token_provider"], FileTokens)
    assert isinstance(provider, EndpointTokens)
    assert provider.extensions() == {"logicalCluster": "lkc-1"}

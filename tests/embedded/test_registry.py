import ssl
from pathlib import Path

import httpx
import pytest

from pipelines.embedded.loopback import HOST
from pipelines.embedded.registry import EmbeddedRegistry
from tests.support.certificate import certificate_for

RECORD = {"schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}'}
WIDER = {
    "schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"},'
    ' {"name": "b", "type": "string"}]}'
}


def test_a_schema_is_found_by_the_id_it_was_registered_under(schema_registry_url: str) -> None:
    answer = httpx.post(f"{schema_registry_url}/subjects/found-value/versions", json=RECORD)
    found = httpx.get(f"{schema_registry_url}/schemas/ids/{answer.json()['id']}")
    assert '"name":"a"' in found.json()["schema"].replace(" ", "")


def test_as_with_confluents_a_schema_that_cannot_read_the_old_one_is_refused(
    schema_registry_url: str,
) -> None:
    subject = f"{schema_registry_url}/subjects/refused-value/versions"
    assert httpx.post(subject, json=RECORD).status_code == httpx.codes.OK
    assert httpx.post(subject, json=WIDER).status_code == httpx.codes.CONFLICT


def test_with_tls_and_a_user_only_that_user_is_let_in(tmp_path: Path) -> None:
    certificate, key = certificate_for(HOST, tmp_path)
    password = "sec\\ret " + "=#!:"
    with EmbeddedRegistry(
        user="alice", password=password, certificate=certificate, private_key=key
    ) as registry:
        trusted = ssl.create_default_context(cafile=str(certificate))
        subjects = f"{registry.url}/subjects"
        with httpx.Client(verify=trusted) as client:
            assert registry.url.startswith("https://")
            assert client.get(subjects).status_code == httpx.codes.UNAUTHORIZED
            wrong = client.get(subjects, auth=("alice", "wrong"))
            assert wrong.status_code == httpx.codes.UNAUTHORIZED
            assert client.get(subjects, auth=("alice", password)).json() == []
        with pytest.raises(httpx.ConnectError):
            httpx.get(subjects)

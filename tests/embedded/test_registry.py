import io
import ssl
import tarfile
from pathlib import Path

import httpx
import pytest

from pipelines.embedded.loopback import HOST
from pipelines.embedded.registry import EmbeddedRegistry, _unpack
from pipelines.errors import ConfigError
from tests.support.certificate import certificate_for

RECORD = {"schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}'}
WIDER = {
    "schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"},'
    ' {"name": "b", "type": "string"}]}'
}


def bundle_of(folder: Path, name: str, kind: bytes) -> Path:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, "/etc", 3 * (kind == tarfile.REGTYPE)
    bundle = folder / "bundle.tar.gz"
    with tarfile.open(bundle, "w:gz") as archive:
        archive.addfile(member, io.BytesIO(b"jar"))
    return bundle


def test_a_bundle_is_unpacked_whole(tmp_path: Path) -> None:
    _unpack(bundle_of(tmp_path, "app/lib/a.jar", tarfile.REGTYPE), tmp_path / "files")
    _unpack(bundle_of(tmp_path, "app/lib", tarfile.DIRTYPE), tmp_path / "folders")
    assert (tmp_path / "files/app/lib/a.jar").read_bytes() == b"jar"
    assert [*(tmp_path / "folders/app/lib").iterdir()] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../a.jar", tarfile.REGTYPE),
        ("/a.jar", tarfile.REGTYPE),
        ("app/link", tarfile.SYMTYPE),
    ],
)
def test_nothing_is_unpacked_that_leaves_its_folder(name: str, kind: bytes, tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, name, kind)
    with pytest.raises(ConfigError, match=r"bundle\.tar\.gz cannot be unpacked"):
        _unpack(bundle, tmp_path / "registry")
    assert [*tmp_path.iterdir()] == [bundle]


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

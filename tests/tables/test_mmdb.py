from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.errors import ConfigError
from pipelines.field_path import FieldPath
from pipelines.tables.file_table import FileTable
from pipelines.tables.mmdb import MmdbTable

if TYPE_CHECKING:
    from tests.tables.conftest import WriteMmdb

BERLIN: dict[str, Any] = {
    "country": {"iso_code": "DE"},
    "city": {"names": {"en": "Berlin", "pt-BR": "Berlim"}},
    "location": {"latitude": 52.5, "accuracy_radius": 20},
    "traits": {"is_anonymous": False},
    "subdivisions": [{"iso_code": "BE"}],
}
PARIS = {"country": {"iso_code": "FR"}}
NETWORKS = {"203.0.113.0/24": BERLIN, "128.0.0.0/2": PARIS, "2001:db8::/32": PARIS}


def load(folder: Path) -> FileTable:
    return MmdbTable.model_validate({"mmdb": "geo.mmdb"}).load(folder)


@pytest.fixture
def geo(tmp_path: Path, write_mmdb: WriteMmdb) -> FileTable:
    write_mmdb(tmp_path / "geo.mmdb", NETWORKS)
    return load(tmp_path)


@pytest.mark.parametrize(
    ("address", "row"),
    [
        pytest.param("203.0.113.77", BERLIN, id="IPv4"),
        pytest.param("2001:db8::1", PARIS, id="IPv6"),
        pytest.param("8.8.8.8", None, id="an address that is not there"),
        pytest.param("not an address", None, id="no address"),
        pytest.param("", None, id="nothing"),
        pytest.param(None, None, id="null"),
        pytest.param(5, None, id="a number"),
        pytest.param(["203.0.113.77"], None, id="a list"),
    ],
)
def test_an_address_is_looked_up(geo: FileTable, address: object, row: object) -> None:
    assert geo.lookup(address) == row


def test_rows_belong_to_their_records(geo: FileTable) -> None:
    row: Any = geo.lookup("203.0.113.77")
    row["country"]["iso_code"] = "changed"

    assert geo.lookup("203.0.113.77") == BERLIN


def test_a_file_of_ipv4_has_no_ipv6(tmp_path: Path, write_mmdb: WriteMmdb) -> None:
    write_mmdb(tmp_path / "geo.mmdb", {"203.0.113.0/24": PARIS}, version=4)
    table = load(tmp_path)

    assert table.lookup("203.0.113.1") == PARIS
    assert table.lookup("2001:db8::1") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("country.iso_code", "string"),
        ("city.names", "map"),
        ("city.names.*", "string"),
        ("location.latitude", "double"),
        ("location.accuracy_radius", "int"),
        ("traits.is_anonymous", "bool"),
        ("subdivisions[*].iso_code", "string"),
    ],
)
def test_the_shape_of_rows_is_found_in_the_file(geo: FileTable, path: str, kind: str) -> None:
    shape = geo.row.at(FieldPath(path))

    assert shape is not None
    assert (shape.kind, shape.nullable) == (kind, True)


def test_another_file_in_its_place_is_taken_up(
    tmp_path: Path, geo: FileTable, write_mmdb: WriteMmdb
) -> None:
    write_mmdb(tmp_path / "next.mmdb", {**NETWORKS, "203.0.113.0/24": PARIS})
    (tmp_path / "next.mmdb").replace(tmp_path / "geo.mmdb")

    assert geo.lookup("203.0.113.77") == BERLIN
    assert geo.refresh() is True
    assert geo.lookup("203.0.113.77") == PARIS
    assert geo.refresh() is False


@pytest.mark.parametrize("content", [b"", b"no database", bytes(4096)])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "geo.mmdb").write_bytes(content)

    with pytest.raises(ConfigError, match=r"geo\.mmdb: not a MaxMind DB file"):
        load(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"geo\.mmdb: the table file cannot be read: No such"):
        load(tmp_path)

from __future__ import annotations

import hashlib
import hmac
import importlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.derived_key import derived_key
from pipelines.errors import ConfigError
from pipelines.keyring import MemoryKeyring
from pipelines.treatments import hash as hash_module
from pipelines.treatments.hash import Hash

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated

SECRET = bytes(range(32))
KEYS = MemoryKeyring({"k": SECRET})


def hash_(**options: Any) -> Hash:
    return Hash.model_validate({"hash": {"key": "k", **options}})


@given(st.text(), st.text(max_size=8))
def test_it_is_hmac_sha_256(text: str, scope: str) -> None:
    key = derived_key(SECRET, "hash", scope)
    expected = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    assert hash_(scope=scope).build(KEYS)(text, "X") == expected


@pytest.mark.parametrize(
    ("module", "name"), [("_hashlib", "get_fips_mode"), ("importlib", "import_module")]
)
def test_where_only_openssl_may_hash_it_does(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    def approved_only(*_: object) -> int:
        if name == "import_module":
            raise ImportError
        return 1

    monkeypatch.setattr(f"{module}.{name}", approved_only)
    monkeypatch.setattr(hash_module, "import_module", importlib.import_module)

    assert hash_module._quickest_sha256() is hashlib.sha256


def test_the_pseudonym_stays_the_same_from_release_to_release(treated: Treated) -> None:
    assert treated(hash_(), "ada@example.com") == (
        "053feac4b6574fdb6a02758251285957187a0f1a68efaaffd20e4543fba3be4f"
    )


def test_a_shorter_one_is_its_beginning(treated: Treated) -> None:
    assert treated(hash_(length=16), "Ada") == str(treated(hash_(), "Ada"))[:16]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {"scope": "email"}, id="scopes"),
        pytest.param({}, {"key": "other"}, id="keys"),
    ],
)
def test_pseudonyms_cannot_be_joined_across(
    treated: Treated, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert treated(hash_(**one), "Ada") != treated(hash_(**other), "Ada")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(5, "5", id="a number is its JSON text"),
        pytest.param(5.0, "5", id="a whole double as well"),
        pytest.param(True, "true", id="a flag"),
        pytest.param(b"\xff", "/w==", id="bytes are base64"),
    ],
)
def test_a_value_has_one_pseudonym_in_all_its_types(
    treated: Treated, one: object, other: str
) -> None:
    assert treated(hash_(), one) == treated(hash_(), other)


def test_values_in_lists_and_objects_are_hashed_one_by_one(treated: Treated) -> None:
    ada = treated(hash_(), "Ada")

    assert treated(hash_(), ["Ada", {"x": "Ada", "y": None}]) == [ada, {"x": ada, "y": None}]


def test_without_a_key_it_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"hash\.key"):
        Hash.model_validate({"hash": {}})


def test_a_key_that_is_not_there_is_named() -> None:
    assert hash_(key="gone").keys_needed() == ("gone",)
    with pytest.raises(ConfigError, match="gone"):
        hash_(key="gone").build(KEYS)


@pytest.mark.parametrize("length", [15, 65])
def test_a_length_that_is_guessed_or_not_there_is_refused(length: int) -> None:
    with pytest.raises(ValidationError, match="length"):
        hash_(length=length)

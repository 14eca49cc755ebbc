from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from pipelines.derived_key import derived_key
from pipelines.errors import ConfigError, RecordError
from pipelines.keyring import MemoryKeyring
from pipelines.privacy.scan import Scan
from pipelines.treatments.tokenize import Tokenize, detokenize, key_id

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated

SECRET = bytes(range(32))
KEYS = MemoryKeyring({"k": SECRET, "other": bytes(32)})
SCAN = Scan()


def tokenize(**options: Any) -> Tokenize:
    return Tokenize.model_validate({"tokenize": {"key": "k", **options}})


def token(text: str, **options: Any) -> str:
    return str(tokenize(**options).build(KEYS)(text, "X"))


@given(st.text(min_size=1), st.text(max_size=8))
def test_the_key_turns_a_token_back(text: str, scope: str) -> None:
    assert detokenize(token(text, scope=scope), "k", scope, KEYS) == text


@given(st.text(min_size=1))
def test_the_same_text_has_the_same_token(text: str) -> None:
    assert token(text) == token(text)


@given(st.text(min_size=1), st.text(max_size=8))
def test_it_is_aes_siv_with_the_scope_as_associated_data(text: str, scope: str) -> None:
    key = derived_key(SECRET, "tokenize", scope, 64)
    sealed = AESSIV(key).encrypt(text.encode("utf-8", "surrogatepass"), [scope.encode()])

    assert token(text, scope=scope) == f"tok_{key_id(SECRET)}_{sealed.hex()}"


def test_the_token_stays_the_same_from_release_to_release() -> None:
    assert token("ada@example.com") == (
        "tok_pdejemah_b18c3b43dbaef0de680774412cc05f8ce8a5f8e5ad8dd5254ad6b21b49aeda"
    )


@given(st.text(min_size=1))
def test_a_token_is_safe_in_urls_and_file_names(text: str) -> None:
    assert re.fullmatch(r"tok_[a-p]{8}_[0-9a-f]+", token(text))


@given(
    st.text(min_size=1),
    st.binary(min_size=32, max_size=32),
    st.sampled_from(["", "phone: {}", "Patient NHS {}", "tel.{}, ssn", "https://x/?q={}", "a={}"]),
)
def test_no_detector_takes_a_token_for_something(text: str, secret: bytes, around: str) -> None:
    made = str(tokenize().build(MemoryKeyring({"k": secret}))(text, "X"))

    assert SCAN.find(around.format(made) or made, "phone ssn bsn nhs steuer") == []


@pytest.mark.parametrize(
    "options", [pytest.param({"scope": "x"}, id="scope"), pytest.param({"key": "other"}, id="key")]
)
def test_tokens_cannot_be_joined_across(options: dict[str, str]) -> None:
    assert token("Ada").split("_")[2] != token("Ada", **options).split("_")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "", id="nothing is no personal data"),
        pytest.param(None, None, id="null"),
        pytest.param(5, token("5"), id="a number is its JSON text"),
        pytest.param([True, {"a": "b"}], [token("true"), {"a": token("b")}], id="inside"),
    ],
)
def test_scalars_become_tokens(treated: Treated, before: object, after: object) -> None:
    assert treated(tokenize(), before) == after


def _changed(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ada", id="no token"),
        pytest.param("", id="nothing"),
        pytest.param(f"tok_{key_id(SECRET)}_", id="empty"),
        pytest.param(f"tok_{key_id(SECRET)}_00", id="too short"),
        pytest.param(f"tok_{key_id(SECRET)}_é", id="not ASCII"),
        pytest.param(_changed(token("Ada")), id="changed"),
        pytest.param(token("Ada", scope="x"), id="of another scope"),
        pytest.param(token("Ada") + "\n", id="with a line end"),
    ],
)
def test_what_is_no_token_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(RecordError) as failure:
        detokenize(text, "k", "", KEYS)

    assert failure.value.code == "not_a_token"
    assert not text or text not in str(failure.value)


def test_a_token_of_another_key_says_so() -> None:
    with pytest.raises(ConfigError, match="another key than `other`"):
        detokenize(token("Ada"), "other", "", KEYS)


def test_a_key_that_is_not_there_is_named() -> None:
    assert tokenize(key="gone").keys_needed() == ("gone",)
    with pytest.raises(ConfigError, match="gone"):
        detokenize(token("Ada"), "gone", "", KEYS)

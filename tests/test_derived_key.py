from __future__ import annotations

import hmac
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pipelines.derived_key import derived_key

KEY = st.binary(min_size=32, max_size=32)


@given(KEY, st.sampled_from(["hash", "tokenize"]), st.text(max_size=20), st.integers(1, 100))
def test_it_is_hkdf_sha_256(key: bytes, purpose: str, scope: str, length: int) -> None:
    """RFC 5869, sections 2.2 and 2.3, written out."""
    info = f"clearwater {purpose} 1\0{scope}".encode("utf-8", "surrogatepass")
    extracted = hmac.digest(bytes(32), key, "sha256")
    expanded = block = b""
    for counter in range(1, 5):
        block = hmac.digest(extracted, block + info + bytes([counter]), "sha256")
        expanded += block

    assert derived_key(key, purpose, scope, length) == expanded[:length]


def test_no_purpose_and_scope_stands_in_for_another() -> None:
    keys = {
        derived_key(bytes(32), purpose, scope)
        for purpose, scope in product(("hash", "tokenize", "key id"), ("", "email", "a\0b"))
    }

    assert len(keys) == 9

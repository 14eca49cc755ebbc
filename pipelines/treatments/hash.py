"""hash: a keyed pseudonym: joinable, and a guess cannot be tested without the key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

from pydantic import Field

from pipelines.canonical_text import canonical_text
from pipelines.derived_key import derived_key
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import EachScalar, Keyring, Treat, TreatmentConfig, text_only

_BLOCK = 64  # of SHA-256, bytes
_INNER = bytes(one ^ 0x36 for one in range(256))
_OUTER = bytes(one ^ 0x5C for one in range(256))


def _quickest_sha256() -> Callable[[bytes], Any]:
    """Return Python's own SHA-256: to copy its state takes half the time of OpenSSL's.

    OpenSSL's where that alone is approved (FIPS 140), or Python was built without its own.
    """
    with suppress(ImportError, AttributeError):
        if not import_module("_hashlib").get_fips_mode():
            for name in ("_sha2", "_sha256"):  # from Python 3.12 on, and before
                with suppress(ImportError):
                    own: Callable[[bytes], Any] = import_module(name).sha256
                    return own
    return hashlib.sha256


_sha256 = _quickest_sha256()


class HashOptions(StrictModel):
    """Under which key."""

    key: str
    """Name of the key; without one a hash of a phone number is found by trying them all."""
    scope: str = ""
    """Pseudonyms of different scopes cannot be joined."""
    length: Annotated[int, Field(ge=16, le=64)] = 64
    """Hexadecimal digits of the pseudonym."""


class Hash(TreatmentConfig):
    """HMAC-SHA-256 under a key, in hexadecimal: joinable, not reversible (RFC 2104)."""

    hash: HashOptions

    def sentence(self) -> str:
        return (
            "is replaced by a pseudonym, the same for the same value, made with the key "
            f"`{self.hash.key}`; nobody can turn it back"
        )

    def build(self, keys: Keyring) -> Treat:
        options = self.hash
        secret = derived_key(keys.key(options.key), "hash", options.scope).ljust(_BLOCK, b"\0")
        # both keyed states are made once: a copy costs a third of a new HMAC
        inner_copy = _sha256(secret.translate(_INNER)).copy
        outer_copy = _sha256(secret.translate(_OUTER)).copy
        length = options.length

        def pseudonym(value: object, _: str) -> object:
            text = value if isinstance(value, str) else canonical_text(value)
            inner = inner_copy()
            inner.update(text.encode("utf-8", "surrogatepass"))
            outer = outer_copy()
            outer.update(inner.digest())
            return outer.hexdigest()[:length]

        return EachScalar(pseudonym)

    def outcome(self, shape: Shape) -> Shape | None:
        return text_only(shape)

    def keys_needed(self) -> tuple[str, ...]:
        return (self.hash.key,)

"""tokenize: a pseudonym that the key's owner can turn back into the value."""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from pipelines.canonical_text import canonical_text
from pipelines.derived_key import derived_key
from pipelines.errors import ConfigError, RecordError
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import Keyring, Treat, TreatmentConfig, each_scalar, text_only

PREFIX = "tok"
_KEY_ID = 8
_SIV_KEY_BYTES = 64


class TokenizeOptions(StrictModel):
    """Under which key."""

    key: str
    """Name of the key."""
    scope: str = ""
    """Tokens of different scopes cannot be joined."""


class Tokenize(TreatmentConfig):
    """AES-SIV under a key (RFC 5297): deterministic, joinable, reversible with the key.

    A token is `tok_KEYID_TEXT`: 8 hexadecimal digits that name the key version without telling
    it, and the ciphertext in base32 (lower case), so that no detector takes it for something else.
    """

    tokenize: TokenizeOptions

    def build(self, keys: Keyring) -> Treat:
        options = self.tokenize
        secret = keys.key(options.key)
        encrypt = _cipher(secret, options.scope).encrypt
        prefix = f"{PREFIX}_{key_id(secret)}_"
        known = [options.scope.encode()]
        b32encode = base64.b32encode

        def token(value: object, _: str) -> object:
            text = value if isinstance(value, str) else canonical_text(value)
            if not text:
                return text  # AES-SIV has no token for nothing, and nothing is no personal data
            sealed = encrypt(text.encode("utf-8", "surrogatepass"), known)
            return prefix + b32encode(sealed).decode("ascii").rstrip("=").lower()

        return each_scalar(token)

    def outcome(self, shape: Shape) -> Shape | None:
        return text_only(shape)

    def keys_needed(self) -> tuple[str, ...]:
        return (self.tokenize.key,)


def key_id(secret: bytes) -> str:
    """Return 8 hexadecimal digits that tell keys apart and tell nothing of them."""
    return hashlib.sha256(derived_key(secret, "key id")).hexdigest()[:_KEY_ID]


def detokenize(token: str, name: str, scope: str, keys: Keyring) -> str:
    """Return the text that a token stands for.

    Raises:
        ConfigError: The key `name` is not the one the token was made with, or there is none.
        RecordError: The text is no token, or one of another scope.
    """
    secret = keys.key(name)
    parts = token.split("_")
    if len(parts) != 3 or parts[0] != PREFIX:  # noqa: PLR2004 - prefix, key id, text
        raise RecordError("not_a_token", "detokenize", "a token starts with tok_")
    if parts[1] != key_id(secret):
        raise ConfigError(f"the token was made with another version of key `{name}`")
    padded = parts[2].upper() + "=" * (-len(parts[2]) % 8)
    try:
        sealed = base64.b32decode(padded)
        return (
            _cipher(secret, scope)
            .decrypt(sealed, [scope.encode()])
            .decode("utf-8", "surrogatepass")
        )
    except (binascii.Error, InvalidTag):
        raise RecordError("not_a_token", "detokenize", "of another scope, or changed") from None


def _cipher(secret: bytes, scope: str) -> AESSIV:
    return AESSIV(derived_key(secret, "tokenize", scope, _SIV_KEY_BYTES))

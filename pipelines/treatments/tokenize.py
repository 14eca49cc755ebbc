"""tokenize: a pseudonym that the key's owner can turn back into the value."""

from __future__ import annotations

import hashlib
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from pipelines.canonical_text import canonical_text
from pipelines.derived_key import derived_key
from pipelines.errors import ConfigError, RecordError
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.treatment import EachScalar, Keyring, Treat, TreatmentConfig, text_only

PREFIX = "tok"
_KEY_ID = 8
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_SIV_KEY_BYTES = 64

TOKEN = re.compile(rf"{PREFIX}_(?P<key>[a-p]{{{_KEY_ID}}})_(?P<sealed>(?:[0-9a-f]{{2}}){{17,}})")
"""What every token looks like."""


class TokenizeOptions(StrictModel):
    """Under which key."""

    key: str
    """Name of the key."""
    scope: str = ""
    """Tokens of different scopes cannot be joined."""


class Tokenize(TreatmentConfig):
    """AES-SIV under a key (RFC 5297): deterministic, joinable, reversible with the key.

    A token is `tok_KEYID_TEXT`: 8 letters that name the key without telling it, and the
    ciphertext in hexadecimal, so that no detector takes it for something else.
    """

    tokenize: TokenizeOptions

    def sentence(self) -> str:
        return (
            "is replaced by a token, the same for the same value; who holds the key "
            f"`{self.tokenize.key}` can turn it back"
        )

    def build(self, keys: Keyring) -> Treat:
        options = self.tokenize
        secret = keys.key(options.key)
        encrypt = _cipher(secret, options.scope).encrypt
        prefix = f"{PREFIX}_{key_id(secret)}_"
        known = [options.scope.encode()]

        def token(value: object, _: str) -> object:
            text = value if isinstance(value, str) else canonical_text(value)
            if not text:
                return text  # AES-SIV has no token for nothing, and nothing is no personal data
            return prefix + encrypt(text.encode("utf-8", "surrogatepass"), known).hex()

        return EachScalar(token)

    def outcome(self, shape: Shape) -> Shape | None:
        return text_only(shape)

    def keys_needed(self) -> tuple[str, ...]:
        return (self.tokenize.key,)


def key_id(secret: bytes) -> str:
    """Return 8 letters that tell keys apart and tell nothing of them.

    Letters, because 8 digits would pass for a telephone number.
    """
    digest = hashlib.sha256(derived_key(secret, "key id")).hexdigest()
    return digest[:_KEY_ID].translate(_LETTERS)


def detokenize(token: str, name: str, scope: str, keys: Keyring) -> str:
    """Return the text that a token stands for.

    Raises:
        ConfigError: The key `name` is not the one the token was made with, or there is none.
        RecordError: The text is no token, or one of another scope (`not_a_token`).
    """
    secret = keys.key(name)
    found = TOKEN.fullmatch(token)
    if found is None:
        raise RecordError("not_a_token", "detokenize", "a token is tok_KEYID_TEXT")
    if found["key"] != key_id(secret):
        raise ConfigError(f"the token was made with another key than `{name}` is now")
    try:
        sealed = bytes.fromhex(found["sealed"])
        text = _cipher(secret, scope).decrypt(sealed, [scope.encode()])
    except InvalidTag:
        raise RecordError("not_a_token", "detokenize", "of another scope, or changed") from None
    return text.decode("utf-8", "surrogatepass")


def _cipher(secret: bytes, scope: str) -> AESSIV:
    return AESSIV(derived_key(secret, "tokenize", scope, _SIV_KEY_BYTES))

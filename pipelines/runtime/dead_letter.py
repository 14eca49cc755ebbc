r"""Dead letters: the encrypted original of a record that could not be processed.

A dead letter's value is one JSON object. Everything but `original` is clear, holds no value of
the record, and is authenticated together with it::

    {"version": 1,
     "pipeline": "orders", "step": "geo", "code": "enrich_missing", "revision": "5f2c…",
     "topic": "orders.raw", "partition": 3, "offset": 1042, "timestamp": 1700000000000,
     "attempt": 1, "preview": "{\"*****\": ****}", "original_bytes": 311,
     "encryption": {"algorithm": "AES-256-GCM", "derivation": "HKDF-SHA256",
                    "key": "dead-letters", "salt": "base64", "nonce": "base64"},
     "original": "base64"}

- Key: HKDF-SHA256 (RFC 5869) of the 32 bytes of the named key with `salt`, info
  `clearwater dead letter 1`. Each process takes its own salt, so the 2^32 random nonces that
  AES-GCM allows under one key (NIST SP 800-38D, 8.3) are never near.
- `original`: AES-256-GCM under the random 96-bit `nonce`, the tag in its last 16 bytes.
  Additional data: the object without `original` as JSON (UTF-8), keys sorted, no spaces.
- Inside: key, value, then each header's name and value; each is a 4-byte big-endian length
  and its bytes; null is the length 2^32 - 1.
- An original that would not fit into one Kafka record is left out: `original` is then the
  encryption of nothing. Its coordinates say where the source topic still has it.

The dead letter's key is null. Its headers `x-clearwater-…` repeat the coordinates, pipeline,
step, code and revision as text.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from typing import Literal, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Base64Bytes, ValidationError

from pipelines.engine.outcome import DeadLettered
from pipelines.errors import ClearwaterError
from pipelines.runtime.original import Original, packed, unpacked
from pipelines.strict_model import StrictModel
from pipelines.treatment import Keyring

VERSION = 1
ATTEMPT = "x-clearwater-attempt"
"""Header of a record that was sent back: how often it had failed."""
PREVIEW_CHARACTERS = 1000
_HEADERS = (
    "topic",
    "partition",
    "offset",
    "timestamp",
    "pipeline",
    "step",
    "code",
    "revision",
    "attempt",
)


class LetterUnreadable(ClearwaterError):
    """A dead letter cannot be read or opened."""


class Encryption(StrictModel):
    """How the original is encrypted."""

    algorithm: Literal["AES-256-GCM"]
    derivation: Literal["HKDF-SHA256"]
    key: str
    """Name of the key that opens it."""
    salt: Base64Bytes
    """Salt of the key derivation."""
    nonce: Base64Bytes
    """Nonce of this letter."""


class Letter(StrictModel):
    """What a dead letter says without its key."""

    version: Literal[1]
    pipeline: str
    """Pipeline that could not process the record."""
    step: str
    """Step id, field path or stage that failed."""
    code: str
    """Reason code."""
    revision: str
    """Revision of the pipeline's declaration."""
    topic: str
    """Source topic."""
    partition: int
    """Source partition."""
    offset: int
    """Source offset."""
    timestamp: int
    """Timestamp of the source record, milliseconds since the epoch."""
    attempt: int = 1
    """How often the record has failed, this time included."""
    preview: str
    """The value, every character masked."""
    original_bytes: int
    """Size of the original: key, value and headers with their lengths."""
    encryption: Encryption
    original: Base64Bytes
    """The encrypted original."""


class Sealed(NamedTuple):
    """What is published for one dead letter; its key is null.

    Attributes:
        value: The envelope.
        headers: Coordinates and reason as text.
    """

    value: bytes
    headers: list[tuple[str, bytes]]


class Sealer:
    """Seals the dead letters of one pipeline; one per process and pipeline."""

    def __init__(
        self,
        key: tuple[str, bytes],
        *,
        pipeline: str,
        revision: str,
        topic: str,
        max_bytes: int = 900_000,
    ) -> None:
        """Derive this process's key.

        Args:
            key: Name and 32 bytes of the key.
            pipeline: Pipeline that the letters come from.
            revision: Revision of its declaration.
            topic: Its source topic.
            max_bytes: Largest value to make; a larger original is left out.
        """
        name, secret = key
        salt = os.urandom(16)
        self._cipher = _cipher(secret, salt)
        self._max_bytes = max_bytes
        self._same: dict[str, object] = {
            "version": VERSION,
            "pipeline": pipeline,
            "revision": revision,
            "topic": topic,
        }
        self._encryption = {
            "algorithm": "AES-256-GCM",
            "derivation": "HKDF-SHA256",
            "key": name,
            "salt": _text(salt),
        }

    @classmethod
    def of_pipeline(
        cls,
        keys: Keyring,
        key_name: str,
        *,
        pipeline: str,
        revision: str,
        topic: str,
        max_bytes: int = 900_000,
    ) -> Sealer:
        """Return the sealer of a pipeline under the key it names.

        Raises:
            ConfigError: There is no such key.
        """
        key = (key_name, keys.key(key_name))
        return cls(key, pipeline=pipeline, revision=revision, topic=topic, max_bytes=max_bytes)

    def seal(self, letter: DeadLettered, partition: int) -> Sealed:
        """Return the dead letter to publish."""
        raw = letter.raw
        original = b"".join(packed(raw.key, raw.value, raw.headers))
        nonce = os.urandom(12)
        clear: dict[str, object] = {
            **self._same,
            "step": letter.where,
            "code": letter.code,
            "partition": partition,
            "offset": raw.offset,
            "timestamp": raw.timestamp or 0,
            "attempt": _attempts(raw.headers) + 1,
            "preview": _encodable(letter.preview[:PREVIEW_CHARACTERS]),
            "original_bytes": len(original),
            "encryption": {**self._encryption, "nonce": _text(nonce)},
        }
        bound = _bound(clear)
        if len(bound) + len(original) * 4 // 3 + 64 > self._max_bytes:
            original = b""
        sealed = _text(self._cipher.encrypt(nonce, original, bound))
        headers = [(f"x-clearwater-{name}", str(clear[name]).encode()) for name in _HEADERS]
        return Sealed(orjson.dumps({**clear, "original": sealed}), headers)


def read_letter(value: bytes) -> Letter:
    """Return what a dead letter says in the clear; only `open_letter` proves it.

    Raises:
        LetterUnreadable: The value is no dead letter, or of a version not known here.
    """
    try:
        return Letter.model_validate_json(value)
    except ValidationError as error:
        places = sorted({str(detail["loc"][0]) for detail in error.errors() if detail["loc"]})
        wrong = f"wrong or missing: {', '.join(places)}" if places else "it is no JSON object"
        raise LetterUnreadable(f"not a dead letter of version {VERSION}: {wrong}") from None


def open_letter(value: bytes, key: bytes) -> Original:
    """Return the original of a dead letter.

    Args:
        value: The dead letter's value.
        key: The 32 bytes of the key it names.

    Raises:
        LetterUnreadable: The value is no dead letter, was changed, or the key is another;
            or the original was too large to go along.
    """
    letter = read_letter(value)
    sent = orjson.loads(value)
    del sent["original"]
    encryption = letter.encryption
    place = f"{letter.topic}[{letter.partition}]@{letter.offset}"
    try:
        cipher = _cipher(key, encryption.salt)
        original = cipher.decrypt(encryption.nonce, letter.original, _bound(sent))
    except (InvalidTag, ValueError):
        raise LetterUnreadable(
            f"{place}: the key `{encryption.key}` given here does not open it:"
            " it is another key of that name, or the letter was changed"
        ) from None
    if not original:
        raise LetterUnreadable(
            f"{place}: the original of {letter.original_bytes} bytes was too large to go along;"
            " read it from the source topic"
        )
    return unpacked(original)


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    info = b"clearwater dead letter 1"
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret))


def _bound(clear: dict[str, object]) -> bytes:
    return orjson.dumps(clear, option=orjson.OPT_SORT_KEYS)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _attempts(headers: Sequence[tuple[str, bytes | None]]) -> int:
    """Return how often a record has failed before: what its headers say, if they say a number."""
    said = next((raw for name, raw in headers if name == ATTEMPT), None) or b"0"
    return int(said) if said.isdigit() and len(said) <= 4 else 0  # noqa: PLR2004 - no more was ever tried


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates are no UTF-8

r"""Waiting: a record that a step holds back, as it stands in the topic it waits in.

Its key is null. Two headers are clear, hold no value of the record, and are authenticated with it:

- `x-clearwater-until`: when it goes on, milliseconds since the epoch, as text.
- `x-clearwater-origin`: partition, offset and timestamp of the source record, parted by slashes.

Its value is one byte 1, a salt of 16 bytes, a nonce of 12 bytes, and the original (see `original`)
under AES-256-GCM with the tag in its last 16 bytes. The key is derived by HKDF-SHA256 (RFC 5869)
from the 32 bytes of the key of the pipeline's dead letters with that salt, info
`clearwater waiting 1`; each process takes its own salt. Additional data: pipeline, step, source
topic and the contents of the two headers, parted by line feeds. A null original value stays null.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.engine.outcome import Output, RawRecord
from pipelines.engine.outcome import Waiting as Wait
from pipelines.errors import ClearwaterError
from pipelines.runtime.original import packed, unpacked

UNTIL = "x-clearwater-until"
ORIGIN = "x-clearwater-origin"

_VERSION = b"\x01"
_SALT, _NONCE = 16, 12
_MOST_CIPHERS = 64  # salts of processes that wrote before; more are derived anew


class WaitingUnreadable(ClearwaterError):
    """A record in the topic of a step does not open."""


@dataclass(frozen=True, slots=True)
class Waited:
    """A record that has waited, as it was fetched from its source.

    Attributes:
        partition: Source partition.
        offset: Source offset.
        timestamp: Kafka timestamp of the source record, milliseconds since the epoch.
        until: When it was to go on, milliseconds since the epoch.
    """

    partition: int
    offset: int
    timestamp: int
    until: int
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: Sequence[tuple[str, bytes]] = field(repr=False)


class WaitingSealer:
    """Seals and opens the records of one pipeline that wait."""

    def __init__(self, secret: bytes, pipeline: str, source: str) -> None:
        """Derive this process's key.

        Args:
            secret: The 32 bytes of the key of the pipeline's dead letters.
            pipeline: The pipeline.
            source: Its source topic.
        """
        self._secret = secret
        self._bound = f"{pipeline}\n{{}}\n{source}\n"
        self._salt = os.urandom(_SALT)
        self._ciphers: dict[bytes, AESGCM] = {}

    def seal(self, wait: Wait, partition: int, now: int) -> Output:
        """Return what stands in the step's topic for a record.

        Args:
            wait: The record and until when.
            partition: Its source partition.
            now: Milliseconds since the epoch: it is held no longer from now on than it may.
        """
        raw = wait.raw
        until = b"%d" % (min(wait.until, now + wait.longest) if wait.until else now)
        origin = b"%d/%d/%d" % (partition, raw.offset, raw.timestamp or 0)
        nonce = os.urandom(_NONCE)
        original = b"".join(packed(raw.key, raw.value, raw.headers))
        sealed = self._cipher(self._salt).encrypt(
            nonce, original, self._bound_to(wait.step, until, origin)
        )
        value = b"".join((_VERSION, self._salt, nonce, sealed))
        # retention counts from now on: the source's timestamp may be old
        return Output(raw.offset, now, None, value, [(UNTIL, until), (ORIGIN, origin)])

    def open(self, record: RawRecord, step: str) -> Waited:
        """Return the record that waited at a step.

        Raises:
            WaitingUnreadable: It is none of ours, was changed, or the key is another.
        """
        held = dict(record.headers)
        until, origin = held.get(UNTIL, b""), held.get(ORIGIN, b"")
        value = record.value or b""
        salt, nonce = value[1 : 1 + _SALT], value[1 + _SALT : 1 + _SALT + _NONCE]
        if value[:1] != _VERSION or len(nonce) < _NONCE:
            raise WaitingUnreadable("no record that waits")
        bound = self._bound_to(step, until, origin)
        try:
            opened = self._cipher(salt).decrypt(nonce, value[1 + _SALT + _NONCE :], bound)
        except InvalidTag:
            raise WaitingUnreadable("it was changed, or the key is another") from None
        original = unpacked(opened)
        partition, offset, timestamp = map(int, origin.split(b"/"))
        headers = [(name, content or b"") for name, content in original.headers]
        return Waited(
            partition, offset, timestamp, int(until), original.key, original.value, headers
        )

    def _bound_to(self, step: str, until: bytes, origin: bytes) -> bytes:
        return b"".join((self._bound.format(step).encode(), until, b"\n", origin))

    def _cipher(self, salt: bytes) -> AESGCM:
        found = self._ciphers.get(salt)
        if found is None:
            if len(self._ciphers) >= _MOST_CIPHERS:
                self._ciphers.clear()
            derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"clearwater waiting 1")
            found = self._ciphers[salt] = AESGCM(derived.derive(self._secret))
        return found


def time_of(record: RawRecord) -> float:
    """Return when a record in the topic of a step goes on, seconds since the epoch.

    One that does not say so is none of ours: it goes at once, to the dead letters.
    """
    for name, content in record.headers:
        if name == UNTIL and content.isdigit():
            return int(content) / 1000
    return 0.0

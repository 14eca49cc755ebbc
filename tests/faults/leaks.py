"""The search for canaries: in text, and in what text is commonly wrapped in."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

import cramjam

from tests.faults.records import MARK, numbers_in

_DEPTH = 3
_MOST = 64 * 1024**2  # bytes out of one compressed stream
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){12,}")
_ESCAPED = re.compile(rb"\\u00([0-9a-fA-F]{2})")
_DIGITS = re.compile(rb"\d(?:[ -]?\d){11,}")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd")
_MARK = MARK.encode()


def leaks(content: bytes, depth: int = _DEPTH) -> list[str]:
    """Return what canaries stand in some bytes, and how they are wrapped; each at most once.

    Looked into: plain text, JSON's escapes, URL encoding, UTF-16, Base64, hexadecimal, gzip and
    zstd, in one another up to three deep.
    """
    found: dict[str, str] = {}
    for way, plain in _plain(content, depth):
        for canary in _canaries(plain):
            found.setdefault(canary, way)
    return [f"{canary} ({way})" for canary, way in sorted(found.items())]


def _canaries(plain: bytes) -> Iterator[str]:
    at = plain.find(_MARK)
    while at >= 0:
        number = re.match(rb"\d*", plain[at + len(_MARK) : at + len(_MARK) + 12])
        yield f"text of {(number[0] if number else b'').decode() or '?'}"
        at = plain.find(_MARK, at + 1)
    for digits in _DIGITS.findall(plain):
        for number_found in numbers_in(re.sub(rb"\D", b"", digits).decode()):
            yield f"number of {number_found}"


def _plain(content: bytes, depth: int, way: str = "plain") -> Iterator[tuple[str, bytes]]:
    yield way, content
    if depth == 0:
        return
    for kind, inner in _wrapped(content):
        yield from _plain(inner, depth - 1, kind if way == "plain" else f"{way}, {kind}")


def _wrapped(content: bytes) -> Iterator[tuple[str, bytes]]:
    if b"\\u00" in content:
        yield "JSON", _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), content)
    if b"%" in content:
        yield "URL", unquote_to_bytes(content)
    if b"\0" in content:
        yield "UTF-16", content.replace(b"\0", b"")
    for run in _BASE64.findall(content):
        for at in range(4 if len(run) < 200 else 1):  # a run may begin with what is not part of it
            with suppress(binascii.Error, ValueError):
                text = run[at:].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
                text = text[:-1] if len(text) % 4 == 1 else text
                yield "Base64", base64.b64decode(text + b"=" * (-len(text) % 4))
    for run in _HEX.findall(content):
        yield "hexadecimal", binascii.unhexlify(run)
    for start in _GZIP.finditer(content):
        with suppress(zlib.error):
            yield "gzip", zlib.decompressobj(31).decompress(content[start.start() :], _MOST)
    for start in _ZSTD.finditer(content):
        for end in (len(content), -1, -2, -3):  # what follows the stream is not part of it
            with suppress(cramjam.DecompressionError):
                yield "zstd", bytes(cramjam.zstd.decompress(content[start.start() : end]))

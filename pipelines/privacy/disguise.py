"""Disguise: what encodings and odd characters hide from a pattern, laid open."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Self
from urllib.parse import unquote

_BASE64_OF_TEXT = (
    # three printable ASCII characters leave few choices to three of the four digits
    r"(?:[I-Za-f][C-HS-Xi-ny-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/]){5,}"
    r"[A-Za-z0-9+/]{0,3}={0,2}"
)
LEAST_BASE64 = 20
"""Characters of the shortest stretch of base64 that is looked into."""

_SPACES = r"(?:\xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|\xe3\x80\x80)"
_DASHES = r"(?:\xe2\x80[\x90-\x95]|\xe2\x88\x92|\xef\xb9\xa3)"

DISGUISED = (
    r"%[2-7][0-9A-Fa-f]|&#[0-9xX]|&(?:commat|period|colon|nbsp|plus|sol|lowbar);"
    r"|\\(?:u00[0-9A-Fa-f]{2}|x[2-7][0-9A-Fa-f]|/|[nrt][0-9A-Za-z+(@])"
    r"|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad"
    r"|\xef\xbc[\x90-\x99\xa0-\xba]|\xef\xbd[\x81-\x9a]"
    rf"|[0-9]{_SPACES}|{_SPACES}[0-9]|[0-9]{_DASHES}|{_DASHES}[0-9]"
    rf"|(?:^|[^A-Za-z0-9+/_\-]){_BASE64_OF_TEXT}"
)
"""Matches, in UTF-8, wherever something may be hidden."""

_ENCODED = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[a-zA-Z]{2,8});)"
    r"|(?P<unicode>\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})"
    r"|(?P<control>\\[nrt])"
    r"|(?P<slash>\\/)"
    r"|(?P<nothing>[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]+)"
    r"|(?P<dash>[\u2010-\u2015\u2212\ufe63])"
    r"|(?P<space>[\u00a0\u2000-\u200a\u202f\u3000])"
    r"|(?P<wide>[\uff01-\uff5e])"
)
_BASE64 = re.compile(rf"(?<![A-Za-z0-9+/_\-])(?:{_BASE64_OF_TEXT})(?![A-Za-z0-9+/=])")
_ROUNDS = 3  # an encoding of an encoding
_LONGEST_BASE64 = 65_536
_LEAST_PRINTABLE = 0.95


@dataclass(frozen=True, slots=True)
class Plain:
    """A text laid open, and where each of its characters stood.

    Attributes:
        text: The plain text.
        starts: Where each character's encoding begins in the text as it was written.
        ends: Where it ends.
    """

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a text as it is written."""
        return cls(text, list(range(len(text))), list(range(1, len(text) + 1)))

    def decoded(self) -> Plain:
        """Return it with one layer of encodings undone; itself if there is none."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        for match in _ENCODED.finditer(self.text):
            start, end = match.span()
            plain = _plain(match)
            pieces += (self.text[position:start], plain)
            starts += self.starts[position:start] + [self.starts[start]] * len(plain)
            ends += self.ends[position:start] + [self.ends[end - 1]] * len(plain)
            position = end
        if not position:
            return self
        pieces.append(self.text[position:])
        return Plain("".join(pieces), starts + self.starts[position:], ends + self.ends[position:])


def plain_form(text: str) -> Plain | None:
    """Return the text with encodings undone and odd characters plain, or None if it is plain.

    Linear in the text.
    """
    plain = Plain.of(text)
    for _ in range(_ROUNDS):
        further = plain.decoded()
        if further is plain or further.text == plain.text:
            break
        plain = further
    return None if plain.text == text else plain


def base64_texts(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and content of each stretch of base64 that is text."""
    found = []
    for match in _BASE64.finditer(text):
        token = match[0][:_LONGEST_BASE64].rstrip("=")
        token = token[: len(token) - (len(token) % 4 == 1)]
        try:
            content = base64.b64decode(token + "=" * (-len(token) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        readable = sum(one.isprintable() or one in "\r\n\t" for one in content)
        if readable >= _LEAST_PRINTABLE * len(content):
            found.append((match.start(), match.end(), content))
    return found


def _plain(match: re.Match[str]) -> str:
    written = match[0]
    plain = _PLAIN.get(str(match.lastgroup), "")
    return plain if isinstance(plain, str) else plain(written)


_PLAIN: dict[str, str | Callable[[str], str]] = {
    "percent": partial(unquote, errors="replace"),
    "entity": html.unescape,
    "unicode": lambda written: html.unescape(f"&#x{written[2:]};"),
    "control": " ",
    "space": " ",
    "slash": "/",
    "dash": "-",
    "wide": partial(unicodedata.normalize, "NFKC"),
}

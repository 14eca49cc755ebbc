"""String and bytes literals: quotes and escapes (CEL language definition, "String and Bytes")."""

from __future__ import annotations

import re

from pipelines.condition.error import CelError

_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL
)
_LAST_CODE_POINT, _SURROGATES = 0x10FFFF, range(0xD800, 0xE000)


def text_literal(written: str, column: int) -> str:
    """Return the text of a string literal.

    Raises:
        CelError: It holds an escape that there is not.
    """
    raw, body = _body(written)
    return body if raw else _ESCAPE.sub(lambda match: _character(match, column), body)


def bytes_literal(written: str, column: int) -> bytes:
    """Return the bytes of a bytes literal; hexadecimal and octal escapes are single bytes.

    Raises:
        CelError: It holds an escape that there is not.
    """
    raw, body = _body(written)
    if raw:
        return body.encode()
    found = bytearray()
    position = 0
    for match in _ESCAPE.finditer(body):
        found += body[position : match.start()].encode()
        if match[2] or match[3]:
            message = "there is no escape for a character in bytes: write it, or its bytes as \\x…"
            raise CelError(message, column + match.start())
        byte = match[1] or match[4]
        if byte:
            found.append(int(byte, 16 if match[1] else 8))
        else:
            found += _character(match, column).encode()
        position = match.end()
    return bytes(found + body[position:].encode())


def _body(written: str) -> tuple[bool, str]:
    prefix = written[: min(written.find(quote) for quote in "\"'" if quote in written)]
    quoted = written[len(prefix) :]
    width = 3 if quoted[:3] in ('"""', "'''") and len(quoted) >= 6 else 1  # noqa: PLR2004 - two of three
    return "r" in prefix.lower(), quoted[width:-width]


def _character(match: re.Match[str], column: int) -> str:
    number = match[1] or match[2] or match[3]
    if number:
        code = int(number, 16)
    elif match[4]:
        code = int(match[4], 8)
    elif match[5] in _SIMPLE:
        return _SIMPLE[match[5]]
    else:
        raise CelError(f"there is no escape `\\{match[5]}`", column + match.start())
    if code > _LAST_CODE_POINT or code in _SURROGATES:
        raise CelError("no such character", column + match.start())
    return chr(code)

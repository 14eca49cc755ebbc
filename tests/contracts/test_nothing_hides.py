"""No way of writing a value hides it from the gate."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.support.gated import compiled, left_in, through

GATE = compiled()
MAIL, CARD, PHONE = "ada.lovelace@example.com", "4111111111111111", "+14155552671"
ZERO_WIDTH, SOFT_HYPHEN, NO_BREAK = "\u200b", "\u00ad", "\u00a0"


def wide(text: str) -> str:
    """Return a text in full-width characters."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "after a line's end": lambda text: f"see\n{text}",
    "after a backslash and n": lambda text: rf"see\n{text}",
    "URL-encoded": lambda text: f"q={quote(text, safe='')}",
    "URL-encoded twice": lambda text: f"q={quote(quote(text, safe=''), safe='')}",
    "every byte URL-encoded": lambda text: "".join(f"%{one:02X}" for one in text.encode()),
    "HTML entities": lambda text: html.escape(text).replace("@", "&#64;").replace("+", "&plus;"),
    "HTML numbers": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML hexadecimal": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "escaped as in JSON": lambda text: text.replace("@", r"\u0040").replace("4", r"\u0034"),
    "base64": lambda text: base64.b64encode(f"please look at {text} soon".encode()).decode(),
    "base64 in a text": lambda text: (
        f"body: {base64.b64encode(f'please look at {text} soon'.encode()).decode()} end"
    ),
    "zero-width characters": ZERO_WIDTH.join,
    "soft hyphens": SOFT_HYPHEN.join,
    "full width": wide,
    "JSON in a string": lambda text: json.dumps({"note": f"see {text}"}),
    "JSON in JSON in a string": lambda text: json.dumps({"a": json.dumps({"b": [text]})}),
    "a list in a string": lambda text: json.dumps([1, text]),
}
GROUPED = (
    "4111 1111 1111 1111", "4111-1111-1111-1111", f"4111{NO_BREAK}1111{NO_BREAK}1111{NO_BREAK}1111",
    "4111\u20111111\u20111111\u20111111", "+1 415 555 2671", "+1-415-555-2671", "+1.415.555.2671",
    "+1 (415) 555-2671", "536-90-4399", "GB82 WEST 1234 5698 7654 32",
)  # fmt: skip
PLACES: dict[str, Callable[[str], Any]] = {
    "a value": lambda text: {"note": text},
    "a list": lambda text: {"notes": ["one", text]},
    "a key of a map": lambda text: {"by_note": {text: 1}},
    "deep below": lambda text: {"a": {"b": [{"c": {"d": text}}]}},
    "the whole value": lambda text: text,
}


@pytest.mark.parametrize("secret", [MAIL, CARD, PHONE])
@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_encoding_hides_a_value(secret: str, disguise: str) -> None:
    written = DISGUISES[disguise](secret)
    for place in PLACES.values():
        passage = through(GATE, place(written))
        assert passage.changed
        assert written not in orjson.dumps(passage.value).decode()
        assert left_in(passage.record) == []


@pytest.mark.parametrize("number", GROUPED)
@pytest.mark.parametrize("place", PLACES)
def test_no_spaces_and_dashes_hide_a_number(number: str, place: str) -> None:
    passage = through(GATE, PLACES[place](f"call {number} now"))

    assert passage.changed
    assert number not in orjson.dumps(passage.value).decode()


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"note": "ada.lovelace\u0040example.com"}',
        rb'{"note": "\u0061\u0064\u0061\u002elovelace@example\u002ecom"}',
        rb'{"note": "https:\/\/ada:pass1234@example.com\/x"}',
        rb'{"note": "card:\n4111111111111111"}',
        rb'{"note": "caf\u00e94111111111111111"}',
        rb'{"\u0073sn": 536904399}',
        rb'{"card": 4111111111111111}',
    ],
)
def test_no_escape_of_json_hides_a_value(raw: bytes) -> None:
    passage = through(GATE, orjson.loads(raw))

    assert passage.changed
    assert left_in(passage.record) == []


@pytest.mark.parametrize("disguise", ["plain", "URL-encoded", "base64", "full width"])
def test_record_keys_and_headers_hide_nothing(disguise: str) -> None:
    written = DISGUISES[disguise](MAIL)
    passage = through(GATE, {"n": 1}, written, [("x-note", written.encode()), (written, b"1")])

    assert passage.error is None
    assert written not in str(passage.record.key)
    assert all(written not in name + raw.decode() for name, raw in passage.record.headers)


def test_base64_is_looked_into_up_to_a_limit() -> None:
    words = b"nothing of note here, only words. "
    near = base64.b64encode(words * 1_000 + MAIL.encode()).decode()
    far = base64.b64encode(words * 4_000 + MAIL.encode()).decode()

    assert through(GATE, {"body": near}).changed
    assert through(GATE, {"body": far}).error is None

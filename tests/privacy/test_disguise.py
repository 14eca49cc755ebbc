from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.disguise import base64_texts, plain_form
from pipelines.privacy.scan import Scan

SCAN = Scan()
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "4111111111111111")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mail ada%40example.com now", "ada%40example.com"),
        ("mail ada%2540example.com now", "ada%2540example.com"),
        ("mail ada&#64;example.com now", "ada&#64;example.com"),
        ("mail ada&commat;example.com now", "ada&commat;example.com"),
        ("mail ada\\u0040example.com now", "ada\\u0040example.com"),
        ("mail ada\u200b@example.com now", "ada\u200b@example.com"),
        (f"card {WIDE}", WIDE),
        ("card 4111\u20111111\u20111111\u20111111", "4111\u20111111\u20111111\u20111111"),
        ("ring +1\u00a0415\u00a0555\u00a02671", "+1\u00a0415\u00a0555\u00a02671"),
        (r"card:\n4111111111111111", "4111111111111111"),
    ],
    ids=ascii,
)
def test_a_disguise_hides_nothing(text: str, hidden: str) -> None:
    found = SCAN.find(text)

    assert hidden in [text[one.start : one.end] for one in found]
    assert SCAN.suspicious([json.dumps({"x": text}, ensure_ascii=False).encode()]) == [0]


def test_text_in_base64_is_read_and_the_whole_of_it_is_the_finding() -> None:
    token = base64.b64encode(b"please write to ada@example.com about it").decode()

    (found,) = SCAN.find(f"body={token}")

    assert (found.entity, f"body={token}"[found.start : found.end]) == ("EMAIL_ADDRESS", token)
    assert SCAN.suspicious([json.dumps({"body": token}).encode()]) == [0]


@pytest.mark.parametrize(
    "text",
    ["4bf92f3577b34da6a3ce929d0e0e4736", "q7K2pW9xZ4mN8vB1q7K2pW9xZ4mN8vB1", "a plain sentence"],
)
def test_what_is_no_text_in_base64_is_left_alone(text: str) -> None:
    assert base64_texts(text) == []


def test_plain_text_has_no_other_form() -> None:
    assert plain_form("plain, 100 % and more") is None


@given(st.text(max_size=60))
def test_each_character_knows_where_it_stood(text: str) -> None:
    form = plain_form(text)

    if form is not None:
        assert len(form.text) == len(form.starts) == len(form.ends)
        spans = list(zip(form.starts, form.ends, strict=True))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)

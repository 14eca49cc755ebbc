from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.field_path import MISSING
from pipelines.steps.parse.pairs import KEY_VALUE, LOGFMT


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        pytest.param("level=info msg=started", {"level": "info", "msg": "started"}, id="pairs"),
        pytest.param('msg="two words"', {"msg": "two words"}, id="quoted"),
        pytest.param(
            r'msg="a \"b\" \\ \n\u00e9"', {"msg": 'a "b" \\ \né'}, id="escapes as in JSON"
        ),
        pytest.param(r'msg="\d+"', {"msg": "d+"}, id="other escapes"),
        pytest.param("debug a=1", {"debug": None, "a": "1"}, id="a flag is null"),
        pytest.param("a= b=1", {"a": "", "b": "1"}, id="an empty value"),
        pytest.param('a="" b=1', {"a": "", "b": "1"}, id="an empty quoted value"),
        pytest.param("token=ab==", {"token": "ab=="}, id="equals signs in a value"),
        pytest.param("a=1 a=2", {"a": "2"}, id="the last of equal keys"),
        pytest.param("  a=1 \t b=2 \r\n", {"a": "1", "b": "2"}, id="blanks around"),
        pytest.param("plain words only", MISSING, id="prose"),
        pytest.param("", MISSING, id="nothing"),
        pytest.param('a="open', MISSING, id="an open quote"),
        pytest.param('a="x"y', MISSING, id="a quote inside a value"),
        pytest.param("=1", MISSING, id="no key"),
    ],
)
def test_logfmt(line: str, fields: object) -> None:
    assert LOGFMT.read(line, 0) == fields


SIX = {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6"}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param("a=1, b=2; c=3 d=4&e=5|f=6", SIX, id="separators"),
        pytest.param('a="x, b=2" c=3', {"a": "x, b=2", "c": "3"}, id="in double quotes"),
        pytest.param("a='it''s'", MISSING, id="more after a quote"),
        pytest.param(r"a='it\'s' b=1", {"a": "it's", "b": "1"}, id="in single quotes"),
        pytest.param("a = 1 , b =2", {"a": "1", "b": "2"}, id="blanks around the equals sign"),
        pytest.param(
            "user=Ada Novak, action=log in", {"user": "Ada Novak", "action": "log in"},
            id="a value ends where the next key begins",
        ),
        pytest.param("login failed user=ada", {"user": "ada"}, id="words before are passed over"),
        pytest.param("url=http://x/?q=1&r=2", {"url": "http://x/?q=1", "r": "2"}, id="a query"),
        pytest.param("a=, b=1", {"a": "", "b": "1"}, id="an empty value"),
        pytest.param("a='open", MISSING, id="an open quote"),
        pytest.param("no pairs here", MISSING, id="prose"),
        pytest.param("", MISSING, id="nothing"),
    ],
)  # fmt: skip
def test_key_value(text: str, fields: object) -> None:
    assert KEY_VALUE.read(text, 0) == fields


KEYS = st.text("abcxyz_.-09", min_size=1, max_size=8)
VALUES = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.dictionaries(KEYS, VALUES, min_size=1))
def test_quoted_pairs_are_read_back(pairs: dict[str, str]) -> None:
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in pairs.items()}

    assert LOGFMT.read(" ".join(f"{key}={text}" for key, text in quoted.items()), 0) == pairs
    assert KEY_VALUE.read(", ".join(f"{key}={text}" for key, text in quoted.items()), 0) == pairs


@pytest.mark.parametrize("read", [LOGFMT.read, KEY_VALUE.read])
@given(st.text(st.sampled_from("ab=\"'\\ ,;\n"), max_size=40))
def test_no_text_breaks_it(read: object, text: str) -> None:
    assert callable(read)
    found = read(text, 0)

    assert found is MISSING or isinstance(found, dict)

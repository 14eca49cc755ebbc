"""Each text has a line of its own, whatever stands in it."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.basket import lines_of


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.text('",\\\n', max_size=4)))
def test_each_text_is_a_line(texts: list[str]) -> None:
    lines, without_form = lines_of(texts)
    joined = b"\n".join(lines)
    assert [orjson.loads(line) for line in joined.split(b"\n") if line] == texts
    assert without_form == []


def test_a_text_that_has_no_form_in_json_is_told() -> None:
    lines, without_form = lines_of(["a", "\ud800", ","])
    assert (lines, without_form) == ([b'"a"', b"", b'","'], [1])

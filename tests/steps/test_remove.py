from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pipelines.field_path import FieldPath
from pipelines.steps.remove import Remove

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        pytest.param(["a"], {"a": 1, "b": 2}, {"b": 2}, id="a field"),
        pytest.param(["a", "b"], {"a": 1, "b": 2}, {}, id="two fields"),
        pytest.param(["a.b"], {"a": {"b": 1}}, {"a": {}}, id="its parents stay, even if empty"),
        pytest.param(["a.b"], {"a": 5}, {"a": 5}, id="an absent field is no error"),
        pytest.param(["i[*].s"], {"i": [{"s": 1}, {"t": 1}]}, {"i": [{}, {"t": 1}]}, id="each"),
        pytest.param(["m.*"], {"m": {"p": 1, "q": 2}}, {"m": {}}, id="every entry"),
        pytest.param(["a"], "text", "text", id="a record that is no object"),
    ],
)
def test_fields_are_taken_out(bench: Bench, fields: list[str], before: Any, after: Any) -> None:
    step = Remove(id="r", fields=tuple(FieldPath(field) for field in fields))

    assert bench.value_after(step, before) == after

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import RecordError
from pipelines.field_path import EACH, FieldPath, Segment
from pipelines.steps.keep import Keep

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def keep(*fields: str) -> Keep:
    return Keep(id="k", fields=tuple(FieldPath(field) for field in fields))


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        pytest.param(["a"], {"a": 1, "b": 2}, {"a": 1}, id="all others go"),
        pytest.param(["a", "c"], {"a": {"x": 1}}, {"a": {"x": 1}}, id="with all below"),
        pytest.param(["a.b"], {"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1}}, id="nested"),
        pytest.param(["a.b"], {"a": {"c": 2}}, {"a": {}}, id="parents stay, if empty"),
        pytest.param(["a.b"], {"a": None}, {"a": None}, id="null parents stay null"),
        pytest.param(["a.b"], {"a": "secret"}, {}, id="a text is no parent"),
        pytest.param(["a", "a.b"], {"a": {"c": 1}}, {"a": {"c": 1}}, id="the wider path counts"),
        pytest.param(
            ["i[*].s"], {"i": [{"s": 1, "t": 2}, {}, 7]}, {"i": [{"s": 1}, {}]}, id="each element"
        ),
        pytest.param(["i[1]"], {"i": [1, 2, 3]}, {"i": [2]}, id="one position"),
        pytest.param(["m.*.x"], {"m": {"p": {"x": 1, "y": 2}}}, {"m": {"p": {"x": 1}}}, id="a map"),
        pytest.param(
            ["m.*.x", "m.p.y"],
            {"m": {"p": {"x": 1, "y": 2, "z": 3}, "q": {"x": 1, "y": 2}}},
            {"m": {"p": {"x": 1, "y": 2}, "q": {"x": 1}}},
            id="every entry and one more field of one",
        ),
        pytest.param(["a"], None, None, id="nothing is in null"),
        pytest.param(["[0].a"], [{"a": 1, "b": 2}, 3], [{"a": 1}], id="a record that is a list"),
    ],
)
def test_only_what_is_named_stays(bench: Bench, fields: list[str], before: Any, after: Any) -> None:
    assert bench.value_after(keep(*fields), before) == after


@pytest.mark.parametrize("value", ["text", 5, True])
def test_a_record_without_fields_is_dead_lettered(bench: Bench, value: object) -> None:
    with pytest.raises(RecordError, match="keep_failed at k"):
        bench.run(keep("a"), value)


PLACES: list[Segment] = ["a", "b", 0, EACH]
PATHS = st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)
VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.recursive(
        st.integers(0, 9),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner),
        max_leaves=8,
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the bench has no state
@given(st.lists(PATHS, min_size=1, max_size=3), VALUES)
def test_every_value_that_stays_was_named(bench: Bench, paths: list[Any], value: Any) -> None:
    fields = tuple(FieldPath.of(*path) for path in paths)
    named = [found for field in fields for found in field.get_all(copy.deepcopy(value))]

    kept = bench.value_after(Keep(id="k", fields=fields), copy.deepcopy(value))

    assert _numbers(kept) <= {number for one in named for number in _numbers(one)}
    simple = [field for field in fields if all(isinstance(one, str) for one in field.segments)]
    for field in simple:
        assert field.get(kept) == field.get(value)


def _numbers(value: Any) -> set[int]:
    if isinstance(value, int):
        return {value}
    children = value.values() if isinstance(value, dict) else value
    return {number for child in children for number in _numbers(child)}

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipelines.field_path import EACH, MISSING, REMOVED, FieldPath, Segment

NAMES = st.text(max_size=6)
SEGMENTS = st.lists(NAMES | st.integers(0, 3) | st.just(EACH), min_size=1, max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c.d", ""]), inner, max_size=3)
    ),
    max_leaves=12,
)
PLACES: list[Segment] = ["a", "b", "c.d", "", 0, 1, EACH]
PATHS = st.lists(st.sampled_from(PLACES), min_size=1, max_size=4).map(
    lambda segments: FieldPath.of(*segments)
)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        pytest.param("a", ("a",), id="one name"),
        pytest.param("a.b-c.d_e", ("a", "b-c", "d_e"), id="names"),
        pytest.param("a[0].b", ("a", 0, "b"), id="a position"),
        pytest.param("a[*].b", ("a", EACH, "b"), id="every element"),
        pytest.param("map.*", ("map", EACH), id="every field"),
        pytest.param("*.b", (EACH, "b"), id="every field of the record"),
        pytest.param("[1][2]", (1, 2), id="positions only"),
        pytest.param('a["x.y"].z', ("a", "x.y", "z"), id="a name with a dot"),
        pytest.param('["a \\"b\\" \\\\c"]', ('a "b" \\c',), id="a name with quotes"),
        pytest.param('[""]', ("",), id="the empty name"),
        pytest.param("größe", ("größe",), id="a name beyond ASCII"),
    ],
)
def test_text_becomes_segments(text: str, segments: tuple[Segment, ...]) -> None:
    path = FieldPath(text)

    assert path.segments == segments
    assert str(path) == text


@pytest.mark.parametrize(
    ("text", "character"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param(".a", 1, id="a dot first"),
        pytest.param("a.", 3, id="a dot last"),
        pytest.param("a..b", 3, id="two dots"),
        pytest.param("a.[0]", 3, id="a dot before a bracket"),
        pytest.param("a[0]b", 5, id="no dot after a bracket"),
        pytest.param("a[-1]", 2, id="a negative position"),
        pytest.param("a b", 2, id="a blank"),
        pytest.param("a*", 2, id="a star in a name"),
        pytest.param('a["b]', 2, id="an open quote"),
        pytest.param("a[٣]", 2, id="a digit beyond ASCII"),
    ],
)
def test_what_is_no_path_is_refused_at_its_character(text: str, character: int) -> None:
    with pytest.raises(ValueError, match=rf"at character {character}:"):
        FieldPath(text)


@given(SEGMENTS)
def test_the_text_of_segments_is_read_back(segments: list[Segment]) -> None:
    path = FieldPath.of(*segments)

    assert FieldPath(str(path)) == path
    assert hash(FieldPath(str(path))) == hash(path)


@given(SEGMENTS)
def test_paths_survive_copying_and_pickling(segments: list[Segment]) -> None:
    path = FieldPath.of(*segments)

    assert copy.deepcopy(path) == path
    assert pickle.loads(pickle.dumps(path)) == path  # noqa: S301 - our own bytes


@given(PATHS, VALUES, st.integers())
def test_what_is_set_is_there(path: FieldPath, value: Any, new: int) -> None:
    if path.set(value, new):
        found = path.get_all(value)
        assert all(one == new for one in found)
        assert found or EACH in path.segments


@given(PATHS, VALUES)
def test_get_gives_the_first_of_all(path: FieldPath, value: Any) -> None:
    every = path.get_all(value)

    assert path.get(value) == (every[0] if every else MISSING)


@given(PATHS, VALUES)
def test_updating_to_the_same_changes_nothing_and_meets_every_field(
    path: FieldPath, value: Any
) -> None:
    before, every = copy.deepcopy(value), path.get_all(value)

    assert path.update(value, lambda field: field) == len(every)
    assert value == before


@given(PATHS, VALUES)
def test_what_is_removed_is_gone(path: FieldPath, value: Any) -> None:
    assume(all(not isinstance(segment, int) for segment in path.segments))
    every = path.get_all(value)

    assert path.remove(value) == len(every)
    assert path.get(value) is MISSING
    assert path.remove(value) == 0


@given(st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3), VALUES)
def test_paths_of_names_do_as_the_general_way_does(names: list[str], value: Any) -> None:
    other = copy.deepcopy(value)
    plain, roundabout = FieldPath.of(*names), FieldPath.of(0, *names)

    assert plain.get(value) == roundabout.get([other])
    assert plain.update(value, str) == roundabout.update([other], str)
    assert plain.set(value, 1) == roundabout.set([other], 1)
    assert value == other
    assert plain.remove(value) == roundabout.remove([other])
    assert value == other


@pytest.mark.parametrize(
    ("path", "before", "done", "after"),
    [
        pytest.param("a.b", {}, True, {"a": {"b": 1}}, id="missing parents are made"),
        pytest.param("a.b", {"a": None}, True, {"a": {"b": 1}}, id="null parents too"),
        pytest.param("a.b", {"a": 5}, False, {"a": 5}, id="a number has no fields"),
        pytest.param("a", [], False, [], id="a list has no names"),
        pytest.param("a[1]", {"a": [0]}, False, {"a": [0]}, id="lists do not grow"),
        pytest.param("a[0].b", {}, False, {}, id="no list is made for a position"),
        pytest.param("a[*].b", {}, True, {}, id="nor for every element"),
        pytest.param("a[*].b", {"a": [{}, {}]}, True, {"a": [{"b": 1}] * 2}, id="each element"),
        pytest.param("a[*].b", {"a": [5, {}]}, False, {"a": [5, {"b": 1}]}, id="where it can be"),
        pytest.param("m.*", {"m": {"x": 0}}, True, {"m": {"x": 1}}, id="each field"),
    ],
)
def test_set(path: str, before: Any, done: bool, after: Any) -> None:  # noqa: FBT001 - a row's column
    assert FieldPath(path).set(before, 1) is done
    assert before == after


def test_each_place_that_is_set_holds_its_own_copy() -> None:
    value: Any = {"a": [{}, {}]}
    FieldPath("a[*].tags").set(value, [])

    value["a"][0]["tags"].append("one")

    assert value == {"a": [{"tags": ["one"]}, {"tags": []}]}


def test_removing_elements_keeps_the_positions_of_the_others_true() -> None:
    value: Any = {"a": [1, 2, 3, 4]}

    met = FieldPath("a[*]").update(value, lambda one: REMOVED if one in (1, 3) else one)

    assert met == 4
    assert value == {"a": [2, 4]}


def test_the_path_without_segments_is_the_value_itself() -> None:
    whole = FieldPath.of()

    assert whole.get({"a": 1}) == {"a": 1}
    assert whole.set({}, 1) is False
    assert whole.update({}, str) == whole.remove({}) == 0


def test_a_declaration_says_what_a_path_is() -> None:
    adapter = TypeAdapter(FieldPath)

    assert adapter.validate_python("a.b") == FieldPath("a.b")
    assert adapter.validate_python(FieldPath("a.b")) == FieldPath("a.b")
    assert adapter.dump_python(FieldPath("a.b"), mode="json") == "a.b"
    assert adapter.json_schema()["type"] == "string"
    for wrong in ("a..b", 5):
        with pytest.raises(ValidationError, match=r"write a\.b|is text"):
            adapter.validate_python(wrong)

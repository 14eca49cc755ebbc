from __future__ import annotations

import pytest

from pipelines.field_path import FieldPath
from pipelines.privacy.field_tree import FieldTree


def tree(*paths: str) -> FieldTree:
    return FieldTree.of((FieldPath(path).segments, path) for path in paths)


@pytest.mark.parametrize(
    ("paths", "at", "verb"),
    [
        pytest.param(["a.b"], "a.b", "a.b", id="where a rule ends"),
        pytest.param(["a.b"], "a.b.c[0]", "a.b", id="below it"),
        pytest.param(["a.b"], "a", None, id="above it"),
        pytest.param(["a[*].b"], "a[7].b", "a[*].b", id="each element"),
        pytest.param(["m.*"], "m.x", "m.*", id="each field"),
        pytest.param(["a[*].b", "a[0].c"], "a[0].b", "a[*].b", id="each, where one has its own"),
        pytest.param(["a[*].b", "a[0].c"], "a[0].c", "a[0].c", id="its own"),
        pytest.param(["a[*].b.c", "a[0].b.d"], "a[0].b.c", "a[*].b.c", id="deeper"),
        pytest.param(["a[*].b", "a[*].c"], "a[*].b", "a[*].b", id="each as such"),
    ],
)
def test_a_field_belongs_to_the_rule_that_names_it(
    paths: list[str], at: str, verb: str | None
) -> None:
    found = tree(*paths).at(FieldPath(at).segments)

    assert found is not None
    assert found.verb == verb


@pytest.mark.parametrize("at", ["b", "a.c", "a[0]", "a.b2"])
def test_where_nothing_is_named_there_is_no_tree(at: str) -> None:
    assert tree("a.b").at(FieldPath(at).segments) is None

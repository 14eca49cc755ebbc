from __future__ import annotations

from pipelines.cli.trial.comparison import differing


def test_what_is_absent_on_one_side_differs() -> None:
    assert [path for path, _, _ in differing({"a": [1, 2]}, {"a": [1, True], "b": 0}, "v")] == [
        "v.a[1]",
        "v.b",
    ]
    assert list(differing([1], [1, 2], "v")) == [("v", [1], [1, 2])]

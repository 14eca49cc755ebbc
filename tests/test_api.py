from __future__ import annotations

import doctest
import inspect
import typing
from pathlib import Path

import pytest

from pipelines import api
from tests.support.planned import HEAD, TAIL


def test_the_examples_of_the_documentation_run() -> None:
    failed, tried = doctest.testmod(api)
    assert failed == 0
    assert tried > 5


@pytest.mark.parametrize("name", api.__all__)
def test_what_is_public_is_there_and_documented(name: str) -> None:
    public = getattr(api, name)
    assert inspect.getdoc(public)


def test_what_is_not_public_has_a_name_that_says_so() -> None:
    own = {
        name
        for name, value in vars(api).items()
        if inspect.isfunction(value) and value.__module__ == api.__name__
    }
    assert {name for name in own if not name.startswith("_")} <= set(api.__all__)


@pytest.mark.parametrize("name", ["load", "compile", "record", "detect", "explain", "mount"])
def test_signatures_speak_of_public_types_only(name: str) -> None:
    hints = typing.get_type_hints(getattr(api, name))
    seen = list(hints.values())
    for hint in seen:
        seen += typing.get_args(hint)
        if getattr(hint, "__module__", "").startswith("pipelines"):
            assert hint.__name__ in api.__all__


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        f"{HEAD}steps: [{{step: dorp, id: a}}, {{step: drop}}]\n{TAIL}", encoding="utf-8"
    )
    with pytest.raises(api.ConfigError) as failure:
        api.load(tmp_path)
    assert len(failure.value.problems) >= 2


def test_keys_are_never_made_up(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(f"{HEAD}{TAIL}", encoding="utf-8")
    project = api.load(tmp_path)
    with pytest.raises(api.ConfigError, match="CLEARWATER_KEYS"):
        api.compile(project)
    assert set(api.compile(project, keys=api.TrialKeyring())) == {"p"}


def test_a_record_is_what_kafka_hands_over() -> None:
    made = api.record({"a": 1}, b"k", [("h", b"v")], offset=7, timestamp=9)
    assert (made.value, made.key, made.offset, made.timestamp) == (b'{"a":1}', b"k", 7, 9)
    assert api.record(None).value is None
    assert api.record(b"raw").value == b"raw"


def test_findings_of_a_value_have_paths() -> None:
    ((path, finding),) = api.detect({"a": ["ada@example.com"]})
    assert (path, finding.start, finding.end) == ("a[0]", 0, 15)

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "pipelines" / "examples"


def test_the_examples_pass_their_tests_which_reach_every_branch(cli: Cli) -> None:
    ran = cli("test", str(EXAMPLES), "--fail-under", "100")

    assert ran.code == 0, ran.out + ran.err
    assert "12 passed, 0 failed" in ran.out


def test_a_failing_test_says_where_it_differs(cli: Cli, project: Path) -> None:
    text = (project / "orders.yaml").read_text(encoding="utf-8")
    away = "{step: route, id: away, to: x, when: has(message.away)}"
    (project / "orders.yaml").write_text(text.replace("privacy:", f"  - {away}\nprivacy:"))
    (project / "orders.test.yaml").write_text(
        "tests:\n"
        "  - {id: wrong, given: {value: {a: 1}}, expect: [{topic: x, value: {a: 2}}], by: tests}\n"
        "  - {id: leaks, given: {value: {a: word}}, not_anywhere: [word]}\n"
    )
    ran = cli("test", str(project))

    assert ran.code == 1
    assert "expect[0].topic: `orders.clean`, not `x`" in ran.out
    assert "expect[0].value.a\n          - 2\n          + 1\n" in ran.out
    assert "decided by `publish` (published), not by `tests`" in ran.out
    assert "`word` leaves" in ran.out
    assert "orders.test.yaml:2" in ran.out
    told = json.loads(cli("test", str(project), "--json").out)
    assert [bool(one["failures"]) for one in told["tests"]] == [True, True]
    assert (told["passed"], told["failed"]) == (0, 2)


def test_what_is_delayed_is_tested_with_the_time_it_is_given(cli: Cli, project: Path) -> None:
    text = (project / "orders.yaml").read_text(encoding="utf-8")
    wait = "{step: delay, id: wait, for: 30s, by: 'timestamp(message.at)'}"
    (project / "orders.yaml").write_text(text.replace("steps:\n", f"steps:\n  - {wait}\n"))
    given = '{value: {a: 1, at: "2026-03-02T08:00:00Z"}, timestamp: 1772438410000}'
    (project / "orders.test.yaml").write_text(
        "tests:\n"
        f"  - {{id: waits, given: {given}, expect: [{{after: 20s}}], by: wait, fate: delayed}}\n"
        f"  - {{id: leaves, given: {given}, fate: published}}\n"
        f"  - {{id: later, given: {given}, expect: [{{after: 30s}}]}}\n"
    )
    ran = cli("test", str(project))
    assert "2 passed, 1 failed" in ran.out
    assert all(word in ran.out for word in ("expect[0].after", "20s", "30s"))

    line = '{"value": {"a": 1, "at": "2026-03-02T08:00:00Z"}, "timestamp": 1772438410000}'
    (project / "lines.jsonl").write_text(line + "\n", encoding="utf-8")
    ran = cli("try", str(project / "orders.yaml"), "--input", str(project / "lines.jsonl"))
    shown = [json.loads(one) for one in ran.out.splitlines() if one.startswith("{")]
    assert [(one["fate"], one["step"], one.get("after")) for one in shown] == [
        ("delayed", "wait", 20.0),
        ("published", "publish", 20.0),
    ]
    assert "1 record: 1 delayed, 1 published" in ran.err


def test_a_folder_without_tests_is_said(cli: Cli, project: Path) -> None:
    ran = cli("test", str(project))

    assert ran.code == 2
    assert "no tests" in ran.err


def test_detect_finds_in_texts_and_values(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = [
        {"id": 1, "text": "é mail ada@example.com"},
        {"id": 2, "value": {"a": [{"ssn": 536904399}], "b": "nothing"}},
        {"id": 3, "value": '{"deep": "ada@example.com"}'},
    ]
    file = tmp_path / "asked"
    file.write_text("".join(json.dumps(one) + "\n" for one in asked))
    with file.open() as source:
        monkeypatch.setattr("sys.stdin", source)
        ran = cli("detect")

    answers = [json.loads(line) for line in ran.out.splitlines()]
    (mail,) = answers[0]["findings"]
    assert (mail["start"], mail["end"], mail["entity"]) == (7, 22, "EMAIL_ADDRESS")
    assert "path" not in mail
    (number,) = answers[1]["findings"]
    assert (number["entity"], number["path"]) == ("US_SSN", "a[0].ssn")
    assert answers[2]["findings"][0]["path"] == "deep"


def test_detect_says_what_it_cannot_read(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "asked").write_text('{"id": 1}\n')
    with (tmp_path / "asked").open() as source:
        monkeypatch.setattr("sys.stdin", source)
        ran = cli("detect")
    assert ran.code == 2
    assert "line 1: neither `text` nor `value` is there" in ran.err


@pytest.mark.parametrize(
    ("catalogue", "column", "some"),
    [("steps", "step", "parse"), ("treatments", "treatment", "tokenize"),
     ("detectors", "entity", "CREDIT_CARD")],
)  # fmt: skip
def test_the_catalogues_list_what_there_is(
    cli: Cli, catalogue: str, column: str, some: str
) -> None:
    assert some in cli(catalogue).out
    assert some in [row[column] for row in json.loads(cli(catalogue, "--json").out)]


def test_keys_are_made_once_and_listed(cli: Cli, tmp_path: Path) -> None:
    folder = str(tmp_path / "keys")
    assert cli("keys", "create", "a", "b", "--keys", folder).code == 0
    again = cli("keys", "create", "a", "--keys", folder)
    assert again.code == 2
    assert "never overwritten" in again.err
    listed = json.loads(cli("keys", "list", "--keys", folder, "--json").out)
    assert [one["key"] for one in listed] == ["a", "b"]
    assert "no key folder" in cli("keys", "list").err


def test_settings_hide_secrets(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWATER_SASL_PASSWORD", "hunter2")
    monkeypatch.setenv("CLEARWATER_SASL_USERNAME", "ada")
    monkeypatch.setenv("CLEARWATER_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("CLEARWATER_SASL_MECHANISM", "PLAIN")
    ran = cli("settings", "--json")

    assert ran.code == 0
    assert "hunter2" not in ran.out
    shown = {one["variable"]: one for one in json.loads(ran.out)}
    assert shown["CLEARWATER_SASL_USERNAME"]["source"] == "environment"


def test_schemas_are_printed_written_and_checked(cli: Cli, tmp_path: Path) -> None:
    assert json.loads(cli("schema", "policy").out)["title"] == "Clearwater policy"
    assert cli("schema", "nonsense").code == 2
    assert cli("schema", "--check", str(tmp_path)).code == 1
    assert cli("schema", "--write", str(tmp_path)).code == 0
    assert cli("schema", "--check", str(tmp_path)).code == 0


def test_run_says_what_is_missing_before_it_starts(cli: Cli, project: Path) -> None:
    assert "CLEARWATER_KEYS is not set" in cli("run", str(project)).err
    wrong = cli("run", str(project), "--commit-intervall", "1s")
    assert wrong.code == 2
    assert "COMMIT_INTERVAL" in wrong.err


def test_keys_that_are_there_stay_and_the_others_are_made(cli: Cli, tmp_path: Path) -> None:
    folder = str(tmp_path / "keys")
    assert cli("keys", "create", "a", "--keys", folder).code == 0
    kept = (tmp_path / "keys" / "a.key").read_bytes()
    more = cli("keys", "create", "a", "b", "--keys", folder)
    assert (more.code, more.out.count("made")) == (0, 1)
    assert "a is there already and stays as it is" in more.err
    assert (tmp_path / "keys" / "a.key").read_bytes() == kept
    again = cli("keys", "create", "a", "b", "--keys", folder)
    assert (again.code, "is there already" in again.err) == (2, True)


def test_one_file_is_a_pipeline_or_that_is_said(cli: Cli, project: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text('{"a": 1}\n')
    for command in ("check", "explain", "try", "test"):
        for file in (project / "policies" / "default.yaml", data):
            ran = cli(command, str(file))
            said = " ".join(ran.err.split())  # a long path is followed by a new line
            assert (ran.code, "is no pipeline file" in said) == (2, True)
    near = cli("check", str(project / "ordrs.yaml")).err
    assert "did you mean" in near
    assert "orders.yaml`?" in near


def test_what_others_may_use_is_not_called_unused(cli: Cli, project: Path) -> None:
    (project / "policies" / "other.yaml").write_text("policy: other\n")
    (project / "tables").mkdir()
    (project / "tables" / "geo.yaml").write_text("inline: {a: 1}\n")
    assert "CW0215" in cli("check", str(project)).err
    assert "CW0214" in cli("check", str(project)).err
    assert "CW021" not in cli("check", str(project / "orders.yaml")).err
    (project / "broken.yaml").write_text("pipeline: broken\n")
    assert "CW021" not in cli("check", str(project)).err


def test_a_document_that_there_is_not_is_named(cli: Cli) -> None:
    ran = cli("schema", "pipelin")
    assert (ran.code, "did you mean `pipeline`?" in ran.err) == (2, True)

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


def test_a_sound_folder_is_good(cli: Cli, project: Path) -> None:
    ran = cli("check", str(project))

    assert ran.code == 0
    assert "1 pipeline, 0 errors" in ran.out


def test_every_error_is_told_with_file_and_line(cli: Cli, project: Path) -> None:
    text = (project / "orders.yaml").read_text()
    (project / "orders.yaml").write_text(
        text.replace("has(message.test) && message.test", "mesage.test").replace(
            "topic: orders.clean", "topic: orders.raw"
        )
    )

    ran = cli("check", str(project))

    assert ran.code == 2
    assert "orders.yaml:4:" in ran.err
    assert "error[CW0302]: no name `mesage`" in ran.err
    assert "loop" in ran.err


def test_json_lists_the_problems(cli: Cli, project: Path) -> None:
    ran = cli("check", str(project), "--json")

    found = json.loads(ran.out)
    assert found["pipelines"] == ["orders"]
    assert [one["severity"] for one in found["problems"]] == ["warning"]


def test_a_missing_key_is_an_error_where_a_key_folder_is_set(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    monkeypatch.setenv("CLEARWATER_KEYS", str(keys))

    ran = cli("check", str(project))
    assert ran.code == 2
    assert "clearwater keys create dead-letters" in ran.err

    assert cli("keys", "create", "dead-letters").code == 0
    assert cli("check", str(project)).code == 0


def test_a_folder_that_is_not_there_is_said(cli: Cli, tmp_path: Path) -> None:
    ran = cli("check", str(tmp_path / "none"))

    assert ran.code == 2
    assert "no such" in ran.err


def test_a_field_that_the_schema_does_not_have_is_an_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    schema = {"type": "record", "name": "A", "fields": [{"name": "amount", "type": "double"}]}
    (tmp_path / "schemas" / "raw-value.avsc").write_text(json.dumps(schema))
    (tmp_path / "a.yaml").write_text(
        "pipeline: a\nsource: {topic: raw, value: avro}\nsteps:\n"
        "  - {step: drop, id: small, when: message.amout < 5.0, reason: small}\n"
        "  - {step: remove, id: gone, fields: [nte]}\n"
        "publish: {topic: clean}\ndead_letter: {topic: dead}\n"
    )

    ran = cli("check", str(tmp_path))

    assert ran.code == 2
    assert "error[CW0306]: no field `amout`\n" in ran.err
    assert "= known: amount\n  = fix: did you mean `amount`?\n" in ran.err
    assert "error[CW0403]: no field `nte`\n" in ran.err


def test_a_model_that_is_not_there_is_told_once_at_its_place(cli: Cli, project: Path) -> None:
    policies = project / "policies"
    policies.mkdir(exist_ok=True)
    (policies / "named.yaml").write_text("policy: named\nner: models/none\n")
    text = (project / "orders.yaml").read_text()
    (project / "orders.yaml").write_text(text + "privacy: {policy: named}\n")

    ran = cli("check", str(project))

    assert ran.code == 2
    assert "named.yaml:2:" in ran.err
    assert ran.err.count("there is no model at") == 1

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from tests.cli.conftest import Cli


def test_rights_are_printed_as_commands_or_as_a_user(cli: Cli, project: Path) -> None:
    printed = cli("acls", "print", str(project), "--user", "cw").out
    assert (
        "--allow-principal User:cw --operation Read --operation Describe --topic orders.raw"
        in printed
    )
    user = YAML(typ="safe").load(cli("acls", "print", str(project), "--format", "strimzi").out)
    assert (user["kind"], user["metadata"]["name"]) == ("KafkaUser", "clearwater")


def test_wrong_declarations_get_no_rights(cli: Cli, project: Path) -> None:
    (project / "orders.yaml").write_text("pipeline: orders\n")
    assert cli("acls", "print", str(project)).code == 2

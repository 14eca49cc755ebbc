from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).parents[3] / "pipelines" / "examples"
EVERY = pytest.mark.parametrize("name", ["orders", "weblogs", "ai-prompts"])


def test_it_is_json_with_fields_rules_and_the_derived_schema(cli: Cli) -> None:
    found = json.loads(cli("explain", str(EXAMPLES / "orders.yaml"), "--json").out)
    fields = {one["path"]: one["treatment"] for one in found["exits"][0]["fields"]}
    assert fields["card.number"] == "mask"
    assert fields["customer.name"] == "redact"
    assert fields["country"] == "scanned"
    names = [field["name"] for field in found["exits"][0]["schema"]["fields"]]
    assert names[-2:] == ["region", "item_count"]
    ways = {one["path"]: one for one in found["fields"]}
    assert ways["country"]["steps"] == ["read by `region`", "read by `eu`"]
    assert ways["region"]["made_by"] == "region"
    assert [one["topic"] for one in ways["note"]["ends"]] == ["orders.clean", "orders.clean.eu"]


@EVERY
def test_the_text_has_every_part(cli: Cli, name: str) -> None:
    shown = cli("explain", str(EXAMPLES / f"{name}.yaml")).out
    parts = ("What comes in", "What is done, in order", "Field by field", "What fails",
             "What is not covered")  # fmt: skip
    assert all(part in shown for part in parts)
    assert "`" not in shown


@EVERY
def test_markdown_has_whole_tables(cli: Cli, name: str) -> None:
    page = cli("explain", str(EXAMPLES / f"{name}.yaml"), "--format", "markdown").out
    assert page.startswith(f"# {name} (revision ")
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_the_picture_is_mermaid(cli: Cli) -> None:
    picture = cli("explain", str(EXAMPLES / "orders.yaml"), "--format", "mermaid").out
    assert picture.startswith("flowchart TD\n")
    assert "header(#quot;x-synthetic#quot;) == #quot;1#quot;" in picture


def test_a_folder_is_no_pipeline(cli: Cli) -> None:
    assert "name one pipeline file in it" in cli("explain", str(EXAMPLES)).err

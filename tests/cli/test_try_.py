from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "pipelines" / "examples"


def test_each_record_gets_a_line_with_its_fate(cli: Cli, project: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"value": {"a": 1, "note": "x@example.com"}, "key": "k", "headers": {"h": "v"}}\n'
        '{"value": {"test": true}}\n'
        '{"value": {"test": 7}}\n'
        '{"value": null, "key": "k"}\n'
    )
    ran = cli("try", str(project / "orders.yaml"), "--input", str(source))

    assert ran.code == 0
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert rows[0] == {
        "fate": "published", "step": "publish", "reason": "", "topic": "orders.clean",
        "key": "k", "value": {"a": 1, "note": "<EMAIL_ADDRESS>"}, "headers": {"h": "v"},
    }  # fmt: skip
    assert (rows[1]["fate"], rows[1]["step"], rows[1]["reason"]) == (
        "dropped",
        "tests",
        "test_order",
    )
    assert (rows[2]["fate"], rows[2]["reason"]) == ("dead_lettered", "condition_error")
    assert rows[3]["value"] is None
    assert "4 records: 1 dead_lettered, 1 dropped, 2 published" in ran.err


def test_bare_lines_of_a_text_topic_are_values(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "access.log"
    source.write_text(
        '203.0.113.7 - - [02/Mar/2026:08:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"\n'
    )
    ran = cli("try", str(EXAMPLES / "weblogs.yaml"), "--input", str(source), "--bare")

    assert json.loads(ran.out)["value"]["status"] == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [("{broken", "line 1: not JSON"), ('{"vlue": 1}', 'line 1: write {"value"')],
)
def test_a_line_that_is_no_record_is_said(
    cli: Cli, project: Path, tmp_path: Path, line: str, words: str
) -> None:
    (tmp_path / "in.jsonl").write_text(line + "\n")

    ran = cli("try", str(project / "orders.yaml"), "--input", str(tmp_path / "in.jsonl"))
    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize("name", ["orders", "weblogs", "ai-prompts"])
def test_the_shipped_samples_go_through(cli: Cli, tmp_path: Path, name: str) -> None:
    output = tmp_path / "out.jsonl"
    samples = EXAMPLES / "samples" / f"{name}.jsonl"
    ran = cli(
        "try", str(EXAMPLES / f"{name}.yaml"), "--input", str(samples), "--output", str(output)
    )

    assert ran.code == 0
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    fates = Counter(row["fate"] for row in rows)
    assert fates["published"] > 1000
    assert fates["dead_lettered"] < 20
    shown = output.read_text()
    for personal in ("@example.com", "@example.org", "4111111111111111", "555 01", "AKIA"):
        assert personal not in shown

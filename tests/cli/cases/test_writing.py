from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipelines.cli.cases import bursts

Cli = Callable[..., Any]
EXAMPLES = Path(__file__).parents[3] / "pipelines" / "examples"

PIPELINE = """\
pipeline: orders
source: {topic: orders.raw, value: json}
steps:
  - {step: drop, id: tests, when: 'has(message.test) && message.test', reason: test_order}
  - {step: route, id: eu, to: orders.eu, when: 'message.country == "Deutschland"'}
  - {step: route, id: big, to: orders.big, when: 'message.amount > 1000000.0'}
privacy: {policy: default, key: {redact: {}}, fields: {customer: {redact: {}}}}
publish: {topic: orders.clean}
dead_letter: {topic: orders.dead}
"""
SAMPLES: list[dict[str, Any]] = [
    {"key": "Wolfeschlegel", "headers": {"sender": "Wolfeschlegel"}, "timestamp": 1772438400000,
     "value": {"country": "Deutschland", "amount": 12.5, "customer": "Wolfeschlegel",
               "note": "for my aunt",
               "lines": [{"mail": "wolfe@example.com", "at": "2026-03-02T08:00:00Z"}]}},
    {"value": {"country": "FR", "amount": 7.25, "customer": 7000001, "note": None}},
    {"value": {"test": True, "customer": "Wolfeschlegel"}},
    {"value": {"customer": "Wolfeschlegel"}},
]  # fmt: skip


@pytest.fixture
def samples(project: Path, tmp_path: Path) -> Path:
    (project / "orders.yaml").write_text(PIPELINE)
    file = tmp_path / "samples.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in SAMPLES))
    return file


def test_tests_made_from_samples_pass_and_hold_no_value_of_theirs(
    cli: Cli, project: Path, samples: Path
) -> None:
    made = cli("test", str(project), "--generate", str(samples))
    assert made.code == 0, made.err
    file = project / "orders.samples.test.yaml"
    assert f"wrote 4 tests from 4 samples: {file}" in made.out
    assert "  `when` of `big`: true" in made.err
    assert "a branch depends on it: country" in made.err
    written = file.read_text()
    for value in ("Wolfe", "wolfe", "aunt", "12.5", "7000001", "1772438400000", "2026-03-02"):
        assert value not in written
    ran = cli("test", str(project))
    assert "4 passed, 0 failed" in ran.out, ran.out


def test_they_say_what_becomes_of_each_and_what_leaves_nowhere(
    cli: Cli, project: Path, samples: Path
) -> None:
    cli("test", str(project), "--generate", str(samples))
    written = YAML(typ="safe").load(project / "orders.samples.test.yaml")
    first, second, third, fourth = written["tests"]
    assert first["expect"][0]["topic"] == "orders.eu"
    assert first["given"]["value"]["lines"][0]["mail"] in first["not_anywhere"]
    # what could be joined, still can
    assert first["given"]["key"] == first["given"]["value"]["customer"]
    assert second["given"]["value"]["country"] != "Deutschland"
    assert (third["by"], third["reason"], third["expect"]) == ("tests", "test_order", [])
    assert fourth["dead_letters"] == [{"by": "eu", "reason": "condition_error"}]


def test_a_file_that_is_there_is_left_alone(cli: Cli, project: Path, samples: Path) -> None:
    mine = "pipeline: orders\ntests: [{id: a, given: {}}]\n"
    (project / "orders.samples.test.yaml").write_text(mine)
    made = cli("test", str(project), "--generate", str(samples))
    assert (made.code, "is there already" in made.err) == (2, True)
    assert (project / "orders.samples.test.yaml").read_text() == mine


def test_what_is_missing_is_said(cli: Cli, project: Path, tmp_path: Path) -> None:
    assert "there is no such file" in cli("test", str(project), "--generate", "nowhere").err
    empty = tmp_path / "empty"
    empty.touch()
    assert "there is no record in it" in cli("test", str(project), "--generate", str(empty)).err
    several = cli("test", str(EXAMPLES), "--generate", str(empty))
    assert "say which with --pipeline: ai-prompts, orders, weblogs" in several.err


def test_lines_of_text_are_scrubbed_word_by_word(cli: Cli, project: Path, tmp_path: Path) -> None:
    for name in ("weblogs.yaml", "policies/default.yaml"):
        (project / name).write_text((EXAMPLES / name).read_text())
    (project / "orders.yaml").unlink()
    file = tmp_path / "access.log"
    line = '203.0.113.9 - wolfe [02/Mar/2026:08:00:01 +0000] "GET {} HTTP/1.1" 200 512 "-" "x"\n'
    paths = ("/private/diary", "/healthz", "/m?a=wolfe@example.com")
    file.write_text("".join(line.format(path) for path in paths))
    made = cli("test", str(project), "--generate", str(file))
    written = (project / "weblogs.samples.test.yaml").read_text()
    assert "/healthz" in written
    for value in ("wolfe", "private", "diary", "203.0.113.9"):
        assert value not in written
    assert "a branch depends on it: the line" in made.err
    assert "3 passed, 0 failed" in cli("test", str(project)).out


def throttled(project: Path, *throttles: str) -> None:
    steps = "".join(
        f"  - {{step: throttle, id: slow{n}, {one}}}\n" for n, one in enumerate(throttles)
    )
    written = PIPELINE.replace("steps:\n", f"steps:\n{steps}")
    (project / "orders.yaml").write_text(written)


def test_each_sample_stands_alone_before_a_throttle_and_one_is_too_much(
    cli: Cli, project: Path, samples: Path
) -> None:
    throttled(
        project,
        "rate: 3/s, excess: drop",
        'rate: 30/m, per: message.customer, excess: dead_letter, when: "message.amount > 9.0"',
    )
    made = cli("test", str(project), "--generate", str(samples))
    assert (made.code, "above its rate" in made.err) == (0, False)
    ran = cli("test", str(project), "--json")
    assert json.loads(ran.out)["failed"] == 0
    file = project / "orders.samples.test.yaml"
    tests = YAML(typ="safe").load(file)["tests"]
    first, second = tests[-2:]
    assert first["id"] == "`slow0`: above its rate"
    assert [one.get("times", 1) for one in first["given"]] == [3, 1, 1]
    assert first["given"][2]["timestamp"] == 1000
    assert [one["by"] for one in first["fates"]] == ["publish", "slow0", "publish"]
    assert [one.get("times", 1) for one in second["given"]] == [1, 1, 1]
    assert second["given"][2]["timestamp"] == 60_000
    assert second["fates"][1] == {"fate": "dead_lettered", "by": "slow1", "reason": "throttled"}
    file.write_text(file.read_text().replace("times: 3", "times: 4"))
    assert "decided by `slow0` (dropped), not by" in cli("test", str(project)).out


def test_what_no_test_brings_above_its_rate_is_named(
    cli: Cli, project: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bursts, "MOST_TIMES", 30)  # the same, sooner
    never = """rate: 1/s, excess: drop, when: 'message.country == "nowhere"'"""
    throttled(project, "rate: 40/s, excess: drop", never, "rate: 1/s, excess: delay")
    made = cli("test", str(project), "--generate", str(samples))
    why = "(it lets more than 10,000 records through, the most that a test gives)"
    told = " ".join(made.err.split())
    assert f"`slow0`: above its rate {why} `when` of `slow1`: true" in told
    assert "`slow1`: above its rate `when` of" in told
    assert "slow2" not in made.err
    assert cli("test", str(project)).code == 0

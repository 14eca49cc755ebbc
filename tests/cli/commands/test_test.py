from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

Cli = Callable[..., Any]

PIPELINE = """\
pipeline: orders
source: {topic: orders.raw, value: json}
tables: {regions: {inline: {DE: EU}}}
steps:
  - {step: drop, id: tests, when: 'has(message.test)', reason: test_order}
  - {step: enrich, id: region, table: regions, key: message.country, into: region, on_missing: keep}
  - {step: set, id: at, field: at, value: now()}
privacy: {policy: default, fields: {email: {hash: {key: people, length: 16}}}}
publish: {topic: orders.clean}
dead_letter: {topic: orders.dead}
"""
CASES = """\
now: 2026-03-02T08:00:00Z
secrets: {people: of this file}
tests:
  - id: time, tables and secrets are given
    given:
      - {value: {country: DE, email: a}, timestamp: 2026-03-02T07:00:00Z}
      - {value: {country: FR, email: a}, now: 2026-03-02T09:00:00Z}
    tables: {regions: {inline: {DE: North}}}
    expect:
      - {value: {country: DE, region: North, email: 7207c5aaa3c7f860, at: "2026-03-02T08:00:00Z"}}
      - {value: {country: FR, email: 7207c5aaa3c7f860, at: "2026-03-02T09:00:00Z"}}
"""


@pytest.fixture
def orders(project: Path) -> Path:
    (project / "orders.yaml").write_text(PIPELINE)
    (project / "orders.test.yaml").write_text(CASES)
    return project


def test_time_tables_and_secrets_are_those_of_the_case(cli: Cli, orders: Path) -> None:
    ran = cli("test", str(orders))
    assert "1 passed, 0 failed" in ran.out, ran.out
    changed = CASES.replace("of this file", "another")
    (orders / "orders.test.yaml").write_text(changed)
    assert '- "7207c5aaa3c7f860"' in cli("test", str(orders)).out


def test_one_pipeline_is_tested_by_its_file(cli: Cli, orders: Path) -> None:
    (orders / "other.yaml").write_text("pipeline: [wrong")
    ran = cli("test", str(orders / "orders.yaml"))
    assert (ran.code, "1 passed" in ran.out) == (0, True)


def test_what_no_test_reaches_is_named_and_may_fail(cli: Cli, orders: Path) -> None:
    ran = cli("test", str(orders), "--fail-under", "80")
    assert ran.code == 1
    assert "pipeline orders: no test reaches\n  `when` of `tests`: true\n" in ran.out
    assert "policy default: 0.0% reached, less than 80%" in ran.err
    assert "pipeline orders:" not in ran.err
    assert cli("test", str(orders), "--fail-under", "0").code == 0


def test_a_case_that_cannot_run_fails_and_stops_no_other(cli: Cli, orders: Path) -> None:
    more = "  - {id: odd, given: {value: {}}, tables: {nowhere: {inline: {a: b}}}}\n"
    (orders / "orders.test.yaml").write_text(CASES + more)
    ran = cli("test", str(orders))
    assert ran.code == 1
    assert "given: the pipeline looks up in no table `nowhere`; it has: regions" in ran.out
    assert "1 passed, 1 failed" in ran.out


def test_the_report_is_junit_xml(cli: Cli, orders: Path, tmp_path: Path) -> None:
    (orders / "orders.test.yaml").write_text(CASES.replace("region: North", 'region: "\\x01<"'))
    file = tmp_path / "reports" / "junit.xml"
    assert cli("test", str(orders), "--junit", str(file)).code == 1
    (suite,) = ET.parse(file).getroot()  # noqa: S314 - written above
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("orders", "1", "1")
    (case,) = suite
    assert case.get("line") == "4"
    assert re.search(r"value\.region\n  - \".*<\"\n  \+ \"North\"", str(case[0].text))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("given: []", "give at least one record"),
        ("given: [{value: 1}], fates: []", "1 records are given, and fates of 0"),
        ("given: {timestamp: today}", "a time is milliseconds since 1970, or a text"),
        ("given: {}, by: nobody", "unknown step `nobody`"),
        ("given: {}, fates: [{by: nobody}]", "unknown step `nobody`"),
        ("given: {}, dead_letters: [{by: no}]", "unknown step `no`"),
        ("given: {}, expect: [{match: schema, value: {a: text}}]", "`value.a` is no type"),
        ("given: {}, expect: [{match: schema, value: [int, int]}]", "the type of its elements"),
    ],
)
def test_a_wrong_test_is_said_before_any_runs(
    cli: Cli, orders: Path, written: str, told: str
) -> None:
    (orders / "orders.test.yaml").write_text(f"tests:\n  - {{id: a, {written}}}\n")
    ran = cli("test", str(orders))
    assert ran.code == 2
    assert re.search(r"orders\.test\.yaml:[12]:\d+: ", ran.err)
    assert told in ran.err


@pytest.mark.timeout(300)
def test_it_runs_again_when_a_file_is_saved(orders: Path, tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    command = [sys.executable, "-m", "pipelines", "test", str(orders), "--watch"]
    with shown.open("wb") as sink:
        running = subprocess.Popen(command, stdout=sink, stderr=sink)  # noqa: S603 - our own command
    try:
        _wait_for(shown, "watching")
        (orders / "orders.test.yaml").write_text("tests: [")
        _wait_for(shown, "not valid YAML")
        (orders / "orders.test.yaml").write_text(CASES + "    by: tests\n")
        _wait_for(shown, "decided by `publish`")
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    finally:
        running.kill()
        running.wait()


def _wait_for(file: Path, text: str) -> None:
    deadline = time.monotonic() + 90
    while text not in file.read_text():
        assert time.monotonic() < deadline, file.read_text()
        time.sleep(0.05)

"""Broken folders and what `clearwater check` says of each.

`WRITE_REPORTS=1 pytest tests/golden` writes the reports anew; read each one that changed. Lists of
all steps, functions or entities are left out of them: they grow, and are tested elsewhere.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.problem_codes import PROBLEM_CODES
from pipelines.steps import STEPS

BROKEN = Path(__file__).parent / "broken"
CASES = sorted(folder.name for folder in BROKEN.iterdir())
LEDGER = Path(__file__).parent / "codes.txt"
_PATH = r"[a-z_]+([.\[][^ ]*)?"
STEP_NAMES = {str(one.model_fields["step"].default) for one in STEPS}
_KNOWN = re.compile(r"( += known: )((?:.*\n)(?: +=  {6,}.*\n)*)")
KEY = base64.b64encode(bytes(32)).decode()
Report = Callable[..., str]


@pytest.fixture
def report(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Report:
    """Check one of the broken folders from inside, with its settings and arguments.

    Without settings of its own it has the one key that every pipeline needs.
    """

    def run(name: str, *options: str) -> str:
        folder = BROKEN / name
        monkeypatch.chdir(folder)
        settings, path = f"CLEARWATER_KEYS={tmp_path}", "."
        (tmp_path / "dead-letters.key").write_text(KEY)
        if (folder / "environment").exists():
            settings = (folder / "environment").read_text()
        for line in settings.splitlines():
            variable, _, value = line.partition("=")
            monkeypatch.setenv(variable, value)
        if (folder / "argument").exists():
            path = (folder / "argument").read_text().strip()
        with pytest.raises(SystemExit) as ended:
            main(["check", path, *options])
        captured = capfdbinary.readouterr()
        printed = captured.err.decode() + captured.out.decode()
        assert ended.value.code in (0, None, 2)
        if options:
            return captured.out.decode()
        return f"{_KNOWN.sub(_shortened, printed)}exit {ended.value.code or 0}\n"

    return run


@pytest.mark.parametrize("name", CASES)
def test_a_broken_folder_is_reported_as_it_was(name: str, report: Report) -> None:
    printed = report(name)

    file = BROKEN / name / "report.txt"
    if os.environ.get("WRITE_REPORTS"):
        file.write_text(printed, encoding="utf-8")
    assert printed == file.read_text(encoding="utf-8")


def test_every_code_is_in_a_report_and_every_report_has_only_known_codes() -> None:
    told = {
        code
        for name in CASES
        for code in re.findall(r"\[(CW\d{4})\]", (BROKEN / name / "report.txt").read_text("utf-8"))
    }

    assert told == set(PROBLEM_CODES)


def test_every_report_names_a_code_for_each_problem() -> None:
    for name in CASES:
        text = (BROKEN / name / "report.txt").read_text("utf-8")
        assert not re.search(r"^(error|warning):", text, re.MULTILINE), name


def test_a_code_once_given_stays_what_it_is() -> None:
    """The ledger only grows: a code and its name are never changed, and never given anew."""
    given = [line.split() for line in LEDGER.read_text("utf-8").splitlines()]

    assert [[one.code, one.name] for one in PROBLEM_CODES.values()] == given
    assert len({code for code, _ in given}) == len({name for _, name in given}) == len(given)


def test_every_code_that_is_raised_is_declared_and_every_declared_one_raised() -> None:
    package = BROKEN.parents[2] / "pipelines"
    raised = {
        code
        for file in package.rglob("*.py")
        if file.parent.name != "problem_codes"
        for code in re.findall(r'"(CW\d{4})"', file.read_text("utf-8"))
    }

    assert raised == set(PROBLEM_CODES)


@pytest.mark.parametrize("name", ["several-files", "never-true", "no-such-path", "read-after-keep"])
def test_every_format_carries_the_same_facts(name: str, report: Report) -> None:
    told = json.loads(report(name, "--format", "json"))["problems"]
    (run,) = json.loads(report(name, "--format", "sarif"))["runs"]
    commands = report(name, "--format", "github").splitlines()

    assert told
    assert [_of_sarif(one) for one in run["results"]] == [_of_json(one) for one in told]
    assert [_of_github(one) for one in commands] == [_of_json(one) for one in told]


def _shortened(match: re.Match[str]) -> str:
    words = set(re.sub(r"[\s=]+", " ", match[2]).strip().split(", "))
    is_long = " more" in match[2] or words == STEP_NAMES
    return f"{match[1]}(all there are)\n" if is_long else match[0]


def _of_json(one: dict[str, Any]) -> tuple[object, ...]:
    place = [one[part] for part in ("file", "line", "column", "end_column")]
    return (one["code"], one["severity"], *place, one["path"], one["message"])


def _of_sarif(one: dict[str, Any]) -> tuple[object, ...]:
    (location,) = one.get("locations", [{}])
    physical = location.get("physicalLocation", {})
    region = physical.get("region", {})
    (logical,) = location.get("logicalLocations", [{"fullyQualifiedName": ""}])
    return (
        one["ruleId"],
        one["level"],
        physical.get("artifactLocation", {}).get("uri"),
        *(region.get(part) for part in ("startLine", "startColumn", "endColumn")),
        logical["fullyQualifiedName"],
        one["message"]["text"],
    )


def _of_github(line: str) -> tuple[object, ...]:
    match = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
    assert match
    properties = {
        name: _read(value) for name, value in (one.split("=", 1) for one in match[2].split(","))
    }
    first, _, rest = _read(match[3]).partition(": ")
    path, message = (first, rest) if re.fullmatch(_PATH, first) else ("", _read(match[3]))
    end = properties.get("endColumn")
    return (
        properties["title"].split()[0],
        match[1],
        properties.get("file"),
        *(int(properties[one]) if one in properties else None for one in ("line", "col")),
        None if end is None else int(end) + 1,
        path,
        message,
    )


def _read(text: str) -> str:
    """Read a text as the runner of GitHub Actions does."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text

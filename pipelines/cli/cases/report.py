"""What `clearwater test` says: failures with a diff at the path, coverage, JSON, JUnit XML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson
from rich.text import Text

from pipelines.cli.cases.runs import RanCase, TestRun
from pipelines.cli.output import err, out, print_table
from pipelines.declaration.document import place_text
from pipelines.engine.branch import Coverage
from pipelines.engine.differences import Difference
from pipelines.field_path import MISSING

_MOST = 12  # differences of one test that are shown
_TOLD = ("by", "fate", "reason", "topic")  # their sentence says both what is and what should be
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def show_run(run: TestRun, *, with_coverage: bool = True) -> None:
    """Print every test, what differs, how much was reached, and the count."""
    for ran in run.cases:
        if ran.result.failures:
            _show_failure(ran)
        else:
            out.print(Text.assemble(("ok      ", "green"), f"{ran.pipeline}: {ran.result.case}"))
    if with_coverage:
        _show_coverage(run.coverage)
    style = "bold red" if run.failed else "bold green"
    passed = len(run.cases) - len(run.failed)
    out.print(f"{passed} passed, {len(run.failed)} failed", style=style)


def failure_lines(ran: RanCase) -> list[tuple[str, str]]:
    """Return what differs, line by line, each with its style."""
    lines: list[tuple[str, str]] = []
    failures = ran.result.failures
    for failure in failures[:_MOST]:
        place = f"{ran.file.document.file}:{ran.line_of(failure.place)}"
        if failure.place[-1] in _TOLD or MISSING in (failure.expected, failure.actual):
            lines.append((f"{place}: {failure}", "bold"))
        else:
            lines.append((f"{place}: {place_text(failure.place)}", "bold"))
        if failure.place[-1] not in _TOLD:
            lines += [(f"  - {one}", "red") for one in _written(failure.expected)]
            lines += [(f"  + {one}", "green") for one in _written(failure.actual)]
    if len(failures) > _MOST:
        lines.append((f"and {len(failures) - _MOST} differences more", ""))
    return lines


def coverage_rows(coverage: Coverage) -> list[dict[str, Any]]:
    """Return how much was reached of each pipeline and policy, and what was not."""
    rows = []
    for scope in coverage.scopes():
        reached, there = coverage.counted(scope)
        missed = [str(one) for one in coverage.missed(scope)]
        rows.append(
            {
                "of": " ".join(scope),
                "branches": there,
                "reached": reached,
                "percent": percent(reached, there),
                "missed": missed,
            }
        )
    return rows


def percent(reached: int, there: int) -> float:
    """Return a share in percent, one digit behind the point, never rounded up to 100."""
    return 100.0 if reached == there else int(1000 * reached / there) / 10


def run_json(run: TestRun) -> dict[str, Any]:
    """Return the run as a JSON object."""
    return {
        "passed": len(run.cases) - len(run.failed),
        "failed": len(run.failed),
        "tests": [
            {
                "pipeline": one.pipeline,
                "test": one.result.case,
                "file": str(one.file.document.file),
                "line": one.line_of(),
                "seconds": round(one.seconds, 6),
                "failures": [_failure_json(one, failure) for failure in one.result.failures],
                "by": one.result.steps,
            }
            for one in run.cases
        ],
        "coverage": coverage_rows(run.coverage),
    }


def write_junit(run: TestRun, file: Path) -> None:
    """Write the run as JUnit XML, one suite a pipeline."""
    root = ET.Element("testsuites", name="clearwater")
    for name in dict.fromkeys(one.pipeline for one in run.cases):
        ran = [one for one in run.cases if one.pipeline == name]
        failed = sum(bool(one.result.failures) for one in ran)
        seconds = sum(one.seconds for one in ran)
        suite = ET.SubElement(
            root, "testsuite", name=name, tests=str(len(ran)), failures=str(failed), errors="0",
            skipped="0", time=f"{seconds:.6f}",
        )  # fmt: skip
        for one in ran:
            case = ET.SubElement(
                suite, "testcase", classname=f"clearwater.{name}", name=_xml(one.result.case),
                file=str(one.file.document.file), line=str(one.line_of()),
                time=f"{one.seconds:.6f}",
            )  # fmt: skip
            if one.result.failures:
                message = _xml(str(one.result.failures[0]))
                failure = ET.SubElement(case, "failure", message=message, type="Difference")
                failure.text = _xml("\n".join(line for line, _ in failure_lines(one)))
    file.parent.mkdir(parents=True, exist_ok=True)
    ET.indent(root)
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _show_failure(ran: RanCase) -> None:
    head = Text.assemble(("FAILED  ", "bold red"), (f"{ran.pipeline}: {ran.result.case}", "red"))
    out.print(head)
    for line, style in failure_lines(ran):
        out.print(f"        {line}", style=style, markup=False)


def _show_coverage(coverage: Coverage) -> None:
    rows = coverage_rows(coverage)
    columns = ("coverage of", "branches", "reached", "%")
    print_table(
        "", columns, [(one["of"], one["branches"], one["reached"], one["percent"]) for one in rows]
    )
    for row in rows:
        if row["missed"]:
            out.print(f"{row['of']}: no test reaches", style="yellow", markup=False)
            for branch in row["missed"]:
                out.print(f"  {branch}", markup=False)


def _written(value: object) -> list[str]:
    if value is MISSING:
        return []
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode().splitlines()


def _failure_json(ran: RanCase, failure: Difference) -> dict[str, object]:
    found: dict[str, object] = {
        "path": place_text(failure.place),
        "line": ran.line_of(failure.place),
        "message": failure.message,
    }
    if failure.expected is not MISSING:
        found["expected"] = failure.expected
    if failure.actual is not MISSING:
        found["actual"] = failure.actual
    return found


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def show_too_low(coverage: Coverage, least: float) -> bool:
    """Print which pipelines and policies are below the share asked for; True if there are any."""
    low = [one for one in coverage_rows(coverage) if one["percent"] < least]
    for one in low:
        message = f"{one['of']}: {one['percent']}% reached, less than {least:g}%"
        err.print(message, style="bold red", markup=False)
    return bool(low)

"""`clearwater detect`: what the detectors find, in texts or JSON values from standard input."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import typer

from pipelines.detectors import REPORTED
from pipelines.errors import ConfigError
from pipelines.privacy.scan import Scan


def detect() -> None:
    """Read lines {"id", "text"} or {"id", "value"}, write {"id", "findings"}, in order.

    A finding is {"start", "end", "entity", "score", "path"?}: offsets in characters of the text,
    or of the string at `path`.

    Example: echo '{"id": 1, "text": "mail ada@example.com"}' | clearwater detect
    """
    scan = Scan().with_detectors(REPORTED)
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        asked = _asked(line, number)
        findings: list[dict[str, Any]] = []
        if isinstance(asked.get("text"), str):
            found = [("", finding) for finding in scan.find(asked["text"])]
        elif "value" in asked:
            found = scan.find_in(asked["value"])
        else:
            raise ConfigError(f"standard input: line {number}: neither `text` nor `value` is there")
        for path, finding in found:
            row: dict[str, Any] = {
                "start": finding.start,
                "end": finding.end,
                "entity": finding.entity,
                "score": round(finding.score, 3),
            }
            if "value" in asked and "text" not in asked:
                row["path"] = path
            findings.append(row)
        answer = {"id": asked.get("id"), "findings": findings}
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(detect)


def _asked(line: bytes, number: int) -> dict[str, Any]:
    try:
        asked = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise ConfigError(f"standard input: line {number}: not JSON") from None
    if not isinstance(asked, dict):
        raise ConfigError(f'standard input: line {number}: write {{"id": …, "text": …}}')
    return asked

"""Plans compiled from YAML text, without files, brokers or registries."""

from __future__ import annotations

from pathlib import Path

from pipelines.cli.workspace import Workspace
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from pipelines.settings import Settings

HEAD = "pipeline: p\nsource: {topic: raw, value: json}\n"
TAIL = "publish: {topic: clean}\ndead_letter: {topic: dead}\n"


def plan_of(folder: Path, middle: str = "", head: str = HEAD, tail: str = TAIL) -> Plan:
    """Return the compiled plan of one pipeline."""
    (folder / "p.yaml").write_text(head + middle + tail, encoding="utf-8")
    return Workspace.open(folder, Settings()).sound().plans["p"]


def raw(
    value: bytes | None,
    key: bytes | None = None,
    offset: int = 0,
    headers: tuple[tuple[str, bytes], ...] = (),
) -> TrialRecord:
    """Return a record as fetched."""
    return TrialRecord(offset, 1_772_438_400_000 + offset, key, value, headers)

"""Broken declarations: the examples of the codes, written out as folders."""

from __future__ import annotations

import re
from pathlib import Path

REST = {
    "pipeline": "pipeline: orders\n",
    "source": "source: {topic: orders.raw, value: json}\n",
    "publish": "publish: {topic: orders.clean}\n",
    "dead_letter": "dead_letter: {topic: orders.dead}\n",
}
"""What an example leaves out of its pipeline file."""

_FILE = re.compile(r"^# ([\w./-]+)$", re.MULTILINE)


def files_of(example: str) -> dict[str, str]:
    """Return the texts of an example by file; the first part is the pipeline's own."""
    first, *parts = _FILE.split(example)
    before = "".join(text for key, text in REST.items() if f"\n{key}:" not in f"\n{first}")
    own = {"orders.yaml": before + first}
    return own | dict(zip(parts[::2], (text.lstrip("\n") for text in parts[1::2]), strict=True))


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

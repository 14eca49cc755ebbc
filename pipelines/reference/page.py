"""Page: one topic of the reference, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One topic.

    Attributes:
        kind: What it is one of: `step`, `treatment`, `entity`, `metric`, …
        name: What it is called, as written in a declaration or on a screen.
        summary: One sentence.
        body: The rest, in Markdown.
    """

    kind: str
    name: str
    summary: str
    body: str = ""

    @property
    def markdown(self) -> str:
        """The whole page."""
        head = f"# {self.name}\n\n*{self.kind}* - {self.summary}\n"
        return f"{head}\n{self.body.strip()}\n" if self.body.strip() else head


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; empty where there is no row."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    if not cells:
        return ""
    lines = [list(columns), ["---"] * len(columns), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def yaml_block(text: str) -> str:
    """Return a fenced block of YAML."""
    return f"```yaml\n{text.strip()}\n```\n"


def _cell(cell: object) -> str:
    return " ".join(str(cell).replace("|", "\\|").split())

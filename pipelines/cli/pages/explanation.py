"""The page of `clearwater explain`: sections for a reader, as text or Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.cli.output import out, print_table
from pipelines.engine.explain import ExplainedStep, Explanation
from pipelines.engine.field_way import FieldWay

_CODES = re.compile(r"`([^`]*)`")


@dataclass(slots=True)
class Section:
    """A part of the page.

    Attributes:
        title: Its heading.
        lines: Sentences, one a line.
        numbered: The sentences are steps, in order.
        columns: Heads of a table, if there is one.
        rows: Its rows.
    """

    title: str
    lines: list[str] = field(default_factory=list)
    numbered: bool = False
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)


def sections(one: Explanation) -> Iterator[Section]:
    """Yield the page: what comes in, each step, each field, what fails, what is not covered."""
    intro = Section("What comes in")
    if one.description:
        intro.lines.append(one.description)
    intro.lines.append(f"Records of the topic {one.source}, their values as {one.source_format}.")
    if one.owner:
        intro.lines.append(f"{one.owner} answers for it.")
    yield intro
    yield Section("What is done, in order", [_step(step) for step in one.steps], numbered=True)
    topics = [exit_.destination for exit_ in one.exits]
    way = Section("Where it goes", numbered=False)
    for exit_ in one.exits:
        policy = f"under the policy `{exit_.policy}`" if exit_.policy else "under no policy"
        way.lines.append(f"To {exit_.destination}, {policy}.")
    yield way
    fields = Section(
        "Field by field",
        columns=("field", "type", "tags", "on its way", "how it leaves"),
        rows=[_field(one_field, topics) for one_field in one.fields],
    )
    yield fields
    yield Section("Beside the value", list(one.beside))
    for policy, told in one.found.items():
        title = f"What detectors find in text (policy `{policy}`)"
        yield Section(title, columns=("found", "what becomes of it"), rows=list(told.items()))
    yield Section("What fails", list(one.failing))
    yield Section("What is not covered", list(one.not_covered))


def title_of(one: Explanation) -> str:
    """Return the title of the page."""
    return f"{one.pipeline} (revision {one.revision})"


def show(one: Explanation) -> None:
    """Print the page as text."""
    out.print(title_of(one), style="bold", markup=False)
    for section in sections(one):
        out.print()
        if section.columns:
            print_table(
                _plain(section.title), section.columns, [map_row(row) for row in section.rows]
            )
            continue
        out.print(_plain(section.title), style="bold", markup=False)
        for number, line in enumerate(section.lines or ["Nothing."], start=1):
            mark = f"{number:>2}." if section.numbered and section.lines else " -"
            out.print(f"{mark} {_plain(line)}", markup=False)


def map_row(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row without marks of code."""
    return tuple(_plain(cell) for cell in row)


def markdown(one: Explanation) -> str:
    """Return the page as Markdown."""
    lines = [f"# {title_of(one)}"]
    for section in sections(one):
        lines += ["", f"## {section.title}", ""]
        if section.columns:
            lines.append("| " + " | ".join(section.columns) + " |")
            lines.append("|" + " --- |" * len(section.columns))
            lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in section.rows]
        else:
            for number, line in enumerate(section.lines or ["Nothing."], start=1):
                numbered = section.numbered and section.lines
                lines.append(f"{number}. {line}" if numbered else f"- {line}")
    return "\n".join(lines) + "\n"


def _step(step: ExplainedStep) -> str:
    """Return a step as a sentence, with the condition in front."""
    if step.when is None:
        return f"`{step.id}`: {step.sentence}"
    sentence = step.sentence[:1].lower() + step.sentence[1:]
    return f"`{step.id}`: where `{step.when}` holds, {sentence}"


def _field(way: FieldWay, topics: list[str]) -> tuple[str, ...]:
    on_its_way = "; ".join(way.steps)
    if way.made_by is not None:
        on_its_way = "; ".join([f"made by `{way.made_by}`", *way.steps])
    told = {one.topic: _end(way, one.path, one.told, one.why) for one in way.ends}
    if len(set(told.values())) == 1:
        leaves = next(iter(told.values()))
    else:
        leaves = "; ".join(f"to {topic}: {told[topic]}" for topic in topics)
    return way.path, way.kind, ", ".join(way.tags), on_its_way, leaves


def _end(way: FieldWay, path: str | None, told: str, why: str) -> str:
    moved = f"as {path}: " if path not in (None, way.path) else ""
    because = f" ({'its own rule' if why == 'path' else why})" if why else ""
    return f"{moved}{told}{because}"


def _plain(text: str) -> str:
    return _CODES.sub(r"\1", text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

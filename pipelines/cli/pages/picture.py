"""The picture of `clearwater explain`: the way of a record as a Mermaid flow chart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.engine.explain import ExplainedStep, Explanation

_CODES = re.compile(r"`([^`]*)`")
_ENDS = {"drop": "dropped", "sample": "sampled out"}
_IN_THE_END = "-.->|in the end|"


def mermaid(one: Explanation) -> str:
    """Return the way of a record as a Mermaid flow chart.

    A route's arrow to its topic leaves the step that routes: whole where nothing else happens to
    the record, dotted where it takes the steps behind, too.
    """
    picture = _Picture({exit_.destination: at for at, exit_ in enumerate(one.exits)})
    for number, step in enumerate(one.steps):
        picture.add(number, step, one.steps[number + 1 :])
    picture.publish(one.exits[0].destination)
    lines = ["flowchart TD", f"  source[({_label(one.source)})]", *picture.lines]
    for at, exit_ in enumerate(one.exits):
        if exit_.destination in picture.reached:
            gate = f"the gate: policy {exit_.policy}" if exit_.policy else "the gate"
            lines.append(f"  gate{at}{{{{{_label(gate)}}}}}")
            lines.append(f"  gate{at} --> exit{at}[({_label(exit_.destination)})]")
    lines.append(f"  letters[({_label(one.dead_letter)})]")
    lines.append("  source -.->|what fails, encrypted| letters")
    return "\n".join(lines) + "\n"


class _Picture:
    """The arrows drawn so far.

    Attributes:
        lines: They, and the boxes between them.
        reached: The topics that an arrow leads to.
    """

    def __init__(self, gates: dict[str, int]) -> None:
        self.lines: list[str] = []
        self.reached: set[str] = set()
        self._gates = gates
        self._last: str | None = "source"  # None: no record comes further
        self._answer = ""
        self._routed = False

    def add(self, number: int, step: ExplainedStep, behind: Sequence[ExplainedStep]) -> None:
        """Draw a step, and where the record goes from it."""
        if self._last is None:
            return
        node = f"step{number}"
        self._enter(number, step, node)
        goes_on = step.step != "drop"
        if step.step in _ENDS:
            others = "" if step.step == "drop" else "|the others|"
            self.lines.append(f"  {node} -->{others} end{number}([{_ENDS[step.step]}])")
        if step.to is not None and step.copies:
            self._to(step.to, node, "-.->|a copy, in the end|")
        elif step.to is not None:
            goes_on = any(one.to is None or one.copies for one in behind)
            self._routed |= goes_on
            self._to(step.to, node, _IN_THE_END if goes_on else "-->")
        self._leave(number, step, node, goes_on=goes_on)

    def publish(self, topic: str) -> None:
        """Draw where a record goes that no route has taken."""
        if self._last is None:
            return
        said = ", ".join(one for one in (self._answer, "unless routed" * self._routed) if one)
        self._to(topic, self._last, f"-->|{said}|" if said else "-->")

    def _enter(self, number: int, step: ExplainedStep, node: str) -> None:
        shown = f"{node}[{_label(f'{step.id}: {step.sentence}')}]"
        arrow = f"-->|{self._answer}|" if self._answer else "-->"
        if step.when is None:
            self.lines.append(f"  {self._last} {arrow} {shown}")
            return
        asked = f"if{number}"
        self.lines += [
            f"  {asked}{{{_label(step.when)}}}",
            f"  {self._last} {arrow} {asked}",
            f"  {asked} -->|yes| {shown}",
        ]

    def _leave(self, number: int, step: ExplainedStep, node: str, *, goes_on: bool) -> None:
        self._answer = ""
        if step.when is None:
            self._last = node if goes_on else None
        elif goes_on:
            self._last = f"then{number}"
            self.lines += [
                f"  {node} --> {self._last}(( ))",
                f"  if{number} -->|no| {self._last}",
            ]
        else:
            self._last, self._answer = f"if{number}", "no"

    def _to(self, topic: str, node: str, arrow: str) -> None:
        self.reached.add(topic)
        self.lines.append(f"  {node} {arrow} gate{self._gates[topic]}")


def _label(text: str) -> str:
    """Return a text as Mermaid takes it between quotes."""
    plain = _CODES.sub(r"\1", text).replace("#", "#35;").replace('"', "#quot;")
    return '"' + plain.replace("\n", " ") + '"'

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipelines.cli.pages.picture import mermaid
from pipelines.cli.workspace import Workspace
from pipelines.engine.explain import explain
from pipelines.engine.plan import Plan
from tests.support.planned import plan_of

EXAMPLES = Path(__file__).parents[3] / "pipelines" / "examples"

TEXT = r'"[^"\n]*"'
SHAPE = rf"\[\({TEXT}\)\]|\[{TEXT}\]|\{{{TEXT}\}}|\{{\{{{TEXT}\}}\}}|\(\( \)\)|\(\[[\w ]+\]\)"
BOX = rf"(\w+)({SHAPE})?"
LINE = re.compile(rf"  {BOX}(?: (-->|-\.->)(?:\|([\w ,]+)\|)? {BOX})?")


@dataclass
class Picture:
    """A flow chart, read back."""

    boxes: dict[str, str] = field(default_factory=dict)
    arrows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def of(self, text: str) -> str:
        (found,) = [box for box, shape in self.boxes.items() if text in shape]
        return found

    def leads(self, start: str, end: str) -> list[tuple[str, str]]:
        """Return how the arrows between two boxes look, and what they say."""
        return [arrow[2:] for arrow in self.arrows if arrow[:2] == (self.of(start), self.of(end))]

    def into(self, topic: str) -> list[tuple[str, str, str]]:
        """Return what leads to the gate of a topic."""
        (gate,) = [one for one, other, *_ in self.arrows if other == self.of(f'("{topic}")')]
        return [(one, how, said) for one, other, how, said in self.arrows if other == gate]


def read(text: str) -> Picture:
    head, *lines = text.splitlines()
    assert head == "flowchart TD"
    found = Picture()
    for line in lines:
        match = LINE.fullmatch(line)
        assert match, line
        one, shape, arrow, said, other, other_shape = match.groups()
        for box, its in ((one, shape), (other, other_shape)):
            if its:
                assert box not in found.boxes, f"{box} is drawn twice"
                found.boxes[box] = its
        if arrow:
            found.arrows.append((one, other, arrow, said or ""))
    ends = {end for arrow in found.arrows for end in arrow[:2]}
    assert ends == set(found.boxes), "an arrow without a box, or a box without an arrow"
    reached = {"source"}
    for _ in found.boxes:
        reached |= {arrow[1] for arrow in found.arrows if arrow[0] in reached}
    assert reached == set(found.boxes), "the way of a record does not come here"
    return found


def drawn(plan: Plan) -> Picture:
    return read(mermaid(explain(plan.blueprint, plan.newest)))


@pytest.mark.parametrize("name", ["orders", "weblogs", "ai-prompts"])
def test_the_picture_of_an_example_hangs_together(name: str) -> None:
    plan = Workspace.open(EXAMPLES / f"{name}.yaml").sound().plans[name]
    picture = drawn(plan)
    for topic in plan.blueprint.destinations():
        assert picture.into(topic)


def test_routes_leave_the_steps_that_route(tmp_path: Path) -> None:
    picture = drawn(
        plan_of(
            tmp_path,
            "steps:\n"
            "  - {step: route, id: a, to: clean.a, when: 'message.n == 1'}\n"
            "  - {step: route, id: b, to: clean.b, when: 'message.n == 2'}\n",
        )
    )
    assert picture.into("clean.a") == [(picture.of("a: Sends"), "-->", "")]
    assert picture.into("clean.b") == [(picture.of("b: Sends"), "-->", "")]
    assert picture.into("clean") == [(picture.of("message.n == 2"), "-->", "no")]
    assert picture.leads("message.n == 1", "message.n == 2") == [("-->", "no")]


def test_a_routed_record_takes_the_steps_behind(tmp_path: Path) -> None:
    picture = drawn(
        plan_of(
            tmp_path,
            "steps:\n"
            "  - {step: route, id: a, to: clean.a, when: 'message.n == 1'}\n"
            "  - {step: remove, id: less, fields: [n]}\n",
        )
    )
    route = picture.of("a: Sends")
    assert picture.into("clean.a") == [(route, "-.->", "in the end")]
    assert [arrow for arrow in picture.arrows if arrow[0] == route and arrow[1] == "then0"]
    assert picture.into("clean") == [(picture.of("less: Takes"), "-->", "unless routed")]


def test_a_copy_leaves_beside_the_record(tmp_path: Path) -> None:
    picture = drawn(plan_of(tmp_path, "steps: [{step: route, id: a, to: clean.a, copy: true}]\n"))
    route = picture.of("a: Sends")
    assert picture.into("clean.a") == [(route, "-.->", "a copy, in the end")]
    assert picture.into("clean") == [(route, "-->", "")]


def test_what_no_record_reaches_is_not_drawn(tmp_path: Path) -> None:
    picture = drawn(plan_of(tmp_path, "steps: [{step: route, id: a, to: clean.a}]\n"))
    assert picture.into("clean.a") == [(picture.of("a: Sends"), "-->", "")]
    assert not [shape for shape in picture.boxes.values() if '("clean")' in shape]

    picture = drawn(plan_of(tmp_path, "steps: [{step: drop, id: a, reason: b}]\n"))
    assert picture.leads("a: Drops", "dropped") == [("-->", "")]
    assert not [shape for shape in picture.boxes.values() if "gate" in shape]


def test_marks_in_a_condition_do_not_end_its_label(tmp_path: Path) -> None:
    when = 'header("x") == "#1" || message.a == "|]"'
    picture = drawn(
        plan_of(tmp_path, f"steps: [{{step: drop, id: a, reason: b, when: '{when}'}}]\n")
    )
    assert "#quot;#35;1#quot;" in picture.boxes["if0"]

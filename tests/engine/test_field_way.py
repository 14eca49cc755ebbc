from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import api

PIPELINE = """\
pipeline: orders
source: {{topic: orders.raw, value: {value}}}
steps:
{steps}
privacy: {{policy: default, {privacy}}}
publish: {{topic: orders.clean, value: json}}
dead_letter: {{topic: orders.dead}}
"""


def ways(
    folder: Path, steps: str, privacy: str = "", policy: str = "", value: str = "json"
) -> dict[str, tuple[str, str]]:
    """Return what happens to each field on its way, and how it leaves."""
    written = steps.strip().splitlines()
    listed = "\n".join(f"  - {{{one.strip()}}}" for one in written) or "  []"
    (folder / "orders.yaml").write_text(PIPELINE.format(value=value, steps=listed, privacy=privacy))
    (folder / "default.yaml").write_text(f"policy: default\n{policy}\n")
    plan = api.compile(api.load(folder), keys=api.TrialKeyring())["orders"]
    found = {}
    for one in api.explain(plan).fields:
        (end,) = one.ends
        moved = "" if end.path in (None, one.path) else f"as {end.path}: "
        found[one.path] = ("; ".join(one.steps), f"{moved}{end.told}")
    return found


SCANNED = "leaves; findings in it are treated"
GONE = "does not leave"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param(
            "step: remove, id: out, fields: [a]",
            {"a": ("taken out by `out`", GONE), "(every other field)": ("", SCANNED)},
            id="removed",
        ),
        pytest.param(
            "step: remove, id: out, fields: [a], when: message.b == 1",
            {
                "b": ("read by `out`", SCANNED),
                "a": ("taken out by `out` where its condition holds", SCANNED),
                "(every other field)": ("", SCANNED),
            },
            id="removed at times",
        ),
        pytest.param(
            "step: keep, id: some, fields: [a.b]",
            {"a.b": ("", SCANNED), "(every other field)": ("left out by `some`", GONE)},
            id="kept",
        ),
        pytest.param(
            """step: rename, id: move, from: a, to: c
               step: set, id: make, field: c, value: '1'""",
            {
                "a": ("moved to c by `move`; overwritten by `make`", GONE),
                "(every other field)": ("", SCANNED),
                "c": ("", SCANNED),
            },
            id="moved and overwritten",
        ),
        pytest.param(
            "step: rename, id: move, from: a, to: c",
            {
                "a": ("moved to c by `move`", f"as c: {SCANNED}"),
                "(every other field)": ("", SCANNED),
            },
            id="moved",
        ),
    ],
)
def test_the_way_of_a_field(tmp_path: Path, steps: str, told: dict[str, tuple[str, str]]) -> None:
    assert ways(tmp_path, steps) == told


def test_the_rule_of_a_field_follows_it(tmp_path: Path) -> None:
    found = ways(
        tmp_path,
        "step: rename, id: move, from: a, to: c",
        "fields: {c: {remove: {}}, d: {keep: {}}}, scan: [e]",
        value="json",
    )
    assert found["a"] == ("moved to c by `move`", "is taken out")
    assert found["d"] == ("", "leaves as it is, unsearched")
    assert found["(every other field)"] == ("", "leaves as it is, unsearched")


def test_what_a_policy_denies_leaves_nowhere(tmp_path: Path) -> None:
    found = ways(tmp_path, "", "fields: {d: {keep: {}}}", "unclassified: deny")
    assert found["d"] == ("", "leaves as it is, unsearched")
    assert found["(every other field)"] == ("", "is taken out: no rule names it")


def test_a_line_of_text_is_a_field(tmp_path: Path) -> None:
    assert ways(tmp_path, "", value="text") == {"line": ("", SCANNED)}

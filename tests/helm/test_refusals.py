"""What the chart refuses, and that it says the way out: `refusals.yaml`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.helm.chart import CHART, Helm, Object, pipeline, values

TABLE = YAML(typ="safe").load(Path(__file__).with_name("refusals.yaml").read_text("utf-8"))


@pytest.mark.parametrize("row", TABLE["rules"].values(), ids=TABLE["rules"])
def test_what_could_not_work_is_refused_with_the_way_out(helm: Helm, row: Object) -> None:
    refusal = helm.refusal(values(**row["values"]))
    assert "These values cannot work" in refusal
    assert row["said"] in refusal


def test_every_rule_is_tested(helm: Helm) -> None:
    lines = (CHART / "templates" / "_checks.tpl").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line.startswith("- ")]
    said = "".join(helm.refusal(values(**row["values"])) for row in TABLE["rules"].values())
    forms = {one: ".*".join(map(re.escape, re.split(r"{{.*?}}", one))) for one in rules}
    assert len(rules) > 30
    assert [rule for rule, form in forms.items() if not re.search(form, said)] == []


def test_everything_wrong_is_said_at_once(helm: Helm) -> None:
    given = values(kafka__bootstrapServers="", keys__existingSecret="", pipelines={})
    assert helm.refusal(given).count("\n- ") == 3


@pytest.mark.parametrize("row", TABLE["language"].values(), ids=TABLE["language"])
def test_a_wrong_pipeline_dies_at_lint(each_helm: Helm, row: Object) -> None:
    said = linted(each_helm, values(pipelines={"orders": {**pipeline(), **row["pipeline"]}}))
    assert "'/pipelines/orders" in said
    assert row["said"] in said


@pytest.mark.parametrize("changes", TABLE["types"].values(), ids=TABLE["types"])
def test_values_are_typed(helm: Helm, changes: Object) -> None:
    assert "- at '" in linted(helm, values(**changes))


def test_a_parent_chart_may_keep_its_own_globals(helm: Helm) -> None:
    given = values(**{"global": {"storageClass": "fast", "imageRegistry": "here.example"}})
    assert "here.example/clearwater/clearwater" in helm.manifests(given)


def linted(helm: Helm, given: Object) -> str:
    """Return why `helm lint` refuses the values."""
    done = helm.run("lint", "--strict", CHART, "-f", helm.written(given))
    assert done.returncode != 0, "these values are taken"
    return done.stdout + done.stderr

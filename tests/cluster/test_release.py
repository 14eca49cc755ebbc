"""The life of a release on a real control plane, in a namespace of the restricted level."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cluster.control_plane import RUN
from tests.cluster.release import PATIENCE, Release, succeeded, until
from tests.helm.chart import CHART, EXAMPLES, Object, pipeline, values
from tests.support.traffic import Traffic

pytestmark = [pytest.mark.timeout(1200)]

SCALED, STATIC = "release-clearwater-scaled", "release-clearwater-static"
WORKLOADS = {"deployments": SCALED, "statefulsets": STATIC}


def given(**changes: object) -> Object:
    """Return values with one worker that is scaled and one of static members."""
    workers = {
        "scaled": {"autoscaling": {"mode": "hpa", "maxReplicas": 12, "partitions": 3}},
        "static": {"kind": "StatefulSet", "pipelines": ["weblogs"]},
    }
    made = values(
        pipelines={"orders": pipeline(), "weblogs": pipeline("weblogs")},
        workers=workers,
        networkPolicy__enabled=True,
        tables={"regions.csv": "country,region\nDE,Europe\n"},
        workerDefaults__podLabels=RUN,
        workerDefaults__rollout__minReadySeconds=0,
        hooks__check__activeDeadlineSeconds=600,
        hooks__doctor__enabled=False,  # there are no brokers, but where a test says so
    )
    wanted = values(**{**made, **changes})
    wanted["workers"].setdefault("default", {"enabled": False})  # the chart has one of that name
    return wanted


def declared(release: Release, worker: str = SCALED) -> dict[str, str]:
    data: dict[str, str] = release.object("configmaps", f"{worker}-pipelines")["data"]
    return data


def selectors(release: Release) -> list[Object]:
    found = [release.object(kind, name)["spec"] for kind, name in WORKLOADS.items()]
    return [one["selector"]["matchLabels"] for one in found]


def next_version(folder: Path) -> Path:
    """Return a copy of the chart as it may look one version later."""
    chart = shutil.copytree(CHART, folder / "clearwater")
    about = chart / "Chart.yaml"
    text = about.read_text(encoding="utf-8")
    about.write_text(text.replace("ersion: 0.1.0", "ersion: 0.2.0"), encoding="utf-8")
    return chart


def test_a_release_is_installed_upgraded_rolled_back_and_uninstalled(
    release: Release, tmp_path: Path
) -> None:
    first = given()
    told = succeeded(release.put("install", first))
    assert "Worker scaled: group release-scaled, pipelines orders" in told
    assert release.object("statefulsets", STATIC)["status"]["readyReplicas"] == 2

    # the real controllers take up what was made: two pods by the autoscaler, budgets with room
    until(lambda: release.object("deployments", SCALED)["status"].get("readyReplicas") == 2)
    scaler = release.object("horizontalpodautoscalers", SCALED)["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 3)
    until(lambda: [one["status"]["disruptionsAllowed"] for one in budgets(release)] == [1, 1])
    assert [one["status"]["expectedPods"] for one in budgets(release)] == [2, 2]
    assert release.objects("jobs") == {}, "hooks that went well leave nothing"
    pods, chosen = release.pods(), selectors(release)
    assert len(pods) == 4

    # another declaration alone touches no pod
    changed = {**first, "pipelines": {**first["pipelines"], "orders": {**pipeline(), "owner": "b"}}}
    succeeded(release.put("upgrade", changed))
    assert "owner: b" in declared(release)["orders.yaml"]
    assert release.pods() == pods

    # another version replaces every pod, one after the other, and keeps what selects them
    succeeded(release.put("upgrade", changed, chart=next_version(tmp_path)))
    until(lambda: set(release.pods().values()) == {"ghcr.io/clearwater/clearwater:0.2.0"})
    assert len(release.pods()) == 4
    assert not set(release.pods()) & set(pods)
    assert selectors(release) == chosen

    succeeded(release.run("rollback", "1", "--wait", "--timeout", PATIENCE))
    until(lambda: set(release.pods().values()) == {"ghcr.io/clearwater/clearwater:0.1.0"})
    assert "owner" not in declared(release)["orders.yaml"]
    history = json.loads(succeeded(release.run("history", "-o", "json")))
    assert [one["status"] for one in history] == [*["superseded"] * 3, "deployed"]

    succeeded(release.run("uninstall", "--wait", "--timeout", PATIENCE))
    until(lambda: not release.left())
    assert release.plane.read(f"/api/v1/namespaces/{release.namespace}/secrets/clearwater-keys")


def budgets(release: Release) -> list[Object]:
    return list(release.objects("poddisruptionbudgets").values())


def test_a_declaration_that_the_new_program_refuses_changes_nothing(release: Release) -> None:
    good = given(workers={"scaled": {"replicas": 2}}, pipelines={"orders": pipeline()})
    succeeded(release.put("install", good))
    pods, before = release.pods(), declared(release)
    generation = release.object("deployments", SCALED)["metadata"]["generation"]

    # no schema sees that: the condition is text
    steps = [{"step": "drop", "id": "odd", "when": "message.amount >", "reason": "odd"}]
    bad = {**good, "pipelines": {"orders": {**pipeline(), "steps": steps}}}
    refused = release.put("upgrade", bad)
    assert refused.returncode != 0
    assert "pre-upgrade" in refused.stderr
    assert declared(release) == before
    assert release.pods() == pods
    assert release.object("deployments", SCALED)["metadata"]["generation"] == generation
    said = terminated(release, code=2)["message"]
    assert "orders.yaml:" in said
    assert "steps[0].when" in said

    succeeded(release.put("upgrade", good))
    assert release.objects("jobs") == {}


def terminated(release: Release, code: int) -> Object:
    """Return how the container of a failed hook ended."""
    (*_, pod) = release.objects("pods", "app.kubernetes.io/component=hooks").values()
    state: Object = pod["status"]["containerStatuses"][0]["state"]["terminated"]
    assert state["exitCode"] == code
    return state


async def test_hooks_make_topics_and_look_at_the_brokers(
    new_release: Release, traffic: Traffic
) -> None:
    topic = f"made-{new_release.namespace}"
    wanted = given(
        kafka__bootstrapServers=traffic.bootstrap,
        pipelines={"orders": pipeline(topic)},
        workers={"default": {"replicas": 1}},
        topics={"mode": "job", "partitions": 5, "replication": 1},
        hooks__doctor__enabled=True,
    )
    succeeded(new_release.put("install", wanted))
    assert len(await traffic.end_offsets(f"{topic}.clean")) == 5

    missing = {**wanted, "topics": {"mode": "none"}, "pipelines": {"orders": pipeline("absent")}}
    done = new_release.put("upgrade", missing)
    assert done.returncode != 0
    assert "absent.clean" in terminated(new_release, code=1)["message"]
    succeeded(new_release.put("upgrade", wanted))


def test_a_pod_that_breaks_the_restricted_level_is_refused(new_release: Release) -> None:
    loose = given(
        securityContext__allowPrivilegeEscalation=True,
        workers={"scaled": {}},
        hooks__check__enabled=False,
    )
    done = new_release.put("install", loose, "--timeout", "5s")
    assert done.returncode != 0
    assert new_release.pods() == {}
    until(lambda: refusals(new_release))
    (why,) = refusals(new_release)
    assert 'violates PodSecurity "restricted' in why
    assert "allowPrivilegeEscalation != false" in why


def refusals(release: Release) -> list[str]:
    """Return why the controller of a ReplicaSet cannot make pods."""
    found = [one["status"] for one in release.objects("replicasets").values()]
    return [one["message"] for status in found for one in status.get("conditions", ())]


def test_what_the_api_server_refuses_leaves_nothing_behind(new_release: Release) -> None:
    wrong = given(workers={"scaled": {"nodeSelector": {"disk": "not a label's value"}}})
    wrong["hooks"]["check"] = {"enabled": False}
    done = new_release.put("install", wrong, "--rollback-on-failure")
    assert done.returncode != 0
    assert "spec.template.spec.nodeSelector" in done.stderr
    until(lambda: not new_release.left())


def test_another_selector_is_refused_by_the_api_server(new_release: Release) -> None:
    named = given(fullnameOverride="clean", hooks__check__enabled=False, workers={"w": {}})
    succeeded(new_release.put("install", named))
    done = new_release.put("upgrade", {**named, "nameOverride": "other"})
    assert done.returncode != 0
    assert "field is immutable" in done.stderr


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_taken_and_comes_up(new_release: Release, example: Path) -> None:
    quick = ("--set", "workerDefaults.rollout.minReadySeconds=0")
    succeeded(new_release.put("install", example, *quick))
    found = [*new_release.objects("deployments").values()]
    found += new_release.objects("statefulsets").values()
    assert found
    assert all(one["status"]["readyReplicas"] == one["status"]["replicas"] for one in found)
    succeeded(new_release.run("uninstall", "--wait", "--timeout", PATIENCE))
    until(lambda: not new_release.left())
    topics = new_release.objects("kafkatopics")
    assert bool(topics) == (example.stem == "strimzi"), "topics outlive the release"

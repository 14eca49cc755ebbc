"""What is said after an installation: a rollout's arithmetic, and what is not as it should be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helm.chart import Helm, pipeline, values

WORKERS: dict[str, dict[str, Any]] = {
    "default": {"replicas": 3},
    "gentle": {"replicas": 4, "rollout": {"profile": "gentle"}},
    "recreate": {"replicas": 5, "rollout": {"profile": "recreate"}},
    "static": {"replicas": 6, "kind": "StatefulSet"},
    "scaled": {
        "processes": 2,
        "autoscaling": {"mode": "hpa", "minReplicas": 2, "maxReplicas": 12, "partitions": 5},
    },
    "idle": {"replicas": 9, "autoscaling": {"partitions": 7}},
}
SAID = (
    "3 new ones beside 3 old ones, then the old ones leave: about 3 rebalances.",
    "It wants room for 6 pods, 1 CPU each.",
    "A rollout of 4 pods: one after the other, at least 120 s, up to 8 rebalances.",
    "A rollout of 5 pods: all leave, all join: 2 rebalances, and a pause of one start.",
    "A rollout of 6 pods: one after the other; no rebalance where a pod is back within 45s.",
    "Pods: 2 to 3 by hpa, at most 6 members for 5 partitions.",
    "[WARNING] workers.idle: 9 members for 7 partitions; 2 will idle.",
    "The end of a pod: up to 20 s to deliver and commit, killed after 45 s.",
    "[WARNING] kafka.securityProtocol is PLAINTEXT",
    "[WARNING] image.tag is latest",
    "[WARNING] hooks.check is off",
    "[WARNING] nothing scrapes the metrics",
)


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    return values(
        pipelines={name: pipeline(name) for name in WORKERS},
        workers={name: {"pipelines": [name], **worker} for name, worker in WORKERS.items()},
        image__tag="latest",
        hooks__check__enabled=False,
    )


def test_notes_do_the_arithmetic_and_warn(helm4: Helm, given: dict[str, Any]) -> None:
    notes = helm4.notes(given)
    assert [one for one in SAID if one not in notes] == []


def test_where_all_is_well_nothing_is_warned_of(helm4: Helm) -> None:
    secure = values(kafka__securityProtocol="SSL", metrics__podMonitor__enabled=True)
    assert "[WARNING]" not in helm4.notes(secure)

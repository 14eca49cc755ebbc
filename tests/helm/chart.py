"""The chart as a user meets it: the real helm, values in, manifests or a refusal out."""

from __future__ import annotations

import os
import subprocess
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CHART = Path(__file__).parents[2] / "helm" / "clearwater"
EXAMPLES = sorted((CHART / "examples").glob("*.yaml"))
GOLDEN = Path(__file__).parent / "golden"

TOOLS = Path(os.environ.get("HELM_TOOLS") or Path.home() / ".cache/clearwater/helm")
"""Where `.ci/helm` puts helm3 and helm4."""

Object = dict[str, Any]


def pipeline(topic: str = "orders", value: str = "json") -> Object:
    """Return the least pipeline there is."""
    return {
        "source": {"topic": f"{topic}.raw", "value": value},
        "publish": {"topic": f"{topic}.clean"},
        "dead_letter": {"topic": f"{topic}.dead"},
    }


def values(**changes: Any) -> Object:
    """Return the least values that work, changed: `a__b=1` sets `b` in `a`."""
    made: Object = {
        "kafka": {"bootstrapServers": "kafka:9092"},
        "keys": {"existingSecret": "clearwater-keys"},
        "pipelines": {"orders": pipeline()},
    }
    for path, value in changes.items():
        *above, last = path.split("__")
        place = made
        for key in above:
            place = place.setdefault(key, {})
        place[last] = deepcopy(value)
    return made


@dataclass(frozen=True, slots=True)
class Helm:
    """One helm binary."""

    binary: Path
    folder: Path

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run it; its own folders are out of the user's way."""
        own = {
            "HELM_CACHE_HOME": "cache",
            "HELM_CONFIG_HOME": "config",
            "HELM_DATA_HOME": "data",
            "HOME": "home",
        }
        return subprocess.run(  # noqa: S603 - helm, as it was installed for this
            [self.binary, *arguments],
            env={name: str(self.folder / folder) for name, folder in own.items()},
            capture_output=True,
            text=True,
            check=False,
        )

    def written(self, given: Object | Path) -> Path:
        """Return the values as a file."""
        if isinstance(given, Path):
            return given
        file = self.folder / "values.yaml"
        with file.open("w", encoding="utf-8") as sink:
            YAML(typ="safe").dump(given, sink)
        return file

    def manifests(self, given: Object | Path, *more: str) -> str:
        """Return what `helm template` prints."""
        done = self.run(
            "template", "release", CHART, "-n", "space", "-f", self.written(given), *more
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def objects(self, given: Object | Path, *more: str) -> list[Object]:
        """Return the rendered objects."""
        return parsed(self.manifests(given, *more))

    def refusal(self, given: Object | Path) -> str:
        """Return why `helm template` refuses the values."""
        done = self.run("template", "release", CHART, "-n", "space", "-f", self.written(given))
        assert done.returncode != 0, "these values are taken"
        return done.stderr

    def notes(self, given: Object | Path) -> str:
        """Return what is printed after an installation; Helm 3 says it only to a cluster."""
        client = "--dry-run=client"
        done = self.run(
            "install", "release", CHART, "-n", "space", client, "-f", self.written(given)
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.partition("NOTES:")[2]


def parsed(manifests: str) -> list[Object]:
    """Return the objects in rendered manifests."""
    return [one for one in YAML(typ="safe").load_all(manifests) if one]


def only(objects: list[Object], kind: str, name: str = "") -> Object:
    """Return the one object of a kind, or of a kind and the end of a name."""
    (found,) = (
        one for one in objects if one["kind"] == kind and one["metadata"]["name"].endswith(name)
    )
    return found


def kinds(objects: list[Object]) -> set[str]:
    """Return the kinds there are."""
    return {one["kind"] for one in objects}


def environment(workload: Object) -> dict[str, Any]:
    """Return the environment of a workload's container; a reference as it is written."""
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}

"""Hold rendered manifests to strict schemas and to the restricted Pod Security Standard."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from cloudcoil.models.keda import v1alpha1 as keda
from cloudcoil.models.prometheus_operator import v1 as prometheus

VERSIONS = ("1.28", "1.30", "1.33", "1.35", "1.37")
MODELS = {
    "PodMonitor": prometheus.PodMonitor,
    "ServiceMonitor": prometheus.ServiceMonitor,
    "PrometheusRule": prometheus.PrometheusRule,
    "ScaledObject": keda.ScaledObject,
    "TriggerAuthentication": keda.TriggerAuthentication,
}
NO_SCHEMA = {"KafkaTopic", "KafkaUser"}  # Strimzi publishes none here; tests look at each field
VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
    "projected", "secret",
}  # fmt: skip

Object = dict[str, Any]


def main(files: list[Path]) -> int:
    """Print what is wrong; return how many problems there are."""
    wrong = 0
    kinds: Counter[str] = Counter()
    for file in files:
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            if not document:
                continue
            kinds[document["kind"]] += 1
            for problem in problems(document):
                wrong += 1
                name = f"{document['kind']}/{document['metadata']['name']}"
                print(f"{file.stem}: {name}: {problem}")
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{told}: {wrong} problems, Kubernetes {', '.join(VERSIONS)}")
    return wrong


def problems(document: Object) -> Iterator[str]:
    """Yield what is wrong with one object."""
    kind = document["kind"]
    if model := MODELS.get(kind):
        try:
            known = model.model_validate(document).model_dump(by_alias=True, exclude_unset=True)
        except ValueError as error:
            yield str(error)
        else:
            yield from unknown(document, known)
    elif kind not in NO_SCHEMA:
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                yield f"{version}: {'.'.join(map(str, error.path))}: {error.message}"
    template = document.get("spec", {}).get("template", {})
    if "containers" in template.get("spec", {}):
        yield from unrestricted(template["spec"])


def unknown(given: Any, known: Any, path: str = "") -> Iterator[str]:
    """Yield the fields that a model has left out because it does not know them."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, inner in given.items():
            if name in known:
                yield from unknown(inner, known[name], f"{path}.{name}")
            else:
                yield f"unknown field {path}.{name}"
    elif isinstance(given, list) and isinstance(known, list):
        for number, (one, other) in enumerate(zip(given, known, strict=True)):
            yield from unknown(one, other, f"{path}[{number}]")


def unrestricted(pod: Object) -> Iterator[str]:
    """Yield what the restricted Pod Security Standard forbids (Kubernetes, policy version 1.37)."""
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield f"{field} is set"
    for volume in pod.get("volumes", ()):
        if not set(volume) - {"name"} <= VOLUMES:
            yield f"volume {volume['name']} is of a kind that is not allowed"
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        for problem in escapes(pod, container):
            yield f"{container['name']}: {problem}"


def escapes(pod: Object, container: Object) -> Iterator[str]:
    """Yield what a container may do and should not."""
    own = container.get("securityContext", {})
    both = {**pod.get("securityContext", {}), **own}
    capabilities = own.get("capabilities", {})
    as_root = both.get("runAsNonRoot") is not True or both.get("runAsUser") == 0
    seccomp = both.get("seccompProfile", {}).get("type")
    rules = {
        "may gain privileges": own.get("allowPrivilegeEscalation") is not False,
        "is privileged": own.get("privileged"),
        "keeps capabilities": capabilities.get("drop") != ["ALL"],
        "adds capabilities": set(capabilities.get("add", ())) - {"NET_BIND_SERVICE"},
        "may run as root": as_root,
        "has no seccomp profile": seccomp not in {"RuntimeDefault", "Localhost"},
        "has a host port": any("hostPort" in port for port in container.get("ports", ())),
        # beyond the standard
        "may write to its root": own.get("readOnlyRootFilesystem") is not True,
    }
    yield from (name for name, is_so in rules.items() if is_so)


if __name__ == "__main__":
    sys.exit(bool(main([Path(one) for one in sys.argv[1:]])))

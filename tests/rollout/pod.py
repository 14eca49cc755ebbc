"""One pod of a Deployment or StatefulSet, run by a container engine as a kubelet would.

Understood: what our chart says of a pod. What is not understood fails, so that nothing that the
chart promises is left out in silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from docker.client import DockerClient
from docker.errors import NotFound

_SCHEDULING = {
    "affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks",
    "hostUsers", "imagePullSecrets", "nodeSelector", "priorityClassName", "restartPolicy",
    "serviceAccountName", "tolerations", "topologySpreadConstraints",
}  # fmt: skip
_POD = {"containers", "securityContext", "terminationGracePeriodSeconds", "volumes"}
_CONTAINER = {
    "args", "command", "env", "image", "imagePullPolicy", "livenessProbe", "name", "ports",
    "readinessProbe", "resources", "securityContext", "startupProbe", "terminationMessagePath",
    "terminationMessagePolicy", "volumeMounts",
}  # fmt: skip
_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


class Pod:
    """A running pod of one container.

    Attributes:
        name: Its name, in `metadata.name`.
        address: Where its probes are asked, `http://IP:PORT`.
        probed: What each probe answered, in order: path and status.
    """

    def __init__(
        self,
        engine: DockerClient,
        template: Mapping[str, Any],
        name: str,
        *,
        network: str,
        volumes: Mapping[str, Path],
        labels: Mapping[str, str],
    ) -> None:
        """Create it, not started.

        Args:
            engine: The container engine.
            template: `spec.template.spec` of the workload.
            name: The pod's name.
            network: Where it can reach the brokers.
            volumes: Folder of each volume that is a ConfigMap, Secret or projection, by the path
                where it is mounted.
            labels: Of the container, to find it again.
        """
        self.name = name
        self.probed: list[tuple[str, int]] = []
        _only(template, _POD | _SCHEDULING, "pod")
        (spec,) = template["containers"]
        _only(spec, _CONTAINER, "container")
        self._spec = spec
        self._grace = int(template["terminationGracePeriodSeconds"])
        self._ports = {one["name"]: one["containerPort"] for one in spec["ports"]}
        self._container = engine.containers.create(
            spec["image"],
            spec.get("args"),
            entrypoint=spec.get("command"),
            name=name,
            hostname=name,
            labels=dict(labels),
            network=network,
            environment=_environment(spec, name),
            **_security(template, spec),
            **_volumes(template, spec, volumes),
            **_resources(spec),
        )
        self._network = network
        self._asking: asyncio.Task[None] | None = None
        self.address = ""
        self.is_ready = False

    async def start(self) -> None:
        """Start it; its probes are asked from now on."""
        await asyncio.to_thread(self._container.start)
        await asyncio.to_thread(self._container.reload)
        networks = self._container.attrs["NetworkSettings"]["Networks"]
        self.address = f"http://{networks[self._network]['IPAddress']}"
        self._asking = asyncio.create_task(self._ask())

    async def ready(self, within: float = 60.0, steady: float = 0.0) -> None:
        """Wait until it has been ready for `steady` seconds (`minReadySeconds`)."""
        deadline, since = time.monotonic() + within, None
        while since is None or time.monotonic() - since < steady:
            assert time.monotonic() < deadline, f"{self.name} is not ready: {self.printed()}"
            assert await asyncio.to_thread(self._runs), f"{self.name} ended: {self.printed()}"
            since = (since or time.monotonic()) if self.is_ready else None
            await asyncio.sleep(0.1)

    async def stop(self) -> tuple[int, float]:
        """End it as a kubelet does; return its exit code and the seconds that it took."""
        assert self._asking is not None
        self._asking.cancel()
        self.is_ready = False
        began = time.monotonic()
        await asyncio.to_thread(self._container.stop, timeout=self._grace)
        took = time.monotonic() - began
        return (await asyncio.to_thread(self._container.wait))["StatusCode"], took

    async def page(self, path: str) -> str:
        """Return what a page of its status port says."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{self.address}:{self._ports['http']}{path}")).text

    def changed(self) -> list[str]:
        """Return the paths of the root file system that it wrote to."""
        return [change["Path"] for change in self._container.diff() or []]

    def printed(self) -> str:
        """Return the end of its log."""
        return str(self._container.logs(tail=30).decode(errors="replace"))

    def remove(self) -> None:
        """Remove it, running or not."""
        if self._asking is not None:
            self._asking.cancel()
        with suppress(NotFound):
            self._container.remove(force=True)

    def _runs(self) -> bool:
        self._container.reload()
        return bool(self._container.status == "running")

    async def _ask(self) -> None:
        """Ask liveness and readiness; each fails after as many failures in a row as it says."""
        probes = {"live": self._spec["livenessProbe"], "ready": self._spec["readinessProbe"]}
        failures = dict.fromkeys(probes, 0)
        async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
            while True:
                for which, probe in probes.items():
                    holds = await self._answer(client, probe["httpGet"])
                    failures[which] = 0 if holds else failures[which] + 1
                    if which == "ready":
                        self.is_ready = holds or (
                            self.is_ready and failures[which] < probe.get("failureThreshold", 3)
                        )
                await asyncio.sleep(min(0.25, probes["ready"].get("periodSeconds", 10)))

    async def _answer(self, client: httpx.AsyncClient, get: Mapping[str, Any]) -> bool:
        port = self._ports.get(get["port"], get["port"])
        try:
            status = (await client.get(f"{self.address}:{port}{get['path']}")).status_code
        except httpx.TransportError:
            status = 0
        self.probed.append((get["path"], status))
        return status == httpx.codes.OK


def _only(given: Mapping[str, Any], understood: set[str], where: str) -> None:
    unknown = set(given) - understood
    assert not unknown, f"{where}: {sorted(unknown)} are not understood here"


def _environment(spec: Mapping[str, Any], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in spec.get("env", ()):
        if "value" in one:
            found[one["name"]] = str(one["value"])
        elif (path := one["valueFrom"].get("fieldRef", {}).get("fieldPath")) == "metadata.name":
            found[one["name"]] = name
        else:
            raise AssertionError(f"env {one['name']} is not understood here: {path}")
    return found


def _security(template: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    context = {**template.get("securityContext", {}), **spec["securityContext"]}
    allowed = {
        "allowPrivilegeEscalation", "capabilities", "fsGroup", "fsGroupChangePolicy",
        "readOnlyRootFilesystem", "runAsGroup", "runAsNonRoot", "runAsUser", "seccompProfile",
    }  # fmt: skip
    _only(context, allowed, "securityContext")
    assert context["runAsNonRoot"]
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}  # the engine's own, too
    said: dict[str, Any] = {
        "read_only": context["readOnlyRootFilesystem"],
        "cap_drop": context["capabilities"]["drop"],
        "security_opt": [] if context["allowPrivilegeEscalation"] else ["no-new-privileges"],
    }
    if "runAsUser" in context:
        said["user"] = f"{context['runAsUser']}:{context.get('runAsGroup', 0)}"
    if "fsGroup" in context:
        said["group_add"] = [str(context["fsGroup"])]
    return said


def _volumes(
    template: Mapping[str, Any], spec: Mapping[str, Any], folders: Mapping[str, Path]
) -> dict[str, Any]:
    kinds = {one["name"]: one for one in template.get("volumes", ())}
    mounts: dict[str, dict[str, str]] = {}
    temporary: dict[str, str] = {}
    for mount in spec.get("volumeMounts", ()):
        assert "subPath" not in mount, "a sub-path is never updated"
        volume = kinds[mount["name"]]
        if "emptyDir" in volume:
            size = volume["emptyDir"].get("sizeLimit", "64Mi")
            temporary[mount["mountPath"]] = f"size={_quantity(size)},mode=1777"
        else:
            folder = str(folders[mount["mountPath"]])
            mounts[folder] = {"bind": mount["mountPath"], "mode": "ro"}
    return {"volumes": mounts, "tmpfs": temporary}


def _resources(spec: Mapping[str, Any]) -> dict[str, Any]:
    limits = spec.get("resources", {}).get("limits", {})
    return {"mem_limit": _quantity(limits["memory"])} if "memory" in limits else {}


def _quantity(written: str) -> int:
    unit = written[-2:]
    return int(written[:-2]) * _UNITS[unit] if unit in _UNITS else int(written)

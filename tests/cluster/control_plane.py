"""A Kubernetes control plane on loopback: etcd, API server, controllers, scheduler, kwok's nodes.

The programs are Kubernetes' own, as `.ci/cluster` builds them; only the kubelets are kwok's, which
say that pods run and run none.
"""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, Self

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from ruamel.yaml import YAML

from pipelines.embedded.loopback import HOST, free_ports
from tests.helm.chart import Object

NODES = ("node-a", "node-b")
READY_SECONDS = 300.0
TOKEN = "of-this-control-plane-only"
CONTROLLERS = (
    "deployment-controller", "disruption-controller", "endpointslice-controller",
    "garbage-collector-controller", "horizontal-pod-autoscaler-controller", "job-controller",
    "namespace-controller", "replicaset-controller", "serviceaccount-controller",
    "statefulset-controller", "ttl-after-finished-controller",
)  # fmt: skip
RUN = {"clearwater.test/hooks": "run"}
"""Label of pods whose hooks `tests.cluster.kubelet` really runs; kwok completes all others."""


class ControlPlane:
    """A running control plane.

    Attributes:
        kubeconfig: For helm and kubectl, as its administrator.
        api: Asks the API server, as its administrator.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        """Start nothing yet.

        Args:
            programs: Where `.ci/cluster` put them.
            folder: For logs, certificates and data.
        """
        self.kubeconfig = folder / "kubeconfig"
        self._programs = programs
        self._folder = folder
        self._running = ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._etcd, self._peer, self._secure = free_ports(3)
        self._address = f"https://{HOST}:{self._secure}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _start(self) -> None:
        certificates = self._folder / "certificates"
        key = self._key()
        tokens = self._folder / "tokens.csv"
        tokens.write_text(f"{TOKEN},admin,admin,system:masters\n", encoding="utf-8")
        etcd = f"http://{HOST}:{self._etcd}"
        peer = f"http://{HOST}:{self._peer}"
        self._run(
            "etcd",
            "--unsafe-no-fsync",
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        )
        self._run(
            "kube-apiserver",
            f"--etcd-servers={etcd}",
            f"--bind-address={HOST}",
            f"--secure-port={self._secure}",
            f"--cert-dir={certificates}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            # what takes the taint of a new node away again waits for a kubelet's lease
            "--disable-admission-plugins=TaintNodesByCondition",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
        )
        authority = certificates / "apiserver.crt"
        self._until(authority.is_file)
        self._write_kubeconfig(authority)
        trust = ssl.create_default_context(cafile=authority)
        trust.verify_flags &= ~ssl.VERIFY_X509_STRICT  # the API server's own certificate is not
        self.api = self._running.enter_context(
            httpx.Client(
                base_url=self._address,
                verify=trust,
                headers={"Authorization": f"Bearer {TOKEN}"},
                timeout=120,
                trust_env=False,
            )
        )
        self._until(self._is_ready)
        shared = (f"--kubeconfig={self.kubeconfig}", "--leader-elect=false", "--secure-port=0")
        self._run(
            "kube-controller-manager",
            *shared,
            f"--controllers={','.join(CONTROLLERS)}",
            f"--service-account-private-key-file={key}",
            "--horizontal-pod-autoscaler-sync-period=1s",
        )
        self._run("kube-scheduler", *shared)
        self._run(
            "kwok",
            f"--kubeconfig={self.kubeconfig}",
            "--manage-all-nodes=true",
            f"--config={self._stages()}",
        )
        for name in NODES:
            self.create("/api/v1/nodes", {"kind": "Node", "metadata": _node(name)})
        self._until(lambda: all(_reports_ready(node) for node in self.listed("/api/v1/nodes")))

    def create(self, path: str, document: Object) -> Object:
        """Create an object; what the API server refuses is an error with its message."""
        return self._answer(self.api.post(path, json=document))

    def read(self, path: str) -> Object:
        """Return one object."""
        return self._answer(self.api.get(path))

    def listed(self, path: str) -> list[Object]:
        """Return the objects below a path."""
        found: list[Object] = self.read(path)["items"]
        return found

    def say_status(self, path: str, status: Object) -> Object:
        """Change the status of an object, as a kubelet does."""
        changed = self.api.patch(
            f"{path}/status",
            json={"status": status},
            headers={"Content-Type": "application/merge-patch+json"},
        )
        return self._answer(changed)

    @staticmethod
    def _answer(answer: httpx.Response) -> Object:
        told: Object = answer.json()
        assert answer.is_success, told.get("message", told)
        return told

    def _run(self, program: str, *arguments: str) -> None:
        log = self._folder / f"{program}.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(  # noqa: S603 - built for this
                [self._programs / program, *arguments],
                cwd=self._folder,
                env={"HOME": str(self._folder), "PATH": os.environ["PATH"]},
                stdout=sink,
                stderr=sink,
            )
        self._processes[program] = process
        self._running.callback(_end, process)

    def _until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not holds():
            ended = [name for name, one in self._processes.items() if one.poll() is not None]
            if ended or time.monotonic() > deadline:
                logs = [self._folder / f"{name}.log" for name in ended or self._processes]
                told = "\n".join(f"{one.name}: {_end_of(one)}" for one in logs)
                raise AssertionError(f"the control plane does not start\n{told}")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return self.api.get("/readyz").is_success
        return False

    def _key(self) -> Path:
        """Make the key that signs the tokens of service accounts."""
        file = self._folder / "service-accounts.pem"
        file.write_bytes(
            rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )
        return file

    def _write_kubeconfig(self, authority: Path) -> None:
        cluster = {"server": self._address, "certificate-authority": str(authority)}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "here", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": TOKEN}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "admin"}}],
            "current-context": "here",
        }
        self.kubeconfig.touch(mode=0o600)
        with self.kubeconfig.open("w", encoding="utf-8") as sink:
            YAML(typ="safe").dump(document, sink)

    def _stages(self) -> Path:
        """Write kwok's own stages; what starts pods leaves alone those that are really run."""
        yaml = YAML(typ="safe")
        stages = [one for one in yaml.load_all(self._programs / "stages.yaml") if one]
        (starts,) = (one for one in stages if one["metadata"]["name"] == "pod-ready")
        other = deepcopy(starts)
        other["metadata"]["name"] = "pod-ready-of-hooks"
        component = "app.kubernetes.io/component"
        _select(starts, component, "NotIn", "hooks")
        _select(other, component, "In", "hooks")
        ((label, value),) = RUN.items()
        _select(other, label, "NotIn", value)
        file = self._folder / "stages.yaml"
        with file.open("w", encoding="utf-8") as sink:
            yaml.dump_all([*stages, other], sink)
        return file


def _select(stage: Object, label: str, operator: str, value: str) -> None:
    key = f'.metadata.labels["{label}"]'
    chosen = {"key": key, "operator": operator, "values": [value]}
    stage["spec"]["selector"]["matchExpressions"].append(chosen)


def _node(name: str) -> Object:
    return {
        "name": name,
        "annotations": {"node.alpha.kubernetes.io/ttl": "0", "kwok.x-k8s.io/node": "fake"},
        "labels": {
            "kubernetes.io/hostname": name,
            "kubernetes.io/os": "linux",
            "topology.kubernetes.io/zone": f"zone-of-{name}",
        },
    }


def _reports_ready(node: dict[str, Any]) -> bool:
    conditions = node.get("status", {}).get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:]

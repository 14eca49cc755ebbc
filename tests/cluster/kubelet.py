"""What a kubelet does with the pods of hooks: their programs run, with what they find mounted.

As plain processes: the same arguments, environment and files; paths lie below a folder instead of
below the root. What the API server holds afterwards is what really happened.
"""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.cluster.control_plane import RUN, ControlPlane
from tests.helm.chart import Object

SECONDS = 240
SELECTOR = ",".join(
    f"{label}={value}" for label, value in {"app.kubernetes.io/component": "hooks", **RUN}.items()
)
TOLD = 2048
"""Characters of the log that become the termination message (Kubernetes, `types.go`)."""


@contextmanager
def hooks_run(plane: ControlPlane, namespace: str, folder: Path) -> Iterator[None]:
    """Run the pods of hooks in a namespace while this is open."""
    stop = threading.Event()
    errors: list[Exception] = []

    def look() -> None:
        seen: set[str] = set()
        while not stop.wait(0.1):
            try:
                for pod in plane.listed(
                    f"/api/v1/namespaces/{namespace}/pods?labelSelector={SELECTOR}"
                ):
                    uid = pod["metadata"]["uid"]
                    if uid not in seen and pod["spec"].get("nodeName"):
                        seen.add(uid)
                        _run(plane, pod, folder / uid)
            except Exception as error:  # noqa: BLE001 - told where the test waits
                errors.append(error)
                return

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        if errors:
            raise errors[0]


def _run(plane: ControlPlane, pod: Object, root: Path) -> None:
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    (spec,) = pod["spec"]["containers"]
    kinds = {one["name"]: one for one in pod["spec"]["volumes"]}
    moved: dict[str, str] = {}
    # a mount in another comes after it
    for mount in sorted(spec["volumeMounts"], key=lambda one: str(one["mountPath"])):
        place = root / mount["mountPath"].lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        for file, content in _files(plane, namespace, kinds[mount["name"]]).items():
            (place / file).write_bytes(content)
        moved[mount["mountPath"]] = str(place)
    environment = {one["name"]: _moved(one["value"], moved) for one in spec["env"]}
    began = _now()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pipelines", *(_moved(one, moved) for one in spec["args"])],
        cwd=root,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    ended = {
        "exitCode": done.returncode,
        "reason": "Error" if done.returncode else "Completed",
        "startedAt": began,
        "finishedAt": _now(),
    }
    if done.returncode:  # `terminationMessagePolicy: FallbackToLogsOnError`
        ended["message"] = done.stdout[-TOLD:]
    status = {
        "name": spec["name"],
        "image": spec["image"],
        "imageID": spec["image"],
        "ready": False,
        "restartCount": 0,
        "state": {"terminated": ended},
    }
    plane.say_status(
        f"/api/v1/namespaces/{namespace}/pods/{name}",
        {"phase": "Failed" if done.returncode else "Succeeded", "containerStatuses": [status]},
    )


def _files(plane: ControlPlane, namespace: str, volume: Object) -> dict[str, bytes]:
    """Return what a volume holds, by file name."""
    if "emptyDir" in volume:
        return {}
    if secret := volume.get("secret"):
        return _contents(plane, namespace, "secrets", secret["secretName"], base64.b64decode)
    found: dict[str, bytes] = {}
    for source in volume["projected"]["sources"]:
        named = source["configMap"]["name"]
        found |= _contents(plane, namespace, "configmaps", named, str.encode)
    return found


def _contents(
    plane: ControlPlane, namespace: str, kind: str, name: str, decode: Callable[[str], bytes]
) -> dict[str, bytes]:
    data: dict[str, str] = plane.read(f"/api/v1/namespaces/{namespace}/{kind}/{name}")["data"]
    return {file: decode(text) for file, text in data.items()}


def _moved(text: str, places: dict[str, str]) -> str:
    """Return the text with a mounted path as it is here."""
    for path, place in places.items():
        if text == path or text.startswith(f"{path}/"):
            return place + text.removeprefix(path)
    return text


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

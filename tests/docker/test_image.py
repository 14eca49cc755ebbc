"""The image as a pod of the "restricted" level runs it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docker.client import DockerClient

from tests.support.hardened import hardened

ROOT = Path(__file__).parents[2]
MOST_BYTES = 200_000_000
LABELS = {"created", "description", "licenses", "revision", "title", "version", "base.name"}


@contextmanager
def running(engine: DockerClient, image: str, command: list[str], **more: Any) -> Iterator[Any]:
    container = engine.containers.create(image, command, **hardened(network_mode="none") | more)
    try:
        container.start()
        yield container
    finally:
        container.remove(force=True)


def ended(container: Any) -> tuple[int, str]:
    status = container.wait(timeout=60)["StatusCode"]
    return status, container.logs().decode()


def python(engine: DockerClient, image: str, code: str, **more: Any) -> str:
    with running(engine, image, ["-c", code], entrypoint=["python"], **more) as container:
        status, said = ended(container)
    assert status == 0, said
    return str(said).strip()


def normal(requirement: str) -> str:
    name, _, version = requirement.lower().partition("==")
    return f"{re.sub(r'[-_.]+', '-', name)}=={version}"


@pytest.fixture
def examples(engine: DockerClient, image: str) -> str:
    code = "import pipelines, pathlib; print(pathlib.Path(pipelines.__file__).parent / 'examples')"
    return python(engine, image, code)


@pytest.mark.parametrize("user", ["10001:10001", "1234567:0"], ids=["ours", "any (OpenShift)"])
@pytest.mark.parametrize("command", ["check", "test"])
def test_commands_work_and_write_nothing(
    engine: DockerClient, image: str, examples: str, command: str, user: str
) -> None:
    with running(engine, image, [command, examples], user=user) as container:
        status, said = ended(container)
        changed = [change["Path"] for change in container.diff() or []]
    assert status == 0, said
    assert re.search(r"3 pipelines, 0 errors|\b0 failed", said)
    assert changed == []


def test_what_it_holds_is_what_the_lock_says(engine: DockerClient, image: str) -> None:
    code = (
        "import importlib.metadata as m;"
        "print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    )
    held = {normal(one) for one in python(engine, image, code).split()}
    lock = (ROOT / ".ci/requirements/runtime.txt").read_text(encoding="utf-8")
    locked = {normal(one) for one in re.findall(r"^[\w.-]+==[^ \\]+", lock, re.MULTILINE)}
    ours = {one for one in held if one.startswith("clearwater==")}
    assert len(ours) == 1
    assert held - ours <= locked
    assert {"aiokafka", "cryptography", "faust-streaming"} <= {
        one.partition("=")[0] for one in held
    }


def test_no_program_but_python_and_the_init_is_there(engine: DockerClient, image: str) -> None:
    code = (
        "import os; print(*sorted({os.path.basename(os.path.realpath(os.path.join(d, f)))"
        " for d, _, files in os.walk('/') if not d.startswith(('/proc', '/sys', '/dev'))"
        " for f in files if os.access(os.path.join(d, f), os.X_OK) and '.so' not in f"
        " and os.path.basename(d) in {'bin', 'sbin'}}))"
    )
    found = set(python(engine, image, code).split())
    assert {"clearwater", "dumb-init"} <= found
    assert not found & {
        "sh",
        "bash",
        "dash",
        "busybox",
        "apt",
        "dpkg",
        "perl",
        "pip",
        "gcc",
        "curl",
    }


def test_every_module_of_ours_is_there_compiled(engine: DockerClient, image: str) -> None:
    code = (
        "import pathlib, pipelines; top = pathlib.Path(pipelines.__file__).parent;"
        "lacking = [str(p) for p in top.rglob('*.py') if 'embedded' not in p.parts"
        " and 'examples' not in p.parts and p.name not in ('__main__.py', 'pytest_plugin.py')"
        " and [c.read_bytes()[4] for c in (p.parent / '__pycache__').glob(p.stem + '.*.pyc')]"
        " != [1]]; print(lacking)"  # 1: its source is never looked at again (PEP 552)
    )
    assert python(engine, image, code) == "[]"


def test_it_is_small(engine: DockerClient, image: str) -> None:
    assert engine.images.get(image).attrs["Size"] < MOST_BYTES


def test_it_says_what_it_is(engine: DockerClient, image: str) -> None:
    config = engine.images.get(image).attrs["Config"]
    told = {
        name.removeprefix("org.opencontainers.image."): text
        for name, text in config["Labels"].items()
    }
    assert set(told) >= LABELS
    assert all(told.values())
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert config["Healthcheck"]["Test"][-1].endswith("healthcheck.py")


def test_the_init_reaps_passes_signals_on_and_keeps_the_exit_code(
    engine: DockerClient, image: str
) -> None:
    code = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: os._exit(7))\n"
        "print(open('/proc/1/comm').read().strip(), flush=True)\n"
        "time.sleep(60)\n"
    )
    entry = ["dumb-init", "--", "python"]
    with running(engine, image, ["-c", code], entrypoint=entry) as container:
        deadline = time.monotonic() + 30
        while not container.logs():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        asked_at = time.monotonic()
        container.stop(timeout=20)
        status, said = ended(container)
    assert (status, said.strip()) == (7, "dumb-init")
    assert time.monotonic() - asked_at < 10


def test_certificate_authorities_are_there(engine: DockerClient, image: str) -> None:
    code = "import ssl; print(len(ssl.create_default_context().get_ca_certs()))"
    assert int(python(engine, image, code)) > 50
    assert int(python(engine, image, f"import os; del os.environ['SSL_CERT_FILE']; {code}")) > 50

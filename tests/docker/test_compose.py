"""The compose file and the Dockerfile against the rest of the repository; no engine needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipelines.embedded import registry
from tests.support.container_kafka import IMAGE as KAFKA

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = YAML(typ="safe").load(ROOT / "docker/compose.yaml")[
    "services"
]

every_service = pytest.mark.parametrize("name", SERVICES)


@every_service
def test_a_service_has_no_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"cap_add", "network_mode", "pid", "privileged"} & set(service)
    assert service.get("read_only", False) or name in {"kafka", "registry"}  # they unpack at start


@every_service
def test_a_service_is_reached_from_this_machine_only(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@every_service
def test_an_image_has_a_version(name: str) -> None:
    assert re.search(r":(v?\d+\.\d+\.\d+|\S*clearwater:dev\})$", SERVICES[name]["image"])


@every_service
def test_what_stays_up_is_watched(name: str) -> None:
    watched = "test" in SERVICES[name].get("healthcheck", {})
    assert watched != (name in {"prepare", "topics", "producer"})


def test_versions_are_those_that_the_tests_run_against() -> None:
    assert SERVICES["kafka"]["image"] == KAFKA
    assert SERVICES["registry"]["image"].endswith(f":{registry.VERSION}")


def test_the_base_image_is_the_same_everywhere() -> None:
    (base,) = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert SERVICES["worker"]["build"]["args"]["PYTHON_IMAGE"] == f"${{PYTHON_IMAGE:-{base}}}"
    assert re.fullmatch(r"python:3\.1[123]\.\d+-slim-[a-z]+", base)


def test_only_what_the_image_is_made_of_is_sent_to_its_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert lines[1] == "*"
    assert allowed == copied
    assert all((ROOT / source).exists() for source in copied)


def test_the_build_tools_are_those_of_the_lock() -> None:
    locked, ours = (
        dict(re.findall(r"^([\w.-]+)==([^ \\]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE))
        for file in (".ci/requirements/dev.txt", "docker/build.txt")
    )
    assert {name: locked[name] for name in ours if name in locked}.items() <= ours.items()
    assert "hatchling" in ours


@pytest.mark.parametrize("file", ["build.txt", "checks.txt"])
def test_everything_fetched_has_a_hash(file: str) -> None:
    text = (ROOT / "docker" / file).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text

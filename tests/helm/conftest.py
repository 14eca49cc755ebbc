"""The helm binaries that `.ci/helm` installs; without them these tests are skipped, saying so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.helm.chart import TOOLS, Helm

VERSIONS = ("helm3", "helm4")


def made(version: str, folder: Path) -> Helm:
    binary = TOOLS / version
    if not binary.is_file():
        missing = f"no {version} in {TOOLS}: `.ci/helm --tools` puts it there"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return Helm(binary, folder)


@pytest.fixture
def helm(tmp_path: Path) -> Helm:
    return made("helm3", tmp_path)


@pytest.fixture
def helm4(tmp_path: Path) -> Helm:
    return made("helm4", tmp_path)


@pytest.fixture(params=VERSIONS)
def each_helm(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    return made(request.param, tmp_path)

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from pipelines.cli import main
from tests.support.declared import GOOD, POLICY


class Ran(NamedTuple):
    """What one command did."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Cli]:
    """Run a command in this process."""

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capfdbinary.readouterr()
        code = ended.value.code
        return Ran(0 if code is None else int(code), captured.out.decode(), captured.err.decode())

    yield run
    # `run` sends logs to the standard error of this test, which is closed now
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one sound pipeline and its policy."""
    folder = tmp_path / "pipelines"
    (folder / "policies").mkdir(parents=True)
    (folder / "orders.yaml").write_text(GOOD)
    (folder / "policies" / "default.yaml").write_text(POLICY)
    return folder


@pytest.fixture
def command() -> Cli:
    """Run a command in a process of its own."""

    def run(*arguments: str) -> Ran:
        environment = {key: one for key, one in os.environ.items() if "CLEARWATER_" not in key}
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *arguments],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run

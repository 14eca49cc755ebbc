from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.declared import GOOD, POLICY

CASES = """\
tests:
  - {id: passes, given: {value: {a: 1}}, fate: published}
  - {id: fails, given: {value: {a: 1}}, expect: [{value: {a: 2}}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pipelines = tmp_path / "pipelines"
    pipelines.mkdir()
    (pipelines / "orders.yaml").write_text(GOOD)
    (pipelines / "default.yaml").write_text(POLICY)
    (pipelines / "orders.test.yaml").write_text(CASES)
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope=function\n")
    return tmp_path


@pytest.mark.timeout(300)
def test_each_case_is_an_item_and_what_is_wrong_is_said(folder: Path) -> None:
    broken = folder / "broken"
    broken.mkdir()
    (broken / "orders.yaml").write_text(GOOD)
    (broken / "orders.test.yaml").write_text(CASES)
    options = ["-v", "-p", "no:randomly", "-p", "no:cacheprovider"]
    named = ["--clearwater", "pipelines", "--clearwater", "broken"]
    done = subprocess.run(  # noqa: S603 - pytest itself
        [sys.executable, "-m", "pytest", *options, *named, "--continue-on-collection-errors"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    told = done.stdout
    assert done.returncode == 1, told + done.stderr
    assert "pipelines/orders.test.yaml::passes PASSED" in told
    assert "test_own.py::test_own PASSED" in told
    assert "orders.test.yaml:3: expect[0].value.a\n  - 2\n  + 1\n" in told
    assert "unknown policy `default`" in told
    assert "Traceback" not in told
    assert "1 failed, 2 passed, 1 error" in told

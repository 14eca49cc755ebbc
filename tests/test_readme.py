"""The README is true: its commands run, its tables are current, its claims name what is there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli.pages.readme import tables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in SHELL for line in block.splitlines() if line.startswith("clearwater")]
ELSEWHERE = {
    "clearwater demo": "a stage of its own in .ci/run",
    "clearwater dev": "tests/cli/commands/test_dev.py",
    "clearwater run": "tests/integration",
    "clearwater topics": "tests/integration",
    "clearwater tail": "tests/cli/test_on_kafka.py",
    "clearwater dead-letters": "tests/cli/test_on_kafka.py",
}


@pytest.mark.parametrize("name", tables())
def test_a_table_is_what_the_catalogue_says(name: str) -> None:
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    shown = README.partition(begin)[2].partition(end)[0]
    assert shown.strip() == tables()[name].strip(), f"write the table of {name} anew"


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 200


@pytest.mark.parametrize(
    "command",
    [one for one in COMMANDS if not any(one.startswith(known) for known in ELSEWHERE)],
)
def test_a_command_runs(command: str, tmp_path: Path) -> None:
    words = shlex.split(command.partition("#")[0].replace("/tmp/", f"{tmp_path}/"))  # noqa: S108 - as the README shows it
    environment = {key: value for key, value in os.environ.items() if "CLEARWATER_" not in key}
    environment["CLEARWATER_KEYS"] = str(tmp_path)
    make = [sys.executable, "-m", "pipelines", "keys", "create", "customers", "dead-letters"]
    if words[1] != "keys":
        subprocess.run(make, check=True, env=environment, cwd=ROOT, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *words[1:]],
        check=False,
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_path_it_names_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in link:
            assert (ROOT / link).exists(), link


def test_it_shows_what_an_example_does() -> None:
    pipeline = README.split("```yaml\n")[1].split("```")[0]
    shipped = (ROOT / "pipelines" / "examples" / "orders.yaml").read_text(encoding="utf-8")
    assert pipeline.strip() == shipped.strip()

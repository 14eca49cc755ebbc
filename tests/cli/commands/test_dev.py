from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "pipelines" / "examples"
SECONDS = 240.0  # one wait; on a machine with many at work
_SAMPLES = 200


class Screen:
    """`clearwater dev` in a process of its own, and all that it has printed."""

    def __init__(self, folder: Path, printed: Path) -> None:
        environment = {key: one for key, one in os.environ.items() if "CLEARWATER_" not in key}
        self._printed = printed
        self._seen = 0
        with printed.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipelines", "dev", str(folder)],
                env={**environment, "COLUMNS": "200"},
                stdout=sink,
                stderr=sink,
            )

    def shows(self, *words: str) -> str:
        """Wait until all of these stand in what was printed since the last call; return that."""
        deadline = time.monotonic() + SECONDS
        while True:
            text = self._printed.read_text(encoding="utf-8", errors="replace")[self._seen :]
            if all(one in text for one in words):
                self._seen += len(text)
                return text
            assert self.process.poll() is None, text
            assert time.monotonic() < deadline, (words, text)
            time.sleep(0.1)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(EXAMPLES, tmp_path / "shop", ignore=ignored)
    for file in (tmp_path / "shop" / "samples").iterdir():
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:_SAMPLES]))
    shown = Screen(tmp_path / "shop", tmp_path / "printed")
    yield shown
    if shown.process.poll() is None:
        shown.process.kill()
    shown.process.wait()


@pytest.mark.timeout(600)
def test_a_wrong_file_stops_nothing_and_a_right_one_is_taken_up(
    screen: Screen, tmp_path: Path
) -> None:
    orders = tmp_path / "shop" / "orders.yaml"
    text = orders.read_text()
    began = screen.shows("clearwater tail orders.clean", "dropped", "synthetic: synthetic_order")
    assert "registered orders.raw-value" in began
    assert "export CLEARWATER_BROKERS=127.0.0.1:" in began

    orders.write_text(text.replace("step: drop,", "step: dorp,"))
    wrong = screen.shows("the last good version runs on")
    assert "orders.yaml:9:" in wrong
    assert "`dorp`" in wrong
    assert "did you mean `drop`?" in " ".join(wrong.split())

    mended = text.replace("topic: orders.clean,", "topic: orders.tidy,")
    orders.write_text(mended.replace('== "1"', '== "2"'))
    right = screen.shows("running: ai-prompts")
    assert "made 1 topic" in right
    assert re.search(r"[1-9]\d* failed", right), right
    assert "synthetic orders are dropped" in right
    assert " of 20 records become something else" in right
    assert "no longer leaves to orders.clean" in right

    users = text[: text.index("tables:")].replace("orders", "users").replace("avro", "json")
    (tmp_path / "shop" / "users.yaml").write_text(
        f"{users}publish: {{topic: users.clean}}\ndead_letter: {{topic: users.dead}}\n"
    )
    (tmp_path / "shop" / "samples" / "users.jsonl").write_text('{"value": {"a": 1}}\n')
    screen.shows("a new pipeline is taken up by a restart", "produced 1 record to users.raw")
    screen.shows("users            published             1  publish")

    screen.process.terminate()
    assert screen.process.wait(SECONDS) == 0

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.embedded.java_process import JavaProcess
from pipelines.embedded.loopback import HOST, answers, free_ports
from pipelines.errors import ConfigError

OWNER = """
import sys, time
from pathlib import Path
from pipelines.embedded.java_process import JavaProcess

process = JavaProcess("server", sys.argv[2:], Path(sys.argv[1]))
print(process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[JavaProcess, int]]:
    port = free_ports(1)[0]
    process = JavaProcess("server", _web_server(port), tmp_path)
    process.wait_ready(lambda: answers(port), 30)
    yield process, port
    process.kill()


@pytest.mark.parametrize("end", [JavaProcess.stop, JavaProcess.kill], ids=["stop", "kill"])
def test_it_is_gone_when_it_was_told_to_end(
    server: tuple[JavaProcess, int], end: Callable[[JavaProcess], None]
) -> None:
    process, port = server
    end(process)
    assert not process.is_running
    assert not answers(port)
    assert not _exists(process.pid)


def test_it_ends_with_the_process_that_began_it_even_if_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path), *_web_server(free_ports(1)[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as owner:  # noqa: S603 - our own words
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert _exists(pid)
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _exists(pid)


def test_one_that_ends_at_once_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    process = JavaProcess("server", ["no.such.MainClass"], tmp_path)
    with pytest.raises(ConfigError, match=r"(?s)server ended; its log ends:.*no\.such\.Main"):
        process.wait_ready(lambda: False, 30)


def test_one_that_is_not_ready_in_time_is_ended(tmp_path: Path) -> None:
    process = JavaProcess("server", _web_server(free_ports(1)[0]), tmp_path)
    with pytest.raises(ConfigError, match="server did not get ready"):
        process.wait_ready(lambda: False, 0.2)
    assert not _exists(process.pid)


def _web_server(port: int) -> list[str]:
    return ["-m", "jdk.httpserver", "-b", HOST, "-p", str(port), "-d", os.sep]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")

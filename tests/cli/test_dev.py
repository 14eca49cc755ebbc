from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "pipelines" / "examples"


def test_a_folder_runs_on_a_broker_and_a_registry_of_its_own(command: Callable[..., Any]) -> None:
    ran = command("dev", str(EXAMPLES), "--once")

    assert ran.code == 0, ran.err
    assert "registered orders.raw-value" in ran.err
    assert "export CLEARWATER_BROKERS=127.0.0.1:" in ran.out
    assert "synthetic: synthetic_order" in ran.out

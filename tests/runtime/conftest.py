from __future__ import annotations

import pytest

from tests.support.lane_bench import Bench


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("pipelines.runtime.lane.FIRST_WAIT_SECONDS", 0.0001)
    return Bench()

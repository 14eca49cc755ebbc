from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def test_it_shows_records_before_and_after_and_what_became_of_them(
    command: Callable[..., Any],
) -> None:
    ran = command("demo")

    assert ran.code == 0, ran.err
    before = re.findall(r"^  before  (.*)$", ran.out, re.MULTILINE)
    after = re.findall(r"^  after   (.*)$", ran.out, re.MULTILINE)
    assert len(before) == len(after) == 6
    assert any("@example." in line for line in before)
    assert not any("@example." in line for line in after)
    assert "8,000 records in" in ran.out
    assert "synthetic_order" in ran.out

from __future__ import annotations

import pytest

from pipelines.detectors.vendor_key import ROWS, VENDOR_KEY, example
from pipelines.privacy.scan import Scan

SCAN = Scan([VENDOR_KEY])


def test_there_are_shapes_of_more_than_a_hundred_and_fifty_kinds() -> None:
    assert len({prefix for prefix, _, _ in ROWS}) >= 150


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_key_of_each_shape_is_found_whole_and_a_short_one_is_not(
    row: tuple[str, str, int],
) -> None:
    key = example(*row)
    text = f'key = "{key}";'

    found = SCAN.find(text)

    assert [(one.start, one.end) for one in found] == [(7, 7 + len(key))]
    assert SCAN.suspicious([text.encode()]) == [0]
    assert SCAN.find(f"{row[0]}x1") == []

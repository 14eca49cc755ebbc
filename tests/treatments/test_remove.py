from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.field_path import REMOVED
from pipelines.treatments.remove import Remove, RemoveOptions

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated


@pytest.mark.parametrize("value", ["Ada", 5, None, [], {"a": 1}, b"x"], ids=repr)
def test_whatever_it_is_it_is_taken_out(treated: Treated, value: object) -> None:
    assert treated(Remove(remove=RemoveOptions()), value) is REMOVED

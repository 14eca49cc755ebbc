from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.treatments.keep import Keep, KeepOptions

if TYPE_CHECKING:
    from tests.treatments.conftest import Treated


@pytest.mark.parametrize("value", ["Ada", 5, None, ["a"], {"a": 1}, b"x"], ids=repr)
def test_the_very_value_stays(treated: Treated, value: object) -> None:
    assert treated(Keep(keep=KeepOptions()), value) is value

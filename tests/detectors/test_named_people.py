from __future__ import annotations

from typing import Any

import pytest

from pipelines.privacy.scan import Scan

SCAN = Scan()


@pytest.mark.parametrize(
    "value",
    [
        {"holder": "M. DUBOIS"},
        {"acctMgr": "S. Petrova"},
        {"driver": "É. Dupont"},
        {"approved_by": "J.R. van Dyke"},
        {"владелец": "Ж. Петрова"},
        {"case": {"handledBy": "A. B. Kowalczyk-Lis"}},
    ],
    ids=str,
)
def test_initials_and_a_name_are_somebody_where_a_field_says_who(value: dict[str, Any]) -> None:
    (found,) = SCAN.find_in(value)
    assert (found[1].entity, found[1].start) == ("PERSON", 0)


@pytest.mark.parametrize(
    "value",
    [
        {"holder": "v. 2"},
        {"author": "U.S. Bank"},
        {"driver": "J. 42"},
        {"lead": "A. b"},
        {"from": "U.S.A."},
        {"operator": "GmbH"},
        {"brand": "J. Crew"},
        {"host": "S. Petrova"},
    ],
    ids=str,
)
def test_initials_alone_or_before_something_else_are_nobody(value: dict[str, Any]) -> None:
    assert SCAN.find_in(value) == []

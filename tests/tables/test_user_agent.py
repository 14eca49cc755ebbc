from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.tables.user_agent import FIELDS, UserAgents, UserAgentTable

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(scope="module")
def agents() -> UserAgents:
    return UserAgentTable.model_validate({"user_agent": {}}).load(Path())


@pytest.mark.parametrize(
    ("text", "row"),
    [
        pytest.param(IPHONE, ["Mobile Safari", "17.5", "iOS", "17.5", "iPhone"], id="a phone"),
        pytest.param("curl/8.5.0", ["curl", "8.5.0", None, None, None], id="a program"),
        pytest.param(
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            ["Firefox", "127.0", "Linux", None, None],
            id="a desktop",
        ),
    ],
)
def test_a_browser_is_known(agents: UserAgents, text: str, row: list[str | None]) -> None:
    assert agents.lookup(text) == dict(zip(FIELDS, row, strict=True))


@pytest.mark.parametrize("key", ["nothing known", "", None, 5, ["curl/8.5.0"]])
def test_what_is_unknown_has_no_row(agents: UserAgents, key: object) -> None:
    assert agents.lookup(key) is None


def test_rows_belong_to_their_records(agents: UserAgents) -> None:
    row: Any = agents.lookup("curl/8.5.0")
    row["browser"] = "changed"

    assert agents.lookup("curl/8.5.0") != row


def test_a_row_has_the_shape(agents: UserAgents) -> None:
    assert set(agents.row.fields) == set(FIELDS)

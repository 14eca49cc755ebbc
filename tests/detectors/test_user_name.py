from __future__ import annotations

import pytest

from pipelines.detectors.user_name import USER_NAMES
from pipelines.privacy.scan import Scan

SCAN = Scan(USER_NAMES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("username: wyanderson", "wyanderson"),
        ("my login is ada.l99, thanks", "ada.l99"),
        ("login ok user=hopper_g ip=192.0.2.7", "hopper_g"),
        ("user wyanderson was locked", "wyanderson"),
        ("gebruikersnaam: j-verhoef", "j-verhoef"),
    ],
)
def test_what_is_announced_as_a_user_name_is_one(text: str, name: str) -> None:
    (found,) = SCAN.find(text)

    assert (text[found.start : found.end], found.entity) == (name, "USERNAME")


@pytest.mark.parametrize(
    "text",
    [
        "username is required", "username: str", "username = request.user.name",
        "user root logged in",
        "the user has logged in", "login=LoginForm", "username: ${DB_USER}", "user 12 failed",
        "a user name was chosen", "username=<USERNAME>", "login: https://example.com",
    ],
)  # fmt: skip
def test_what_is_said_about_user_names_and_systems_accounts_are_quiet(text: str) -> None:
    assert SCAN.find(text) == []

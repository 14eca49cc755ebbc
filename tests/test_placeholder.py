from __future__ import annotations

import pytest

from pipelines.placeholder import is_placeholder


@pytest.mark.parametrize(
    "text",
    [
        "<PASSWORD>",
        "****",
        "${SECRET}",
        "{{ secret }}",
        "changeme",
        "your-api-key",
        "null",
        "xxxx",
    ],
)
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["hunter2", "Tide7-harbour", "9f8a7c6b5d4e", "correct horse"])
def test_a_secret_is_one(text: str) -> None:
    assert not is_placeholder(text)

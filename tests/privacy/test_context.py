from __future__ import annotations

import pytest

from pipelines.privacy.context import said_pattern, words_pattern
from pipelines.privacy.linear import compiled

WORDS = ("phone", "bic", "tax id", "né le")
SAID, WRITTEN = compiled(said_pattern(WORDS)), compiled(words_pattern(WORDS))


@pytest.mark.parametrize(
    "text",
    [
        "phone", "Phones", "phone_1", "homePhone", "homePHONE", "phoneNumber", "PHONES", "BIC",
        "BICs", "bicCode", "BIC1", "taxId", "TAX_ID", "tax-id", "né le",
    ],
)  # fmt: skip
def test_a_word_is_known_in_every_way_of_writing(text: str) -> None:
    assert SAID.search(text.encode()) is not None
    assert WRITTEN.search(text.encode()) is not None


@pytest.mark.parametrize("text", ["BICUBIC", "INTERPOLATE_BICUBIC", "telephones", "phoneme"])
def test_the_start_of_another_word_is_no_word(text: str) -> None:
    assert SAID.search(text.encode()) is None


def test_what_is_said_is_also_written() -> None:
    for text in ("BICUBIC", "phoneX", "PHONEx", "xPhone", "a_bic_b"):
        if SAID.search(text.encode()) is not None:
            assert WRITTEN.search(text.encode()) is not None

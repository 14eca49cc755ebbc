from __future__ import annotations

import pytest

from pipelines.name_list import is_given_name, is_surname, may_be_given_name, may_be_surname


@pytest.mark.parametrize("name", ["Tamara", "ahmed", "JÜRGEN", "Krisztina"])
def test_a_given_name_is_known_in_any_case(name: str) -> None:
    assert is_given_name(name)
    assert may_be_given_name(name)


@pytest.mark.parametrize("word", ["Mark", "Will", "Grace"])
def test_a_name_that_is_a_word_may_be_one(word: str) -> None:
    assert not is_given_name(word)
    assert may_be_given_name(word)


def test_surnames_are_known() -> None:
    assert is_surname("Kowalski")
    assert may_be_surname("Price")
    assert not is_surname("Price")


@pytest.mark.parametrize("word", ["kafka-topic", "between", "x86", ""])
def test_other_words_are_no_names(word: str) -> None:
    assert not may_be_given_name(word)
    assert not may_be_surname(word)

from __future__ import annotations

import pytest

from pipelines.privacy.name_words import name_words, segments_of, spelled, with_number


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("homePhone_2", ("home", "phone")),
        ("Führerschein-Nr", ("fuhrerschein", "nr")),
        ("fødselsNummer", ("fodsels", "nummer")),
        ("номерТелефона", ("номер", "телефона")),
        ("HTMLBody", ("html", "body")),
        ("", ()),
    ],
)
def test_a_name_is_taken_apart_where_words_end(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


def test_a_number_s_word_is_taken_off_a_name() -> None:
    assert with_number(("rufnr", "cardno", "no")) == ("ruf", "nr", "card", "no", "no")


def test_a_path_has_the_names_without_indexes() -> None:
    assert segments_of('a.b[0]["c.d"]') == ("a", "b", "c.d")


def test_a_name_is_spelled_without_marks_and_without_small_words() -> None:
    assert [*spelled(["führerschein", "numéro de carte"])] == [
        ("fuhrerschein",),
        ("fuehrerschein",),
        ("numero", "de", "carte"),
        ("numero", "carte"),
    ]

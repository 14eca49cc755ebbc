from __future__ import annotations

import pytest

from pipelines.field_vocabulary import names_of


@pytest.mark.parametrize(
    ("section", "name"),
    [("phone", "rufnummer"), ("passport", "številka potnega lista"), ("key", "токен")],
)
def test_a_section_has_names_in_many_languages(section: str, name: str) -> None:
    assert name in names_of(section)


def test_names_are_lower_case_and_stand_once() -> None:
    for section in ("phone", "card", "national", "person", "username", "address", "key", "whose"):
        names = names_of(section)
        assert [name for name in names if name != name.lower() or name != name.strip()] == []
        assert len(names) == len(set(names))


def test_an_unknown_section_is_an_error() -> None:
    with pytest.raises(KeyError):
        names_of("nothing")

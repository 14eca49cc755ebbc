from __future__ import annotations

import orjson
import pytest

from pipelines.detectors import FIELDS
from pipelines.privacy.field_names import FieldNames
from pipelines.privacy.linear import compiled
from pipelines.privacy.name_words import spelled
from pipelines.privacy.quick_names import quick_names

MATCHED = compiled(quick_names(FIELDS)).search
NAMES = FieldNames(FIELDS)


def written(words: tuple[str, ...]) -> list[str]:
    """Return a name as programs write it."""
    first, *rest = words
    camel = first + "".join(word.capitalize() for word in rest)
    return [
        "_".join(words), "-".join(words).upper(), camel, camel[0].upper() + camel[1:],
        "".join(words), "customer" + "".join(words), f"my_{'_'.join(words)}_2",
    ]  # fmt: skip


def test_it_matches_every_name_in_every_way_of_writing() -> None:
    for kind in FIELDS:
        begins = compiled(kind.starts).match
        values = ("123456", "abcdef", "Ada Lovelace", "A. Lovelace")
        value = next(one for one in values if begins(one.encode()))
        names = [name for words in [*spelled(kind.names)][::9] for name in written(words)]
        views = [orjson.dumps({name: value}) for name in names if NAMES.kinds(name)]
        assert [view for view in views if MATCHED(view) is None] == []


@pytest.mark.parametrize(
    "view",
    [
        b'{"order_id": "A-1", "amount": 12}',
        b'"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101"',
        b'{"phone": null, "email": "", "city": false}',
        b'"call the phone: 12"',
    ],
)
def test_it_passes_over_what_is_no_name_of_a_value(view: bytes) -> None:
    assert MATCHED(view) is None

from __future__ import annotations

import pytest

from pipelines.privacy.policy import Policy
from pipelines.privacy.tags import most_specific, treatment_of

TREAT = Policy.model_validate(
    {
        "policy": "p",
        "treat": {
            "PII": {"redact": {}},
            "PII.EMAIL": {"mask": {}},
            "PII.EMAIL.WORK": {"keep": {}},
            "PUBLIC": {"keep": {}},
            "PUBLIC.WEB.LINK": {"keep": {}},
        },
    }
).treat


@pytest.mark.parametrize(
    ("tag", "entry"),
    [
        ("PII", "PII"),
        ("PII.NAME", "PII"),
        ("PII.EMAIL", "PII.EMAIL"),
        ("PII.EMAIL.HOME", "PII.EMAIL"),
        ("PII.EMAIL.WORK.OLD", "PII.EMAIL.WORK"),
        ("PII.EMAILS", "PII"),
        ("PIIX", None),
        ("GDPR.PII", None),
    ],
)
def test_an_entry_speaks_for_the_tags_below_it(tag: str, entry: str | None) -> None:
    assert most_specific(tag, TREAT) == entry


@pytest.mark.parametrize(
    ("tags", "tag", "verb"),
    [
        pytest.param({"PII.NAME"}, "PII.NAME", "redact", id="one"),
        pytest.param({"PII", "PII.EMAIL"}, "PII.EMAIL", "mask", id="the most specific"),
        pytest.param({"PII", "PII.EMAIL.WORK"}, "PII.EMAIL.WORK", "keep", id="even to keep it"),
        pytest.param({"PII.EMAIL", "OTHER.A.B.C"}, "PII.EMAIL", "mask", id="unknown ones aside"),
        pytest.param({"PUBLIC", "PII"}, "PII", "redact", id="personal wins over public"),
        pytest.param({"PUBLIC.WEB.LINK", "PII"}, "PII", "redact", id="however specific"),
        pytest.param({"PII.A", "PII.B"}, "PII.A", "redact", id="of two alike always the same"),
    ],
)
def test_one_tag_decides(tags: set[str], tag: str, verb: str) -> None:
    chosen = treatment_of(tags, TREAT)

    assert chosen is not None
    assert (chosen[0], chosen[1].verb) == (tag, verb)


@pytest.mark.parametrize("tags", [set(), {"OTHER"}])
def test_without_an_entry_no_tag_decides(tags: set[str]) -> None:
    assert treatment_of(tags, TREAT) is None

from __future__ import annotations

from collections import Counter

import pytest

from pipelines.detectors import DETECTORS
from pipelines.errors import ConfigError
from pipelines.privacy.scan import Scan
from pipelines.reference.page import Page
from pipelines.reference.pages import all_pages, found
from pipelines.settings import Settings
from pipelines.steps import STEPS
from pipelines.treatments import TREATMENTS

PAGES = all_pages()


def test_everything_that_has_a_name_has_one_page() -> None:
    kinds = Counter(page.kind for page in PAGES)
    assert kinds["step"] == len(STEPS)
    assert kinds["treatment"] == len(TREATMENTS)
    assert kinds["setting"] == len(Settings.model_fields)
    assert {page.name for page in PAGES if page.kind == "entity"} >= {
        one.entity for one in DETECTORS
    }
    named = Counter((page.kind, page.name) for page in PAGES)
    assert [name for name, count in named.items() if count > 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.kind} {page.name}")
def test_a_page_says_what_it_is_about(page: Page) -> None:
    assert page.summary.endswith((".", ")"))
    assert len(page.summary) > 10
    assert page.markdown.startswith(f"# {page.name}\n")
    assert page.markdown.count("```") % 2 == 0


def test_a_page_is_found_by_its_name_or_its_kind_and_name() -> None:
    assert [page.kind for page in found(PAGES, ("remove",))] == ["step", "treatment"]
    assert [page.kind for page in found(PAGES, ("Step", "remove"))] == ["step"]
    assert found(PAGES, ("email_address",))[0].name == "EMAIL_ADDRESS"


def test_what_has_no_page_is_told_with_what_is_near() -> None:
    with pytest.raises(ConfigError, match="no page `remov`; did you mean `remove`"):
        found(PAGES, ("remov",))
    with pytest.raises(ConfigError, match="lists all"):
        found(PAGES, ("zzzzzz",))


def test_a_document_is_told_down_to_its_last_field() -> None:
    test, pipeline = (found(PAGES, ("document", name))[0].body for name in ("test", "pipeline"))
    for field in ("`not_anywhere`", "`times`", "`match`", "`preview`"):
        assert field in test
    for field in ("`max_record`", "`compatibility`", "`stop_above`", "`destinations`"):
        assert field in pipeline


def test_what_is_told_as_not_found_is_found_by_no_detector_of_the_entity() -> None:
    scan = Scan()
    for page in (one for one in PAGES if one.kind == "entity"):
        for line in page.body.splitlines():
            if line.startswith("Not found: `"):
                for text in line.removeprefix("Not found: `").removesuffix("`").split("`, `"):
                    assert page.name not in {one.entity for one in scan.find(text)}, text

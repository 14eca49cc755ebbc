from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.record import Record
from pipelines.steps.route import Route

if TYPE_CHECKING:
    from tests.steps.conftest import Bench


def _route(to: str, *, copy: bool = False) -> Route:
    return Route.model_validate({"id": "r", "to": to, "copy": copy})


def _routed(bench: Bench, *routes: Route) -> Record:
    record = Record({})
    for route in routes:
        assert route.build(bench)(record) is None
    return record


def test_the_first_route_that_holds_wins(bench: Bench) -> None:
    assert _routed(bench, _route("eu"), _route("us")).destination == "eu"


def test_a_copy_goes_beside_the_record(bench: Bench) -> None:
    record = _routed(bench, _route("audit", copy=True), _route("eu"), _route("late", copy=True))

    assert record.destination == "eu"
    assert record.copies == ("audit", "late")


def test_a_topic_gets_one_copy(bench: Bench) -> None:
    assert _routed(bench, _route("audit", copy=True), _route("audit", copy=True)).copies == (
        "audit",
    )


def test_both_kinds_are_destinations() -> None:
    assert _route("eu").destinations() == ("eu",)
    assert _route("audit", copy=True).destinations() == ("audit",)

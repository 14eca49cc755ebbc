from __future__ import annotations

from pipelines.engine.coordinates import Coordinates
from pipelines.runtime.evidence import Evidence
from pipelines.runtime.ledger import Partition

CLEAN, OTHER = Partition("clean", 0), Partition("clean", 1)


def evidence(*arrived: int, ends: int = 10) -> Evidence:
    """Return what is known when these offsets arrived, in this order."""
    made = Evidence("raw", {0: ends})
    for place, offset in enumerate(arrived):
        made.found(CLEAN, place, Coordinates("raw", 0, offset, 0))
    return made


def faults(made: Evidence, *, may_double: bool = False) -> dict[str, list[str]]:
    return {name: fault.places for name, fault in made.faults(may_double=may_double)}


def test_what_arrived_once_and_in_order_holds() -> None:
    made = evidence(0, 2, 5)
    for offset in range(6):
        made.wanted(0, offset, {"clean"} if offset in {0, 2, 5} else set())
    assert faults(made) == {}
    assert (made.expected, made.published, made.arrived, made.elsewhere) == (6, 3, 3, 0)


def test_what_arrived_nowhere_is_lost() -> None:
    made = evidence(0)
    made.wanted(0, 0, {"clean"})
    made.wanted(0, 1, {"clean"})
    assert faults(made) == {"lost": ["raw[0]@1"]}


def test_what_is_not_committed_may_be_on_its_way() -> None:
    made = evidence(0, ends=1)
    made.wanted(0, 1, {"clean"})
    made.wanted(7, 0, {"clean"})
    assert faults(made) == {}
    assert made.expected == 0


def test_a_dead_letter_is_an_arrival() -> None:
    made = evidence()
    made.found_letter("dead", 0, 3)
    made.wanted(0, 3, {"dead"})
    assert faults(made) == {}
    assert made.elsewhere == 0


def test_another_end_than_declared_now_is_no_loss() -> None:
    made = evidence(3)
    made.found_letter("dead", 0, 4)
    made.wanted(0, 3, set())
    made.wanted(0, 4, {"clean"})
    assert faults(made) == {}
    assert made.elsewhere == 2


def test_a_double_is_told_unless_it_may_be() -> None:
    made = evidence(0, 1, 0, 1)
    assert faults(made) == {"doubled": ["clean[0]@2", "clean[0]@3"]}
    assert faults(made, may_double=True) == {}
    assert made.reordered.count == 0


def test_copies_in_two_topics_are_no_doubles() -> None:
    made = evidence(0)
    made.found(Partition("copy", 0), 0, Coordinates("raw", 0, 0, 1))
    made.wanted(0, 0, {"clean", "copy"})
    assert faults(made) == {}
    assert made.elsewhere == 0


def test_what_overtook_its_forerunner_is_told() -> None:
    assert faults(evidence(0, 2, 1)) == {"reordered": ["clean[0]@2"]}


def test_partitions_have_no_order_among_each_other() -> None:
    made = evidence(5)
    made.found(OTHER, 0, Coordinates("raw", 0, 1, 0))
    made.found(CLEAN, 1, Coordinates("raw", 1, 0, 0))
    assert faults(made) == {}


def test_records_of_another_origin_are_counted_and_prove_nothing() -> None:
    made = evidence()
    made.found(CLEAN, 0, None)
    made.found(CLEAN, 1, Coordinates("else", 0, 0, 0))
    assert (made.strange, made.arrived) == (2, 0)


def test_places_are_kept_up_to_a_few() -> None:
    made = evidence(ends=1000)
    for offset in range(500):
        made.wanted(0, offset, {"clean"})
    assert made.lost.count == 500
    assert len(made.lost.places) == 20


def test_what_waits_is_not_lost_and_who_passes_by_reorders_nothing() -> None:
    made = evidence(5)
    made.found(CLEAN, 1, Coordinates("raw", 0, 2, 0), b"settle")
    made.found_waiting(0, 3)
    for offset in (2, 3, 5):
        made.wanted(0, offset, {"clean"})
    assert faults(made) == {}
    assert (made.waiting, made.published) == (1, 2)
    made.found(CLEAN, 2, Coordinates("raw", 0, 1, 0), b"settle")
    assert faults(made) == {"reordered": ["clean[0]@2"]}


def test_what_a_throttle_may_have_dropped_is_not_lost() -> None:
    made = Evidence("raw", {0: 10}, may_drop=True)
    made.wanted(0, 0, {"clean"})
    assert faults(made) == {}
    assert made.elsewhere == 1

"""Every scenario, by its name in the fault matrix."""

from __future__ import annotations

from tests.faults import changes, contents, delays, kills, leaders, networks, pressure
from tests.faults.checker import Mode
from tests.faults.scenario import Scenario

SCENARIOS = (
    Scenario("F1", "killed at each failpoint", kills.killed_at_each_failpoint),
    Scenario("F1-raise", "failing at each failpoint", kills.failing_at_each_failpoint),
    Scenario("F1-late", "waiting and standing still at each", kills.late_at_each_failpoint),
    Scenario("F1-random", "killed at random", kills.killed_at_random),
    Scenario("F2", "SIGTERM under load", kills.terminated_under_load),
    Scenario(
        "F3", "SIGTERM, nothing is taken", kills.terminated_while_nothing_is_taken, network=True
    ),
    Scenario("F4", "brokers restart", networks.restarted_brokers),
    Scenario(
        "F5", "late ends, killed brokers", networks.killed_brokers_and_late_ends, network=True
    ),
    Scenario("leaders", "killed leaders of three", leaders.killed_leaders, cluster=True),
    Scenario("F6", "cut off, one way and both", networks.cut_off, rate=300, network=True),
    Scenario("F7", "slow, narrow, broken network", networks.slow_and_broken_network, network=True),
    Scenario("F10", "poison", contents.poison),
    Scenario("F11", "dead letters refused", networks.refused_dead_letters),
    Scenario("F12", "registry down", contents.registry_down),
    Scenario("F14", "members come and go", changes.members_that_come_and_go),
    Scenario("F15", "zombie", kills.woken_up_after_it_was_replaced),
    Scenario("F16", "clock jumps", changes.clocks_that_jump),
    Scenario("F17", "twice from upstream", contents.twice_from_upstream),
    Scenario("F18", "declarations change", changes.changed_declarations),
    Scenario(
        "F19", "oversized", contents.oversized, topics={"max_message_bytes": str(12 * 1024**2)}
    ),
    Scenario("F23", "topics change", networks.changed_topics),
    Scenario(
        "F24",
        "no more memory",
        kills.without_memory,
        topics={"max_message_bytes": str(12 * 1024**2)},
    ),
    Scenario("F25", "two releases", changes.two_releases),
    Scenario("F26", "nobody listens", changes.nobody_listens),
    Scenario("stall", "slow destination", pressure.stalled_destination, network=True),
    Scenario("long", "work longer than a session", pressure.long_work),
    Scenario("late", "records that wait", delays.late),
    Scenario("hot", "one hot partition", pressure.hot_partition),
)

SHORT: dict[str, tuple[Mode, ...]] = {
    "F1": ("exactly_once",),
    "F2": ("at_least_once",),
    "F10": ("at_least_once",),
}
"""What runs with every change, in a minute or two: tests/integration has the rest."""

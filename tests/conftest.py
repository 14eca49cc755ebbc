"""Real Kafka and a real schema registry for every test that asks, once per session."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator

import pytest
from hypothesis import settings

from pipelines.embedded.registry import EmbeddedRegistry
from tests.support.broker import Broker, Kind, chosen, opened
from tests.support.traffic import Traffic

_REAL_KAFKA = {"kafka", "kafka_bootstrap", "traffic"}
_CHOSEN = pytest.StashKey[tuple[Kind, str]]()

settings.register_profile("default", deadline=None)  # a loaded machine is no failure
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _REAL_KAFKA.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.kafka)


def pytest_configure(config: pytest.Config) -> None:
    try:
        config.stash[_CHOSEN] = chosen()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Measure nothing where a test says `no_cover`, in processes of xdist too.

    There coverage was started twice, as in every child process and by pytest-cov: which ends its
    own, and the other goes on.
    """
    tracer = sys.gettrace()
    if item.get_closest_marker("no_cover"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


def pytest_report_header(config: pytest.Config) -> str:
    kind, why = config.stash[_CHOSEN]
    return f"kafka: {kind} ({why})"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what the environment says to workers, and what it says to this suite."""
    for name in [one for one in os.environ if one.startswith("CLEARWATER_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def _broker(pytestconfig: pytest.Config) -> Iterator[Broker]:
    kind, _ = pytestconfig.stash[_CHOSEN]
    broker = opened(kind, _say(pytestconfig))
    yield broker
    broker.close()


@pytest.fixture(scope="session")
def kafka_bootstrap(_broker: Broker) -> str:
    """The address of a real Kafka, `127.0.0.1:port`."""
    return _broker.bootstrap


@pytest.fixture
def kafka(_broker: Broker) -> Iterator[Broker]:
    """The broker itself, to stop, kill and start; it runs again when the test is over."""
    yield _broker
    _broker.start()


@pytest.fixture
def traffic(kafka_bootstrap: str) -> Traffic:
    """Make topics, write to them and read them: `topic`, `produce`, `consume`, `read_all`."""
    return Traffic(kafka_bootstrap)


@pytest.fixture(scope="session")
def schema_registry_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The base URL of a real schema registry, Confluent's API, compatibility BACKWARD."""
    with EmbeddedRegistry(say=_say(pytestconfig)) as registry:
        yield registry.url


def _say(config: pytest.Config) -> Callable[[str], None]:
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    return reporter.write_line

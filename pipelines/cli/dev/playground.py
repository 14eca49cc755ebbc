"""Playground: an embedded broker with topics, samples and a worker - for `demo` and `dev`."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx
from prometheus_client.parser import text_string_to_metric_families

from pipelines.cli.trial.records import parsed_line, trial_of
from pipelines.cli.workspace import Workspace
from pipelines.embedded.java import Say
from pipelines.embedded.kafka import EmbeddedKafka
from pipelines.embedded.loopback import free_ports
from pipelines.embedded.registry import EmbeddedRegistry
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from pipelines.errors import ClearwaterError
from pipelines.keyring import FolderKeyring, create_key
from pipelines.runtime.produce import Outgoing, produce
from pipelines.runtime.topics import ensure_topics
from pipelines.telemetry.catalogue import FATES, PIPELINE_INFO

PARTITIONS = 4
_START_SECONDS = 180.0  # on a machine with many at work
_STOP_SECONDS = 60.0


class Playground:
    """Everything a folder of pipelines needs to run on this machine alone. A context manager.

    Attributes:
        kafka: The embedded broker.
        client: Connection arguments of an aiokafka client.
        environment: Environment of the worker, and of commands to try by hand.
    """

    def __init__(self, folder: Path, say: Say, *, with_registry: bool) -> None:
        """Start nothing yet.

        Args:
            folder: The pipelines.
            say: Takes lines of progress.
            with_registry: Run a schema registry too, instead of reading the schemas' folder.
        """
        self._folder = folder
        self._say = say
        self._stack = ExitStack()
        self._worker: subprocess.Popen[bytes] | None = None
        self._port = free_ports(1)[0]
        self.kafka = EmbeddedKafka(say=say)
        self._registry = EmbeddedRegistry(say=say) if with_registry else None
        self.client: dict[str, Any] = {"bootstrap_servers": self.kafka.bootstrap}
        temporary = tempfile.TemporaryDirectory(prefix="clearwater-keys-")
        self._keys = Path(self._stack.enter_context(temporary))
        self.log = self._keys / "worker.log"
        self.environment = {
            "CLEARWATER_BROKERS": self.kafka.bootstrap,
            "CLEARWATER_GROUP": "playground",
            "CLEARWATER_KEYS": str(self._keys),
            "CLEARWATER_HTTP_PORT": str(self._port),
            "CLEARWATER_RELOAD_INTERVAL": "500ms",  # somebody waits for it
        }
        if self._registry is not None:
            self.environment["CLEARWATER_SCHEMA_REGISTRY"] = self._registry.url

    def __enter__(self) -> Self:
        try:
            self._stack.enter_context(self.kafka)
            if self._registry is not None:
                self._stack.enter_context(self._registry)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_worker()
        self._stack.close()

    def make_keys(self, names: set[str]) -> None:
        """Make the keys that are needed and not there yet, for this playground only."""
        for name in sorted(names.difference(FolderKeyring(self._keys).names())):
            create_key(self._keys, name)

    def make_topics(self, workspace: Workspace) -> int:
        """Make every topic that is missing; return how many were made."""
        pipelines = [one.model for one in workspace.project.pipelines.values()]
        ensure = ensure_topics(pipelines, self.client, partitions=PARTITIONS, replication=1)
        return sum(one.state == "made" for one in asyncio.run(ensure))

    def feed(self, plan: Plan, file: Path) -> int:
        """Produce a sample file to a pipeline's source; return how many records it holds."""
        outgoing = (
            Outgoing(
                one.key,
                one.value,
                one.headers,
                one.timestamp,
                None if one.key else one.offset % PARTITIONS,
            )
            for one in sample_records(plan, file)
        )
        topic = plan.blueprint.pipeline.source.topic
        return asyncio.run(produce(topic, outgoing, self.client))

    def start_worker(self) -> None:
        """Start a worker process and wait until it takes part.

        Raises:
            ClearwaterError: It does not; with the end of its log.
        """
        command = [sys.executable, "-m", "pipelines", "run", str(self._folder)]
        environment = {
            **os.environ,
            **self.environment,
            "CLEARWATER_LOG_FORMAT": "console",
            "CLEARWATER_SUPERVISOR": str(os.getpid()),  # it ends when this process does
        }
        with self.log.open("ab") as sink:
            self._worker = subprocess.Popen(
                command,
                env=environment,
                stdout=sink,
                stderr=sink,
                start_new_session=True,  # Ctrl-C is for this process, which then stops the worker
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self.readiness().get("ok"):
            if self._worker.poll() is not None or time.monotonic() > deadline:
                end = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise ClearwaterError(f"the worker does not start; its log ends:\n{end}")
            time.sleep(0.05)

    def stop_worker(self) -> int:
        """Stop the worker in order; return its exit code."""
        if self._worker is None:
            return 0
        if self._worker.poll() is None:
            self._worker.send_signal(signal.SIGTERM)
        code = self._worker.wait(_STOP_SECONDS)
        self._worker = None
        return code

    def fates(self) -> dict[tuple[str, str, str, str], int]:
        """Return records by pipeline, fate, step and reason, from the worker's metrics.

        Raises:
            ClearwaterError: The worker has ended; with the end of its log.
        """
        return {
            (labels["pipeline"], labels["fate"], labels["step"], labels["reason"]): int(value)
            for labels, value in self._metric(FATES.name)
        }

    def revisions(self) -> dict[str, str]:
        """Return the revision that runs, by pipeline.

        Raises:
            ClearwaterError: The worker has ended; with the end of its log.
        """
        found = self._metric(PIPELINE_INFO.name)
        return {labels["pipeline"]: labels["revision"] for labels, _ in found}

    def _metric(self, name: str) -> list[tuple[dict[str, str], float]]:
        try:
            text = httpx.get(f"http://127.0.0.1:{self._port}/metrics", trust_env=False).text
        except httpx.HTTPError:
            end = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise ClearwaterError(f"the worker has ended; its log ends:\n{end}") from None
        families = text_string_to_metric_families(text)
        samples = [one for family in families for one in family.samples if one.name == name]
        return [(one.labels, one.value) for one in samples]

    def readiness(self) -> dict[str, Any]:
        """Return what the worker says of itself; nothing while it does not answer."""
        try:
            url = f"http://127.0.0.1:{self._port}/readyz"
            found: dict[str, Any] = httpx.get(url, trust_env=False, timeout=1).json()
        except (httpx.HTTPError, ValueError):
            return {}
        return found


def sample_records(plan: Plan, file: Path) -> Iterator[TrialRecord]:
    """Yield the records of a sample file as raw records of the pipeline's source.

    Each has a timestamp of its own, a millisecond after the one before.
    """
    _, encode = trial_of(plan)
    start = int(time.time() * 1000)
    for number, line in enumerate(file.read_bytes().splitlines()):
        given = parsed_line(line, plan, bare=False)
        if not given.timestamp:
            given = given.model_copy(update={"timestamp": start + number})
        yield encode(given, number)

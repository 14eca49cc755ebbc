"""Checkup: what a worker needs outside of itself, looked at one by one. Changes nothing."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import stat
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    KafkaError,
)

from pipelines.declaration.pipeline import Pipeline
from pipelines.errors import ClearwaterError
from pipelines.quantity import counted
from pipelines.retry import COORDINATOR
from pipelines.runtime.expiry import expiries
from pipelines.runtime.security import client_arguments
from pipelines.runtime.topics import needed
from pipelines.settings import Settings, variable
from pipelines.wire.registry import Registry

State = Literal["good", "warning", "bad"]

_FILES = 1024  # of connections: several to each broker, and one more for each partition
_SOON_SECONDS = 14 * 86_400.0
_SKEW_SECONDS = 5.0
_CONNECT_SECONDS = 5.0
_DEFAULT_MESSAGE_BYTES = 1_048_588


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What.
        state: How it is.
        text: What was seen; where it is not good, what to do.
    """

    subject: str
    state: State
    text: str


def machine(settings: Settings, now: float) -> Iterator[Finding]:
    """Yield what this machine and its files say.

    Args:
        settings: The process settings.
        now: Seconds since the epoch.
    """
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files < _FILES:
        yield Finding("open files", "warning", f"limit {files}: raise it to {_FILES} (ulimit -n)")
    else:
        yield Finding("open files", "good", f"limit {files}")
    if settings.keys is not None:
        yield from _key_files(settings)
    for name, end in expiries(settings).items():
        days = (end - now) / 86_400
        subject = variable(name)
        if end <= now:
            yield Finding(subject, "bad", f"ended {-days:.1f} days ago: replace it")
        elif end - now < _SOON_SECONDS and "token" not in name:
            yield Finding(subject, "warning", f"ends in {days:.1f} days: replace it")
        else:
            yield Finding(subject, "good", f"ends in {days:.1f} days")


def _key_files(settings: Settings) -> Iterator[Finding]:
    folder = settings.keys
    if folder is None or not folder.is_dir():
        yield Finding("keys", "bad", f"{folder}: no such folder; `clearwater keys create` makes it")
        return
    files = sorted(folder.glob("*.key"))
    unguarded = [one.name for one in files if one.stat().st_mode & stat.S_IROTH]
    if unguarded:
        yield Finding(
            "keys", "warning", f"everybody may read {', '.join(unguarded)}: chmod o-r them"
        )
    else:
        yield Finding("keys", "good", f"{len(files)} in {folder}")


async def brokers(settings: Settings, pipelines: Sequence[Pipeline]) -> AsyncIterator[Finding]:
    """Yield what the brokers say: reach, login, topics, sizes, the group."""
    for address in settings.brokers:
        yield await _reached(address)
    client = client_arguments(settings) | {"request_timeout_ms": 10_000}
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
        count = len(cluster["brokers"])
        state: State = "good" if count > 2 else "warning"  # noqa: PLR2004 - of which one may fail
        advice = "" if count > 2 else ": fewer than three lose records with one"  # noqa: PLR2004
        yield Finding("cluster", state, f"{counted(count, 'broker')}, login good{advice}")
        described = {one["topic"]: one for one in await admin.describe_topics()}
        for pipeline in pipelines:
            for finding in _topics(pipeline, described):
                yield finding
        outputs = {
            topic
            for pipeline in pipelines
            for topic, role in needed(pipeline)
            if role != "source" and topic in described
        }
        async for finding in _sizes(admin, sorted(outputs), settings.max_batch_bytes):
            yield finding
        yield await _group(admin, settings.group)
    except KafkaError as error:
        yield Finding(
            "cluster",
            "bad",
            f"{type(error).__name__}: is {variable('security_protocol')} what the listener speaks, "
            "and the login one that it knows?",
        )
    finally:
        await admin.close()


async def _reached(address: str) -> Finding:
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except (OSError, TimeoutError) as error:
        said = "no answer"
        if isinstance(error, socket.gaierror):
            said = str(error.strerror)
        elif error.errno:
            said = os.strerror(error.errno)
        return Finding(address, "bad", f"{said}: is the name right, and the way open?")
    writer.close()
    return Finding(address, "good", "answers")


def _topics(pipeline: Pipeline, described: Mapping[str, Any]) -> Iterator[Finding]:
    for topic, role in needed(pipeline):
        subject = f"{role.replace('_', ' ')} {topic}"
        found = described.get(topic)
        if found is None or found["error_code"]:
            yield Finding(
                subject,
                "bad",
                "not there (`topics ensure`), or not shown to us (`acls print`)",
            )
            continue
        parts = found["partitions"]
        leaderless = sum(one["leader"] < 0 for one in parts)
        thin = sum(len(one["isr"]) < len(one["replicas"]) for one in parts)
        if leaderless:
            yield Finding(subject, "bad", f"{leaderless} of {len(parts)} partitions have no leader")
        elif thin:
            yield Finding(subject, "warning", f"{thin} of {len(parts)} partitions lack replicas")
        else:
            yield Finding(subject, "good", counted(len(parts), "partition"))


async def _sizes(admin: Any, topics: Sequence[str], batch: int) -> AsyncIterator[Finding]:
    """Yield the topics that take less than we send."""
    wanted = [ConfigResource(ConfigResourceType.TOPIC, one) for one in topics]
    for answer in await admin.describe_configs(wanted) if wanted else ():
        for resource_ in answer.resources:
            error, _, _, topic, entries = resource_[:5]
            if error:
                yield Finding(topic, "warning", "its configuration is not shown to us")
                continue
            values = {entry[0]: entry[1] for entry in entries}
            most = int(values.get("max.message.bytes") or _DEFAULT_MESSAGE_BYTES)
            if most < batch:
                yield Finding(
                    topic,
                    "bad",
                    f"takes {most} bytes, we send up to {batch}: lower "
                    f"{variable('max_batch_bytes')} or raise max.message.bytes",
                )


async def _group(admin: Any, group: str) -> Finding:
    subject = f"group {group}"
    try:
        await COORDINATOR.awaiting(GroupCoordinatorNotAvailableError)(admin.find_coordinator, group)
        (described,) = await admin.describe_consumer_groups([group])
    except GroupAuthorizationFailedError:
        return Finding(subject, "bad", "not shown to us: `clearwater acls print`")
    except GroupCoordinatorNotAvailableError:
        return Finding(subject, "warning", "its coordinator is not there yet: look again soon")
    error, _, state, *_, members = described.groups[0][:6]
    if error:
        return Finding(subject, "bad", "not shown to us: `clearwater acls print`")
    return Finding(subject, "good", f"{state or 'Empty'}, {counted(len(members), 'member')}")


def registry(
    held: Registry | None, settings: Settings, pipelines: Iterable[Pipeline], now: float
) -> Iterator[Finding]:
    """Yield what the schema registry says, and whether its clock is ours.

    Args:
        held: The registry of the settings, if there is one.
        settings: The process settings.
        pipelines: Whose sources' schemas are asked for.
        now: Seconds since the epoch.
    """
    if held is None:
        return
    try:
        for pipeline in pipelines:
            if pipeline.source.value == "avro":
                subject = f"{pipeline.source.topic}-value"
                number, _ = held.latest(subject)
                yield Finding(f"schema {subject}", "good", f"id {number}")
    except ClearwaterError as error:
        yield Finding("schema registry", "bad", str(error))
    if settings.schema_registry is not None and "://" in settings.schema_registry:
        yield from _clock(settings.schema_registry, now)


def _clock(url: str, now: float) -> Iterator[Finding]:
    try:
        said = httpx.get(url, timeout=_CONNECT_SECONDS).headers.get("date", "")
        theirs = parsedate_to_datetime(said).timestamp()
    except (httpx.HTTPError, ValueError):
        return
    skew = theirs - now
    if abs(skew) > _SKEW_SECONDS:
        yield Finding(
            "clock", "warning", f"{skew:+.0f} s from the registry's: tokens and delays go by it"
        )
    else:
        yield Finding("clock", "good", f"within {_SKEW_SECONDS:g} s of the registry's")

# ruff: noqa: INP001 - a script that runs in our image
"""What `compose.yaml` needs beside a worker: keys, schemas, and records to work on.

`sample.py prepare FOLDER` makes the keys that the pipelines name and are missing, and registers
the schemas of `FOLDER/schemas`. `sample.py produce FOLDER` writes `FOLDER/samples/PIPELINE.jsonl`
to each source topic over and over, some records a second, until it is stopped.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

import httpx
from aiokafka import AIOKafkaProducer

from pipelines.cli.dev.playground import sample_records
from pipelines.cli.workspace import Workspace
from pipelines.declaration.check import keys_needed
from pipelines.declaration.project import load
from pipelines.engine.plan import Plan
from pipelines.keyring import create_key
from pipelines.runtime.assembly import schema_folder
from pipelines.runtime.security import client_arguments
from pipelines.settings import Settings, load_settings
from pipelines.wire.file_registry import FileRegistry
from pipelines.wire.registry import HttpRegistry

PER_SECOND = 50


def prepare(folder: Path, settings: Settings) -> None:
    """Make keys and register schemas; what is there stays."""
    project = load(folder)
    names = {name for one in project.pipelines.values() for name in keys_needed(project, one.model)}
    for name in sorted(names):
        if settings.keys is not None and not (settings.keys / f"{name}.key").exists():
            sys.stdout.write(f"made {create_key(settings.keys, name)}\n")
    beside = schema_folder(folder)
    if beside is not None and settings.schema_registry is not None:
        config = httpx.put(f"{settings.schema_registry}/config", json={"compatibility": "BACKWARD"})
        config.raise_for_status()
        files, registry = FileRegistry(beside), HttpRegistry(settings.schema_registry)
        for file in sorted(beside.glob("*.avsc")):
            registry.register(file.stem, files.latest(file.stem)[1])
            sys.stdout.write(f"registered {file.stem}\n")
        registry.close()


async def produce(folder: Path, settings: Settings) -> None:
    """Write sample records to every source, for ever."""
    plans = Workspace.open(folder, settings).sound().plans
    async with AIOKafkaProducer(**client_arguments(settings), linger_ms=5) as producer:
        fed = {name: folder / "samples" / f"{name}.jsonl" for name in plans}
        feeds = [_feed(producer, plans[name], file) for name, file in fed.items() if file.is_file()]
        sys.stdout.write(f"writing to {len(feeds)} topics, {PER_SECOND} records a second each\n")
        await asyncio.gather(*feeds)


async def _feed(producer: AIOKafkaProducer, plan: Plan, file: Path) -> None:
    for _ in itertools.count():
        for record in sample_records(plan, file):
            await producer.send(
                plan.blueprint.pipeline.source.topic,
                value=record.value,
                key=record.key,
                headers=list(record.headers),
            )
            await asyncio.sleep(1 / PER_SECOND)


def main() -> None:
    """Do what the first argument says."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    settings = load_settings()
    if what == "prepare":
        prepare(folder, settings)
    else:
        asyncio.run(produce(folder, settings))


if __name__ == "__main__":
    main()

"""`clearwater scan`: which fields of a topic or file hold what, before there is a pipeline."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from pipelines.cli.commands.tail import Format, decoded
from pipelines.cli.output import Json, err, out, print_json, print_table
from pipelines.cli.proposal.samples import Samples, read_samples
from pipelines.errors import ConfigError, RecordError
from pipelines.profile.field_profile import FieldProfile
from pipelines.profile.profile import Profile
from pipelines.profile.proposal import Source, entity_of, keys_needed, pipeline_yaml, policy_yaml
from pipelines.quantity import counted
from pipelines.runtime.assembly import registry_from
from pipelines.runtime.browse import Browsed, browse
from pipelines.runtime.security import client_arguments
from pipelines.settings import load_settings

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def scan(
    source: Annotated[str, typer.Argument(help="A file, or a topic.")],
    records: Annotated[int, typer.Option(min=1, help="Most records to look at.")] = 10_000,
    value: Annotated[Format, typer.Option(help="How a topic's values are encoded.")] = "auto",
    write: Annotated[
        Path | None,
        typer.Option("--write", help="Folder for the proposed pipeline and policy."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Say which fields hold personal data and secrets, and propose a pipeline.

    A file may hold JSON (lines, a list), CSV, Avro or text, also in .gz. No value is shown:
    examples have every letter as `x` and every digit as `0`.

    Example: clearwater scan events.jsonl --write pipelines/
    """
    profile = Profile()
    if Path(source).is_file():
        described = _of_file(Path(source), records, profile)
    elif "/" in source or source.endswith(
        (".json", ".jsonl", ".csv", ".log", ".txt", ".gz", ".avro")
    ):
        raise ConfigError(f"{source}: there is no such file")
    else:
        described = _of_topic(source, records, value, profile)
    if as_json:
        print_json(_as_json(profile))
    else:
        _show(profile, source)
    if write is not None:
        _write(write, profile, described)
    elif not as_json:
        err.print(f"write a proposed pipeline and policy: clearwater scan {source} --write DIR")


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(scan)


def _of_file(file: Path, records: int, profile: Profile) -> Source:
    samples: Samples = read_samples(file, records)
    for one in _tracked(samples.values, file.name):
        profile.add(one)
    if samples.unreadable:
        err.print(f"{samples.unreadable} lines are not what the others are: left out")
    stem = _UNSAFE.sub("-", file.name.split(".")[0]) or "topic"
    # a container's schema is not in a registry: its records would be JSON in a topic
    kind = "json" if samples.value == "avro" else samples.value
    return Source(f"{stem}.raw", kind, samples.line_format)


def _of_topic(topic: str, records: int, value: Format, profile: Profile) -> Source:
    settings = load_settings()
    registry = registry_from(settings, Path.cwd())
    kinds: set[str] = set()
    unreadable = 0

    async def read() -> list[Browsed]:
        found = []
        client = client_arguments(settings)
        async for browsed in browse(topic, client, last=records):
            found.append(browsed)
            if len(found) >= records:
                break
        return found

    for browsed in _tracked(asyncio.run(read()), topic):
        try:
            inner = decoded(browsed.value, registry, value)
        except RecordError:
            unreadable += 1
            continue
        if inner is None:
            continue
        kinds.add(_kind(browsed, inner))
        headers = list(browsed.headers)
        key = None if browsed.key is None else browsed.key.decode("utf-8", "replace")
        profile.add({"line": inner} if isinstance(inner, str) else inner, key, headers)
    if unreadable:
        err.print(f"{unreadable} records could not be decoded: left out", style="yellow")
    if not profile.records:
        raise ConfigError(f"topic `{topic}` holds no record that can be read")
    return Source(topic, kinds.pop() if len(kinds) == 1 else "json")


def _kind(browsed: Browsed, value: object) -> str:
    if isinstance(value, str) and not (browsed.value or b"").startswith(b'"'):
        return "text"
    return "avro" if (browsed.value or b"").startswith(b"\0") else "json"


def _tracked(values: Any, name: str) -> Iterator[Any]:
    if err.is_terminal:
        yield from track(values, description=f"scanning {name}", console=err)
    else:
        yield from values


def _show(profile: Profile, source: str) -> None:
    fields = list(profile.fields())
    rows = [row for path, field in fields for row in _rows(path, field)]
    if rows:
        columns = ("field", "entity", "in values", "sure", "looks like", "different")
        print_table(
            f"{source}: what was found in {counted(profile.records, 'record')}", columns, rows
        )
        out.print(_summary([field for _, field in fields if field.found]))
    else:
        out.print(f"{source}: nothing was found in {counted(profile.records, 'record')}")
    quiet = [f"{path} ({_kinds(field)})" for path, field in fields if not field.found]
    if quiet:
        out.print(f"nothing found in: {', '.join(quiet)}", markup=False)


def _summary(found: list[FieldProfile]) -> str:
    """Say what the fields in which something was found ask for."""
    whole = sum(entity_of(field) is not None for field in found)
    inside = len(found) - whole
    told = []
    if whole:
        told.append(f"{_fields(whole)} nothing else: each gets a rule of its own")
    if inside:
        told.append(f"{_fields(inside)} it among other text: the text scan treats it there")
    return "; ".join(told)


def _fields(count: int) -> str:
    return "1 field holds" if count == 1 else f"{count} fields hold"


def _rows(path: str, field: FieldProfile) -> Iterator[tuple[object, ...]]:
    ordered = sorted(field.found.items(), key=lambda one: -one[1].values)
    for entity, found in ordered:
        part = field.share(entity)
        share = "<1%" if part < 0.01 else f"{part:.0%}"  # noqa: PLR2004 - a hundredth
        where = share if field.is_all(entity) else f"{share}, in text"
        yield path, entity, where, f"{found.score:.2f}", found.example, field.distinct


def _kinds(field: FieldProfile) -> str:
    return ", ".join(kind for kind, _ in field.kinds.most_common(3))


def _as_json(profile: Profile) -> dict[str, object]:
    return {
        "records": profile.records,
        "fields": [
            {
                "path": path,
                "values": field.values,
                "types": dict(field.kinds),
                "distinct": field.distinct,
                "found": [
                    {
                        "entity": entity,
                        "values": found.values,
                        "share": round(field.share(entity), 4),
                        "score": round(found.score, 3),
                        "whole": field.is_all(entity),
                        "shape": found.example,
                    }
                    for entity, found in field.found.items()
                ],
            }
            for path, field in profile.fields()
        ],
    }


def _write(folder: Path, profile: Profile, source: Source) -> None:
    files = {
        folder / f"{source.name}.yaml": pipeline_yaml(profile, source),
        folder / "policies" / f"{source.name}.yaml": policy_yaml(source),
    }
    there = [file for file in files if file.exists()]
    if there:
        raise ConfigError(f"{there[0]} is there already: move it away, or write to another folder")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        err.print(f"wrote {file}")
    names = " ".join(keys_needed(profile, source))
    err.print(f"next: clearwater keys create {names} --keys KEYS; clearwater check {folder}")

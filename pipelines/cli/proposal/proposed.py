"""Proposed: the files of a new pipeline, tried out before any of them is written."""

from __future__ import annotations

import json as plain_json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from pipelines.cli.cases.runs import run_tests
from pipelines.cli.cases.writing import cases_from, yaml_of
from pipelines.cli.proposal.schema_sample import sample_records
from pipelines.cli.workspace import Workspace
from pipelines.declaration.cases import Given
from pipelines.errors import ConfigError
from pipelines.privacy.scan import Scan
from pipelines.profile.profile import Profile
from pipelines.profile.proposal import Source, keys_needed, pipeline_yaml, policy_yaml
from pipelines.settings import load_settings
from pipelines.wire import json
from pipelines.wire.avro_shape import shape_of

_MOST = 2_000  # samples that tests are made from
_TAGGED = {"EMAIL": "hash", "PHONE": "hash", "CARD": "mask", "IBAN": "mask"}


@dataclass(slots=True)
class Proposed:
    """A new pipeline.

    Attributes:
        source: What it reads.
        files: What to write, by path below the folder.
        keys: Names of the keys it needs.
        tests: How many tests it has.
    """

    source: Source
    files: dict[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    tests: int = 0


def propose(
    source: Source,
    samples: Sequence[Given],
    schema: Any,
    *,
    parsed: Sequence[Any] = (),
    owner: str = "",
    policy: str = "",
    folder: Path,
) -> Proposed:
    """Return a pipeline with policy, tests and made-up samples, which passes all of them.

    Args:
        source: What it reads.
        samples: Records as they come; of Avro without any, made-up ones.
        schema: The Avro schema, as parsed JSON.
        parsed: The fields of the records, where a step has to read them from lines first.
        owner: Who answers for it.
        policy: A policy that is in the folder already; empty: a new one.
        folder: Where it will stand.

    Raises:
        ConfigError: The folder holds what is in its way, or what is proposed does not fit it.
    """
    proposed = Proposed(source)
    given = list(samples[:_MOST]) or [Given(value=one) for one in sample_records(schema, Scan())]
    profile = Profile()
    for fields in parsed:
        profile.add(fields)
    for one in () if parsed else given:
        value = {"line": one.value} if isinstance(one.value, str) else one.value
        headers = [(name, text.encode()) for name, text in one.headers.items()]
        profile.add(value, one.key, headers)
    name = source.name
    extra, tags = _of_schema(schema, name) if schema is not None else ({}, {})
    text = pipeline_yaml(profile, source, extra)
    if not samples:
        text = text.replace(text.partition("\n")[0], "# Proposed from the schema: read it.", 1)
    if owner:
        text = text.replace("\nsource:", f"\nowner: {plain_json.dumps(owner)}\nsource:", 1)
    if policy:
        text = text.replace(f"  policy: {name}\n", f"  policy: {policy}\n", 1)
    else:
        proposed.files[f"policies/{name}.yaml"] = policy_yaml(source, tags)
    proposed.files[f"{name}.yaml"] = text
    if schema is not None:
        written = plain_json.dumps(schema, indent=2, ensure_ascii=False)
        proposed.files[f"schemas/{source.topic}-value.avsc"] = f"{written}\n"
    proposed.keys = keys_needed(profile, source)
    if any(f"key: {name}" in one for one in tags.values()):
        proposed.keys = tuple(dict.fromkeys([*proposed.keys, name]))
    _refuse(proposed, folder)
    with tempfile.TemporaryDirectory(prefix="clearwater-init-") as temporary:
        _try_out(proposed, given, Path(temporary), folder)
    return proposed


def write(proposed: Proposed, folder: Path) -> list[Path]:
    """Write the files; return them."""
    written = []
    for name, text in proposed.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        written.append(file)
    return written


def _refuse(proposed: Proposed, folder: Path) -> None:
    for name in proposed.files:
        if (folder / name).exists():
            raise ConfigError(
                f"{folder / name} is there already: move it away, or read another topic"
            )


def _try_out(proposed: Proposed, given: list[Given], trial: Path, folder: Path) -> None:
    """Make tests and samples, and run them where nothing can be broken."""
    if folder.is_dir():
        for name in ("policies", "tables"):
            if (folder / name).is_dir():
                shutil.copytree(folder / name, trial / name)
    write(proposed, trial)
    name = proposed.source.name
    # the keys that it needs are made afterwards
    settings = load_settings().model_copy(update={"keys": None})
    workspace = Workspace.open(trial / f"{name}.yaml", settings).sound()
    now = datetime.now(UTC).replace(microsecond=0)
    cases = cases_from(workspace.plans[name], given, now)
    proposed.tests = len(cases.tests)
    if not cases.tests:
        return
    tests = yaml_of(name, cases, len(given), None)
    proposed.files[f"{name}.test.yaml"] = tests
    lines = [orjson.dumps(one["given"]).decode() for one in cases.tests]
    proposed.files[f"samples/{name}.jsonl"] = "\n".join(lines) + "\n"
    write(replace(proposed), trial)
    failed = run_tests(Workspace.open(trial / f"{name}.yaml", settings, tests=True).sound()).failed
    if failed:
        raise ConfigError(f"the test `{failed[0].result.case}` that was made does not pass")


def _of_schema(schema: Any, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return rules for tagged fields that are no text, and treatments of the schema's tags."""
    rules: dict[str, str] = {}
    tags: dict[str, str] = {}
    for path, shape in shape_of(schema).leaves():
        for tag in sorted(shape.tags):
            if shape.kind != "string":
                if not shape.fields and shape.items is None:
                    rules[path] = f"{{remove: {{}}}}  # tagged {tag}, and no text"
                continue
            last = tag.rpartition(".")[2]
            treatment = _TAGGED.get(last, "redact")
            tags[tag] = {
                "hash": f"{{hash: {{key: {name}}}}}",
                "mask": "{mask: {keep_last: 4}}",
            }.get(treatment, "{redact: {}}")
    return rules, tags


def plain(value: Any) -> Any:
    """Return a decoded value as JSON has it."""
    return json.decode(json.encode(value))

"""Clearwater from Python: load, compile, run, detect, explain; and mount into a Faust app.

What stands in `__all__` is public: it changes only with a word in the changelog.

>>> from pipelines import api
>>> project = api.load(api.EXAMPLES)
>>> plans = api.compile(project, keys=api.TrialKeyring())
>>> plan = plans["ai-prompts"]
>>> message = {"role": "user", "content": "I am ada@example.com"}
>>> record = api.record({"id": "1", "messages": [message]})
>>> outcome = plan.run([record], topic="ai-prompts.raw", partition=0)
>>> [fate.value for (step, fate, reason) in outcome.fates]
['published']
>>> b"ada@" in outcome.outputs["ai-prompts.clean"][0].value
False
>>> [finding.entity for path, finding in api.detect("write to ada@example.com")]
['EMAIL_ADDRESS']
>>> api.explain(plan).source
'ai-prompts.raw'
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import examples
from pipelines.cli.workspace import TrialKeyring
from pipelines.declaration.check import check
from pipelines.declaration.project import Project, load_one
from pipelines.declaration.project import load as load_folder
from pipelines.detector import Finding
from pipelines.engine.explain import Explanation
from pipelines.engine.explain import explain as _explained
from pipelines.engine.outcome import ChunkOutcome, DeadLettered, Output, RawRecord
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialRecord
from pipelines.errors import ClearwaterError, ConfigError, Problem, RecordError
from pipelines.fate import Fate
from pipelines.keyring import FolderKeyring
from pipelines.privacy.scan import Scan
from pipelines.runtime.assembly import assemble, parts_from
from pipelines.runtime.mounted import Mounted
from pipelines.settings import Settings, load_settings
from pipelines.treatment import Keyring
from pipelines.wire import json

__all__ = [
    "EXAMPLES",
    "ChunkOutcome",
    "ClearwaterError",
    "ConfigError",
    "DeadLettered",
    "Explanation",
    "Fate",
    "Finding",
    "FolderKeyring",
    "Keyring",
    "Mounted",
    "Output",
    "Plan",
    "Problem",
    "Project",
    "RawRecord",
    "RecordError",
    "Settings",
    "TrialKeyring",
    "compile",
    "detect",
    "explain",
    "load",
    "mount",
    "record",
]

EXAMPLES = Path(examples.__file__).parent
"""The folder of example pipelines that come with the package."""


def load(path: str | Path) -> Project:
    """Return a folder of declarations, or one pipeline file with what stands beside it.

    Args:
        path: The folder or file.

    Raises:
        ConfigError: Something in it is wrong; `problems` has everything, with file and line.
    """
    path = Path(path)
    project = load_folder(path) if path.is_dir() else load_one(path)
    check(project, None)
    return _sound(project)


def compile(  # noqa: A001 - what it does has no other name, and `api.compile` hides nothing
    project: Project, *, keys: Keyring | None = None, settings: Settings | None = None
) -> dict[str, Plan]:
    """Return the plan of every pipeline, by name, ready to `run` chunks of records.

    Args:
        project: What `load` returned.
        keys: Where treatments get their keys from; None: the folder that the settings name.
        settings: Where the schema registry is, and the keys; None: from the environment.

    Raises:
        ConfigError: A pipeline does not fit its schema, or a key is missing.
        DeliveryError: The schema registry does not answer.
    """
    settings = settings or load_settings()
    plans = assemble(project, parts_from(settings, project.folder, keys or _keys(settings)))
    _sound(project)
    return plans


def record(
    value: object,
    key: bytes | None = None,
    headers: Sequence[tuple[str, bytes]] = (),
    *,
    offset: int = 0,
    timestamp: int = 0,
) -> RawRecord:
    """Return a record as Kafka would hand it over.

    Args:
        value: Bytes as they are, None for a tombstone, or anything that JSON can hold.
        key: Its key.
        headers: Its headers.
        offset: Its offset.
        timestamp: Milliseconds since the epoch.

    Raises:
        RecordError: JSON has no form for the value.
    """
    raw = value if value is None or isinstance(value, bytes) else json.encode(value)
    return TrialRecord(offset, timestamp, key, raw, tuple(headers))


def detect(value: object) -> list[tuple[str, Finding]]:
    """Return what the detectors find in a text or in any JSON value, each with its path.

    Offsets of a finding are in characters of the string at the path; of a bare text the path is
    empty.
    """
    if isinstance(value, str):
        return [("", finding) for finding in _scan().find(value)]
    return _scan().find_in(value)


def explain(plan: Plan) -> Explanation:
    """Return what a pipeline does: its steps in words, and field by field what becomes of it."""
    return _explained(plan.blueprint, plan.newest)


def mount(
    app: Any,
    project: Project,
    *,
    keys: Keyring | None = None,
    settings: Settings | None = None,
) -> Mounted:
    """Run pipelines inside of a Faust app of your own, beside its agents.

    Write `app = faust.App(NAME, broker="clearwater://host:port;host:port")`. The app's own agents
    read other topics than the pipelines, record by record as ever, and their offsets are
    committed once they are done with them; tables need Faust's own transport. Topics have to be
    there (`clearwater topics ensure`); a changed declaration is taken up by a restart. A whole app
    stands in `pipelines/examples/faust_app`.

    Args:
        app: A `faust.App`, not started. Its brokers, login and consumer group count, not those of
            the settings.
        project: What `load` returned.
        keys: Where treatments get their keys from; None: the folder that the settings name.
        settings: Where the schema registry is, and the keys; None: from the environment.

    Raises:
        ConfigError: A pipeline does not fit, or the app is set up so that records would be lost.
        DeliveryError: The schema registry does not answer.
    """
    from pipelines.runtime.mount import mount as mount_plans  # noqa: PLC0415 - Faust is slow to load

    settings = settings or load_settings()
    keys = keys or _keys(settings)
    return mount_plans(app, compile(project, keys=keys, settings=settings), keys, settings)


@cache
def _scan() -> Scan:
    return Scan()


def _keys(settings: Settings) -> Keyring:
    if settings.keys is None:
        raise ConfigError("no keys: hand them over, or set CLEARWATER_KEYS to their folder")
    return FolderKeyring(settings.keys)


def _sound(project: Project) -> Project:
    errors: Sequence[Problem] = project.errors
    if errors:
        raise ConfigError(errors)
    return project

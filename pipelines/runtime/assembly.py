"""From a loaded project and settings to compiled plans; every problem at its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from time import thread_time

from pipelines.declaration.document import Document, Place
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import Declared, Project
from pipelines.engine.blueprint import Blueprint, KeyCodec
from pipelines.engine.plan import Plan
from pipelines.engine.revision import revision
from pipelines.errors import ConfigError, Problem
from pipelines.field_path import FieldPath
from pipelines.keyring import FolderKeyring
from pipelines.ner.models import Models
from pipelines.privacy.canary import refuse_slow
from pipelines.privacy.own_detector import built
from pipelines.privacy.scan import Scan
from pipelines.runtime.tls import trusting
from pipelines.runtime.unused_tags import unused_tags
from pipelines.settings import Settings
from pipelines.table import Table
from pipelines.treatment import Keyring
from pipelines.wire.file_registry import FileRegistry
from pipelines.wire.formats import PipelineWire
from pipelines.wire.keys import key_codec
from pipelines.wire.registry import HttpRegistry, Registry


@dataclass(slots=True)
class Parts:
    """What all pipelines of one process share."""

    keys: Keyring
    registry: Registry | None
    scan: Scan
    models: Models = field(default_factory=Models)


def assemble(project: Project, parts: Parts) -> dict[str, Plan]:
    """Compile every pipeline of the project for the newest schema of its source.

    Problems, warnings included, are added to the project's. Blocking: reads tables, asks the
    registry.

    Returns:
        The plans that compiled, by pipeline name.

    Raises:
        DeliveryError: The registry does not answer.
    """
    plans: dict[str, Plan] = {}
    _try_own_detectors(project)
    broken = _load_models(project, parts.models)
    for name, declared in project.pipelines.items():
        tables = _tables(project, declared)
        usable = set(project.policies) - broken
        if tables is None or not _policies_of(declared.model) <= usable:
            continue
        plan = Plan(blueprint(project, declared, tables, parts))
        try:
            problems = plan.learn(None)
        except ConfigError as error:
            project.problems += _untold(project, _placed(project, declared, error.problems))
            continue
        project.problems += _placed(project, declared, problems)
        plans[name] = plan
    project.problems += unused_tags(project, {name: plan.newest for name, plan in plans.items()})
    return plans


def _untold(project: Project, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without those that the checks of the declarations have told already."""
    told = {(one.code, one.file, one.line, one.column) for one in project.problems}
    return [
        one
        for one in problems
        if one.code != "CW0509" and (one.code, one.file, one.line, one.column) not in told
    ]


def _try_own_detectors(project: Project) -> None:
    """Add the problems of detectors that policies declare: wrong ones, and those too slow."""
    for declared in project.policies.values():
        try:
            # other work on the machine is no fault of a pattern
            refuse_slow(built(declared.model.detectors), thread_time)
        except ConfigError as error:
            project.problems += located(error.problems, declared.document)


def _load_models(project: Project, models: Models) -> set[str]:
    """Start the models that policies name; what is wrong with them is a problem at `ner`.

    Returns:
        The policies whose model does not load.
    """
    broken = set()
    named = {
        name: declared.folder / declared.model.ner
        for name, declared in project.policies.items()
        if declared.model.ner is not None
    }
    models.name(named)
    for name in named:
        try:
            models.model(name)
        except ConfigError as error:
            broken.add(name)
            placed = tuple(replace(one, path="ner") for one in error.problems)
            project.problems += located(placed, project.policies[name].document)
    return broken


def blueprint(
    project: Project,
    declared: Declared[Pipeline],
    tables: Mapping[str, Table],
    parts: Parts,
) -> Blueprint:
    """Return one pipeline with everything it refers to."""
    pipeline = declared.model
    policies = {name: one.model for name, one in project.policies.items()}
    decode, encode = key_codec(pipeline.source.key)
    shared = {name: project.tables[name].model for name in tables if name in project.tables}
    return Blueprint(
        pipeline=pipeline,
        revision=revision(pipeline, policies, version("clearwater"), shared),
        policies=policies,
        tables=tables,
        keys=parts.keys,
        wire=PipelineWire(pipeline.source, pipeline.publish, parts.registry),
        key=KeyCodec(decode, encode),
        scan=parts.scan,
        now=_now,
        models=parts.models,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _placed(
    project: Project, declared: Declared[Pipeline], problems: Iterable[Problem]
) -> Iterator[Problem]:
    """Yield a pipeline's problems where they stand: in its own file, or in that of a policy."""
    for one in problems:
        if one.policy:
            document = project.policies[one.policy].document
            yield document.problem(_place(one.path), one, path=one.path, at_key=True)
        else:
            yield from located((one,), declared.document)


def located(problems: tuple[Problem, ...], document: Document) -> list[Problem]:
    """Return the problems with file, line and column of the place their path names."""
    return [
        one if one.file is not None else document.problem(_place(one.path), one, path=one.path)
        for one in problems
    ]


def _place(path: str) -> Place:
    if not path:
        return ()
    try:
        segments = FieldPath(path).segments
    except ValueError:
        return (path,)
    return tuple(part if isinstance(part, str | int) else "*" for part in segments)


def _policies_of(pipeline: Pipeline) -> set[str]:
    named = {pipeline.privacy.policy, *pipeline.privacy.destinations.values()}
    return {name for name in named if name is not None}


def _tables(project: Project, declared: Declared[Pipeline]) -> dict[str, Table] | None:
    """Load the tables that the pipeline's steps read; None if one of them is missing or broken."""
    loaded: dict[str, Table] = {}
    good = True
    needed = {name for step in declared.model.steps for name in step.tables_read()}
    for name in sorted(needed):
        own = declared.model.tables.get(name)
        shared = project.tables.get(name)
        try:
            if own is not None:
                loaded[name] = own.load(declared.folder)
            elif shared is not None:
                loaded[name] = shared.model.load(shared.folder)
            else:
                good = False
        except ConfigError as error:
            good = False
            place = f"tables.{name}" if own is not None else ""
            document = declared.document if own is not None or shared is None else shared.document
            unplaced = tuple(
                one if one.path else replace(one, path=place) for one in error.problems
            )
            project.problems += located(unplaced, document)
    return loaded if good else None


def schema_folder(folder: Path) -> Path | None:
    """Return the folder `schemas` beside the pipelines, or beside a folder above them."""
    for above in (folder, *folder.resolve().parents):
        candidate = above / "schemas"
        if candidate.is_dir() and any(candidate.glob("*.avsc")):
            return candidate
    return None


def parts_from(settings: Settings, folder: Path, keys: Keyring | None = None) -> Parts:
    """Return the shared parts that the settings name.

    Args:
        settings: The process settings.
        folder: The pipelines' folder; its `schemas/` serves where no registry is set.
        keys: Used instead of the folder of `CLEARWATER_KEYS`.

    Raises:
        ConfigError: A setting is wrong.
    """
    if keys is None:
        if settings.keys is None:
            raise ConfigError(
                "CLEARWATER_KEYS is not set: name the folder with the key files; "
                "`clearwater keys create NAME` makes one"
            )
        keys = FolderKeyring(settings.keys)
    return Parts(keys, registry_from(settings, folder), _catalogue())


@cache
def _catalogue() -> Scan:
    """Return all detectors of the catalogue: the same for every folder of one process."""
    return Scan()


def registry_from(settings: Settings, folder: Path) -> Registry | None:
    """Return the schema registry that the settings name, else the folder of schemas, else None."""
    if settings.schema_registry is None:
        beside = schema_folder(folder)
        return None if beside is None else FileRegistry(beside)
    if "://" not in settings.schema_registry:
        return FileRegistry(Path(settings.schema_registry))
    return http_registry(settings)


def http_registry(settings: Settings) -> HttpRegistry:
    """Return the client of the registry that the settings name by its URL.

    Raises:
        ConfigError: A certificate or secret cannot be read.
    """
    password = settings.secret("schema_registry_password")
    user = settings.schema_registry_user
    auth = None if user is None or password is None else (user, password)
    verify = trusting(settings.schema_registry_ca, "schema_registry_ca")
    try:
        if settings.schema_registry_cert is not None:
            verify.load_cert_chain(settings.schema_registry_cert, settings.schema_registry_key)
    except (OSError, ValueError):
        raise ConfigError(
            "CLEARWATER_SCHEMA_REGISTRY_CERT and _KEY are files in PEM; one of them is not"
        ) from None
    return HttpRegistry(str(settings.schema_registry), auth=auth, verify=verify)

"""What is wrong between declarations: names twice, loops, missing policies, tables and keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pipelines.condition import tables_named
from pipelines.declaration.cases import Case
from pipelines.declaration.document import Place
from pipelines.declaration.explain_error import unknown
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import Declared, Project
from pipelines.errors import Problem
from pipelines.treatments import AnyTreatment

STAGES = ("decode", "gate", "encode", "publish")
"""What may decide the fate of a record beside its steps."""

_LONGEST_TOPIC = 249  # Kafka's limit


def check(project: Project, keys: Collection[str] | None) -> None:
    """Add to the project's problems what no file shows alone.

    Args:
        project: The loaded folder.
        keys: Names of the keys there are; None where no key folder is set, which only warns.
    """
    for declared in project.pipelines.values():
        project.problems += _step_ids(declared)
        project.problems += _names(declared, project)
        project.problems += _tables_of_expressions(declared, project)
        project.problems += _formats(declared)
    project.problems += _sources(project.pipelines.values())
    project.problems += _loops(project)
    project.problems += _waits(project)
    project.problems += _keys(project, keys)
    project.problems += _cases(project)


def destinations(pipeline: Pipeline) -> dict[str, Place]:
    """Return every topic the pipeline may publish to, and where the file says so."""
    found: dict[str, Place] = {pipeline.publish.topic: ("publish", "topic")}
    for index, step in enumerate(pipeline.steps):
        for topic in step.destinations():
            found.setdefault(topic, ("steps", index, "to"))
    return found


def waiting_topics(pipeline: Pipeline) -> dict[str, str]:
    """Return the topic that records wait in, by the id of the step that they wait at."""
    source = pipeline.source.topic
    found = ((step.id, step.waiting_topic(source)) for step in pipeline.steps)
    return {step: topic for step, topic in found if topic is not None}


def keys_needed(project: Project, pipeline: Pipeline) -> dict[str, Place]:
    """Return every key the pipeline needs, and where its own file says so (else `privacy`)."""
    privacy = pipeline.privacy
    found: dict[str, Place] = {pipeline.dead_letter.key: ("dead_letter",)}
    for name in _policies(pipeline):
        if name in project.policies:
            policy = project.policies[name].model
            for treatment in (*policy.treat.values(), *policy.found.values()):
                found |= dict.fromkeys(treatment.keys_needed(), ("privacy", "policy"))
    placed: list[tuple[Place, AnyTreatment]] = [
        (("privacy", "fields", str(path)), treatment) for path, treatment in privacy.fields.items()
    ]
    placed += [(("privacy", "headers", name), one) for name, one in privacy.headers.items()]
    if privacy.key is not None:
        placed.append((("privacy", "key"), privacy.key))
    for place, treatment in placed:
        found |= dict.fromkeys(treatment.keys_needed(), place)
    return found


def _policies(pipeline: Pipeline) -> list[str]:
    named = [pipeline.privacy.policy, *pipeline.privacy.destinations.values()]
    return [name for name in named if name is not None]


def _step_ids(declared: Declared[Pipeline]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, step in enumerate(declared.model.steps):
        if step.id in seen:
            message = f"step id `{step.id}` is steps[{seen[step.id]}] already: ids are unique"
            yield declared.document.problem(("steps", index, "id"), message)
        seen.setdefault(step.id, index)


def _names(declared: Declared[Pipeline], project: Project) -> Iterator[Problem]:
    pipeline, document = declared.model, declared.document
    tables = {*pipeline.tables, *project.tables}
    for index, step in enumerate(pipeline.steps):
        for name in step.tables_needed():
            if name not in tables:
                message = unknown("table", name, tables)
                yield document.problem(("steps", index, "table"), message)
    named: list[tuple[Place, str | None]] = [(("privacy", "policy"), pipeline.privacy.policy)]
    for topic, policy in pipeline.privacy.destinations.items():
        named.append((("privacy", "destinations", topic), policy))
        if topic not in destinations(pipeline):
            message = unknown("destination", topic, destinations(pipeline))
            yield document.problem(("privacy", "destinations", topic), message)
    for place, policy_name in named:
        if policy_name is not None and policy_name not in project.policies:
            yield document.problem(place, unknown("policy", policy_name, project.policies))


def _tables_of_expressions(declared: Declared[Pipeline], project: Project) -> Iterator[Problem]:
    tables = {*declared.model.tables, *project.tables}
    for index, step in enumerate(declared.model.steps):
        for field, text in step.expressions().items():
            for name in tables_named(text):
                if name not in tables:
                    message = unknown("table", name, tables)
                    yield declared.document.problem(("steps", index, field), message)


def _formats(declared: Declared[Pipeline]) -> Iterator[Problem]:
    pipeline, document = declared.model, declared.document
    if pipeline.source.value == "bytes":
        if pipeline.privacy.bytes is None:
            message = (
                "opaque bytes cannot be scanned: give the reason why they may pass in "
                "`privacy: {bytes: …}`, or read the topic as json, avro or text"
            )
            yield document.problem(("source", "value"), message)
        if pipeline.steps:
            message = "steps need a value they can read: opaque bytes pass as they are"
            yield document.problem(("steps",), message)
    if pipeline.source.key == "bytes" and pipeline.privacy.key is None:
        message = (
            "opaque keys cannot be scanned: say in `privacy: {key: …}` what happens to them "
            "(`keep`, `hash`, `remove` …), or read them as string or json"
        )
        yield document.problem(("source", "key"), message)
    target = pipeline.publish.value or pipeline.source.value
    if target != pipeline.source.value and (target == "avro" or pipeline.source.value == "bytes"):
        message = f"{pipeline.source.value} cannot be published as {target}: there is no schema"
        yield document.problem(("publish", "value"), message)


def _sources(pipelines: Iterable[Declared[Pipeline]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for declared in pipelines:
        topic, name = declared.model.source.topic, declared.model.pipeline
        if topic in seen:
            message = f"pipeline `{seen[topic]}` reads `{topic}` already: one pipeline a topic"
            yield declared.document.problem(("source", "topic"), message)
        seen.setdefault(topic, name)


def _loops(project: Project) -> Iterator[Problem]:
    """Find destinations from which a record comes back to where it started."""
    by_source = {one.model.source.topic: one.model for one in project.pipelines.values()}
    for declared in project.pipelines.values():
        pipeline = declared.model
        ways = {**destinations(pipeline), pipeline.dead_letter.topic: ("dead_letter", "topic")}
        for topic, place in ways.items():
            if pipeline.source.topic in _reachable(topic, by_source):
                message = (
                    f"loop: `{topic}` leads back to this pipeline's own source "
                    f"`{pipeline.source.topic}`: publish to another topic"
                )
                yield declared.document.problem(place, message)
        if pipeline.dead_letter.topic in destinations(pipeline):
            message = "dead letters need a topic of their own"
            yield declared.document.problem(("dead_letter", "topic"), message)


def _waits(project: Project) -> Iterator[Problem]:
    """Find steps whose topic is not theirs alone, or cannot be made."""
    users: dict[str, list[str]] = {}
    for one in project.pipelines.values():
        pipeline = one.model
        own = [pipeline.source.topic, pipeline.dead_letter.topic, *destinations(pipeline)]
        for topic in dict.fromkeys([*own, *waiting_topics(pipeline).values()]):
            users.setdefault(topic, []).append(pipeline.pipeline)
    for declared in project.pipelines.values():
        pipeline = declared.model
        waiting = waiting_topics(pipeline)
        others = {pipeline.source.topic, pipeline.dead_letter.topic, *destinations(pipeline)}
        for index, step in enumerate(pipeline.steps):
            if step.id not in waiting:
                continue
            topic = waiting[step.id]
            place: Place = (
                ("steps", index, "topic") if getattr(step, "topic", None) else ("steps", index)
            )
            shared = list(waiting.values()).count(topic) > 1 or topic in others
            if shared or len(users[topic]) > 1:
                message = (
                    f"records wait in `{topic}`, which is used elsewhere: give the step its own"
                )
                yield declared.document.problem(place, message)
            if len(topic) > _LONGEST_TOPIC:
                message = f"`{topic}` is too long a name: give the step a `topic`"
                yield declared.document.problem(place, message)


def _reachable(topic: str, by_source: dict[str, Pipeline]) -> set[str]:
    found: set[str] = set()
    waiting = [topic]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            if current in by_source:
                waiting += destinations(by_source[current])
    return found


def _keys(project: Project, keys: Collection[str] | None) -> Iterator[Problem]:
    for declared in project.pipelines.values():
        for name, place in keys_needed(project, declared.model).items():
            make = f"`clearwater keys create {name}` makes it"
            if keys is None:
                message = f"needs key `{name}`, and CLEARWATER_KEYS names no folder: {make}"
                yield declared.document.problem(place, message, "warning")
            elif name not in keys:
                message = f"{unknown('key', name, keys)}; {make} in the folder of CLEARWATER_KEYS"
                yield declared.document.problem(place, message)


def _cases(project: Project) -> Iterator[Problem]:
    for declared in project.cases:
        name = declared.model.about(declared.document.file)
        if name not in project.pipelines:
            message = unknown("pipeline", name, project.pipelines)
            yield declared.document.problem(("pipeline",), message)
            continue
        pipeline = project.pipelines[name].model
        ids = {step.id for step in pipeline.steps}
        seen: set[str] = set()
        for index, case in enumerate(declared.model.tests):
            for place, step in _deciding(case):
                if step is not None and step not in {*ids, *STAGES}:
                    message = unknown("step", step, ids)
                    yield declared.document.problem(("tests", index, *place), message)
            if case.id in seen:
                message = f"test `{case.id}` is there already: ids are unique"
                yield declared.document.problem(("tests", index, "id"), message)
            seen.add(case.id)


def _deciding(case: Case) -> Iterator[tuple[Place, str | None]]:
    """Yield where a test names what decides, and what it names."""
    yield ("by",), case.by
    for index, fate in enumerate(case.fates or ()):
        yield ("fates", index, "by"), fate.by
    for index, letter in enumerate(case.dead_letters or ()):
        yield ("dead_letters", index, "by"), letter.by

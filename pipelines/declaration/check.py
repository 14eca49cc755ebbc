"""What is wrong between declarations: names twice, loops, missing policies, tables and keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pipelines.condition import tables_named
from pipelines.declaration.cases import Case
from pipelines.declaration.document import Place
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.pointless import pointless
from pipelines.declaration.project import Declared, Project
from pipelines.declaration.topics import destinations, waiting_topics
from pipelines.errors import Problem, unknown
from pipelines.treatments import AnyTreatment

_DECLARE_TABLE = "declare it under `tables:`, or in tables/NAME.yaml"
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
    project.problems += pointless(project)


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
            what = f"step id `{step.id}` is steps[{seen[step.id]}] already"
            problem = Problem(what, code="CW0201", fix="ids are unique: give this one another")
            yield declared.document.problem(("steps", index, "id"), problem)
        seen.setdefault(step.id, index)


def _names(declared: Declared[Pipeline], project: Project) -> Iterator[Problem]:
    pipeline, document = declared.model, declared.document
    tables = {*pipeline.tables, *project.tables}
    for index, step in enumerate(pipeline.steps):
        for name in step.tables_needed():
            if name not in tables:
                problem = unknown("unknown table", name, tables, "CW0202", fix=_DECLARE_TABLE)
                yield document.problem(("steps", index, "table"), problem)
    named: list[tuple[Place, str | None]] = [(("privacy", "policy"), pipeline.privacy.policy)]
    for topic, policy in pipeline.privacy.destinations.items():
        named.append((("privacy", "destinations", topic), policy))
        if topic not in destinations(pipeline):
            problem = unknown("unknown destination", topic, destinations(pipeline), "CW0204")
            place = ("privacy", "destinations", topic)
            yield document.problem(place, problem, at_key=True)
    for where, policy_name in named:
        if policy_name is None or policy_name in project.broken:
            continue  # what is wrong with its file is told there
        if policy_name not in project.policies:
            problem = unknown(
                "unknown policy",
                policy_name,
                project.policies,
                "CW0203",
                fix=f"write a file with `policy: {policy_name}`",
            )
            yield document.problem(where, problem)


def _tables_of_expressions(declared: Declared[Pipeline], project: Project) -> Iterator[Problem]:
    tables = {*declared.model.tables, *project.tables}
    for index, step in enumerate(declared.model.steps):
        for field, text in step.expressions().items():
            for name in tables_named(text):
                if name not in tables:
                    problem = unknown("unknown table", name, tables, "CW0202", fix=_DECLARE_TABLE)
                    yield declared.document.problem(("steps", index, field), problem)


def _formats(declared: Declared[Pipeline]) -> Iterator[Problem]:
    pipeline, document = declared.model, declared.document
    if pipeline.source.value == "bytes":
        if pipeline.privacy.bytes is None:
            fix = (
                "give the reason why they may pass in `privacy: {bytes: …}`, or read the topic as "
                "json, avro or text"
            )
            problem = Problem("opaque bytes cannot be scanned", code="CW0507", fix=fix)
            yield document.problem(("source", "value"), problem)
        if pipeline.steps:
            what, fix = "steps need a value they can read", "opaque bytes pass as they are"
            yield document.problem(("steps",), Problem(what, code="CW0410", fix=fix))
    if pipeline.source.key == "bytes" and pipeline.privacy.key is None:
        fix = (
            "say in `privacy: {key: …}` what happens to them (`keep`, `hash`, `remove` …), or read "
            "them as string or json"
        )
        problem = Problem("opaque keys cannot be scanned", code="CW0508", fix=fix)
        yield document.problem(("source", "key"), problem)
    target = pipeline.publish.value or pipeline.source.value
    if target != pipeline.source.value and (target == "avro" or pipeline.source.value == "bytes"):
        what = f"{pipeline.source.value} cannot be published as {target}"
        fix = "there is no schema to go by: publish it as it comes, or as json"
        yield document.problem(("publish", "value"), Problem(what, code="CW0601", fix=fix))


def _sources(pipelines: Iterable[Declared[Pipeline]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for declared in pipelines:
        topic, name = declared.model.source.topic, declared.model.pipeline
        if topic in seen:
            what = f"pipeline `{seen[topic]}` reads `{topic}` already"
            problem = Problem(
                what, code="CW0208", fix="one pipeline a topic: put the steps into one"
            )
            yield declared.document.problem(("source", "topic"), problem)
        seen.setdefault(topic, name)


def _loops(project: Project) -> Iterator[Problem]:
    """Find destinations from which a record comes back to where it started."""
    by_source = {one.model.source.topic: one.model for one in project.pipelines.values()}
    for declared in project.pipelines.values():
        pipeline = declared.model
        ways = {**destinations(pipeline), pipeline.dead_letter.topic: ("dead_letter", "topic")}
        for topic, place in ways.items():
            if pipeline.source.topic in _reachable(topic, by_source):
                what = (
                    f"loop: `{topic}` leads back to this pipeline's own source "
                    f"`{pipeline.source.topic}`"
                )
                problem = Problem(what, code="CW0209", fix="send the records to another topic")
                yield declared.document.problem(place, problem)
        if pipeline.dead_letter.topic in destinations(pipeline):
            what = "dead letters need a topic of their own"
            fix = "clean records go to this one: write another topic"
            problem = Problem(what, code="CW0210", fix=fix)
            yield declared.document.problem(("dead_letter", "topic"), problem)


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
            if keys is None:
                what = f"needs key `{name}`, and CLEARWATER_KEYS names no folder"
                fix = f"`clearwater keys create {name} --keys FOLDER` makes it; set CLEARWATER_KEYS"
                problem = Problem(what, code="CW0206", severity="warning", fix=fix)
                yield declared.document.problem(place, problem)
            elif name not in keys:
                fix = f"make it: `clearwater keys create {name}`"
                problem = unknown("no key", name, keys, "CW0205", fix=fix)
                yield declared.document.problem(place, problem)


def _cases(project: Project) -> Iterator[Problem]:
    for declared in project.cases:
        name = declared.model.about(declared.document.file)
        if name not in project.pipelines:
            if name not in project.broken:
                fix = "call the file NAME.test.yaml, after NAME.yaml, or write `pipeline: NAME`"
                problem = unknown("unknown pipeline", name, project.pipelines, "CW0211", fix=fix)
                yield declared.document.problem(("pipeline",), problem)
            continue
        pipeline = project.pipelines[name].model
        ids = {step.id for step in pipeline.steps}
        seen: set[str] = set()
        for index, case in enumerate(declared.model.tests):
            for place, step in _deciding(case):
                if step is not None and step not in {*ids, *STAGES}:
                    problem = unknown("unknown step", step, {*ids, *STAGES}, "CW0212")
                    yield declared.document.problem(("tests", index, *place), problem)
            if case.id in seen:
                what = f"test `{case.id}` is there already"
                problem = Problem(what, code="CW0213", fix="ids are unique: give this one another")
                yield declared.document.problem(("tests", index, "id"), problem)
            seen.add(case.id)


def _deciding(case: Case) -> Iterator[tuple[Place, str | None]]:
    """Yield where a test names what decides, and what it names."""
    yield ("by",), case.by
    for index, fate in enumerate(case.fates or ()):
        yield ("fates", index, "by"), fate.by
    for index, letter in enumerate(case.dead_letters or ()):
        yield ("dead_letters", index, "by"), letter.by

"""What is declared and changes nothing: unused tables and policies, samples of everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from pipelines.declaration.document import Place
from pipelines.declaration.pipeline import Pipeline
from pipelines.declaration.project import Declared, Project
from pipelines.declaration.topics import destinations, topics_named
from pipelines.errors import Problem, unknown
from pipelines.privacy.policy import Allow, ScanNothing
from pipelines.steps.route import Route
from pipelines.steps.sample import Sample

_CLOSE = 0.85  # topics of one pipeline are called alike


def pointless(project: Project) -> Iterator[Problem]:
    """Yield everything that is declared and changes nothing, or is hardly meant so."""
    for declared in project.pipelines.values():
        yield from _samples(declared)
        yield from _routes(declared, project)
        yield from _scans(declared)
    yield from _tables(project)
    yield from _policies(project)
    yield from _expected(project)


def _warning(what: str, code: str, fix: str) -> Problem:
    return Problem(what, severity="warning", code=code, fix=fix)


def _samples(declared: Declared[Pipeline]) -> Iterator[Problem]:
    for index, step in enumerate(declared.model.steps):
        if isinstance(step, Sample) and step.rate >= 1:
            key = "ratio" if step.one_in is None else "one_in"
            what = "a sample of 100 % lets every record pass"
            problem = _warning(what, "CW0408", "write a smaller share, or take the step out")
            yield declared.document.problem(("steps", index, key), problem)


def _routes(declared: Declared[Pipeline], project: Project) -> Iterator[Problem]:
    named = topics_named(project)
    for index, step in enumerate(declared.model.steps):
        if isinstance(step, Route) and step.to == declared.model.publish.topic and not step.copy_:
            continue  # an exception to the routes behind it
        if isinstance(step, Route) and step.to not in named:
            near = get_close_matches(step.to, named, n=1, cutoff=_CLOSE)
            problem = Problem(
                f"nothing else names the topic `{step.to}`",
                severity="warning",
                code="CW0216",
                near=near[0] if near else "",
                fix="if it is right, let a test expect a record there",
            )
            yield declared.document.problem(("steps", index, "to"), problem)


def _scans(declared: Declared[Pipeline]) -> Iterator[Problem]:
    """Yield the paths to scan whose value a rule has treated before."""
    privacy = declared.model.privacy
    if isinstance(privacy.scan, tuple):
        for index, path in enumerate(privacy.scan):
            if path in privacy.fields:
                verb = privacy.fields[path].verb
                what = f"`{path}` is never scanned: the rule `{verb}` treats it as a whole"
                problem = _warning(what, "CW0511", "take out the rule, or the path from `scan`")
                yield declared.document.problem(("privacy", "scan", index), problem)


def _tables(project: Project) -> Iterator[Problem]:
    read: set[str] = set()
    fix = "let an `enrich` or `table(…)` read it, or take it out"
    for declared in project.pipelines.values():
        own = {name for step in declared.model.steps for name in step.tables_read()}
        read |= own - set(declared.model.tables)
        for name in (
            declared.model.tables if own <= {*declared.model.tables, *project.tables} else ()
        ):
            if name not in own:
                problem = _warning(f"no step reads the table `{name}`", "CW0214", fix)
                yield declared.document.problem(("tables", name), problem, at_key=True)
    for name, table in project.tables.items() if project.knows_all_users else ():
        if name not in read:
            problem = _warning(f"no step of any pipeline reads the table `{name}`", "CW0214", fix)
            yield table.document.problem((), problem)


def _policies(project: Project) -> Iterator[Problem]:
    users: dict[str, list[Pipeline]] = {name: [] for name in project.policies}
    for declared in project.pipelines.values():
        privacy = declared.model.privacy
        for name in {privacy.policy, *privacy.destinations.values()}:
            if name in users:
                users[name].append(declared.model)
    for name, using in users.items():
        policy, document = project.policies[name].model, project.policies[name].document
        if not using and not project.knows_all_users:
            continue
        if not using:
            what = f"no pipeline uses the policy `{name}`: nothing in it ever applies"
            fix = "name it in `privacy: {policy: …}`, or take it out"
            yield document.problem(("policy",), _warning(what, "CW0215", fix))
            continue
        allows = isinstance(policy.unclassified, Allow)
        silent = all(
            isinstance(one.privacy.scan, ScanNothing)
            or (allows and one.privacy.scan == "everything")
            for one in using
        )
        for own in policy.detectors if silent else ():
            what = f"the detector `{own}` searches no field: no pipeline here has its text scanned"
            problem = _warning(what, "CW0512", "scan the fields it is for, or take it out")
            yield document.problem(("detectors", own), problem, at_key=True)


def _expected(project: Project) -> Iterator[Problem]:
    """Yield the topics that a test expects records on and its pipeline sends none to."""
    for cases in project.cases:
        name = cases.model.pipeline or cases.document.file.name.split(".test.")[0]
        if name not in project.pipelines:
            continue
        known = destinations(project.pipelines[name].model)
        for index, case in enumerate(cases.model.tests):
            for number, expected in enumerate(case.expect or ()):
                if expected.topic is not None and expected.topic not in known:
                    what = f"pipeline `{name}` sends nothing to"
                    place: Place = ("tests", index, "expect", number, "topic")
                    problem = unknown(what, expected.topic, known, "CW0217")
                    problem = replace(problem, severity="warning")  # the test itself will fail
                    yield cases.document.problem(place, problem)

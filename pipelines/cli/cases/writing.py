"""Writes tests from samples: one for each branch that they reach, with made-up values in them."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipelines.cli.cases.bursts import burst, entered_by
from pipelines.cli.cases.sample_runs import SampleRuns
from pipelines.cli.cases.scrubbing import Scrubbed, Scrubber, Way
from pipelines.cli.output import err, out
from pipelines.cli.trial.input import are_bare, read_input
from pipelines.cli.workspace import Workspace
from pipelines.declaration.cases import MOST_TIMES, CaseFile, Given
from pipelines.declaration.project import pipeline_named
from pipelines.engine.branch import Branch
from pipelines.engine.plan import Plan
from pipelines.engine.trial import TrialResult
from pipelines.errors import ConfigError
from pipelines.fate import Fate
from pipelines.field_path import FieldPath
from pipelines.profile.fakes import Fakes
from pipelines.quantity import counted

_CANDIDATES = 20  # samples that are tried for one branch, should some not do without their values
_LEAST_TELLING = 4  # characters of a text that says something if it turns up in an output
_MOST_NAMED = 8


@dataclass(slots=True)
class Written:
    """What became of samples.

    Attributes:
        tests: The tests, as they stand in the file.
        unreached: Branches that no sample reached.
        unsafe: Branches reached only with values that may not be written.
        kept: Paths of values that are as they were, since a branch depends on them.
    """

    tests: list[dict[str, Any]] = field(default_factory=list)
    unreached: list[Branch] = field(default_factory=list)
    unsafe: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def write_cases(path: Path, samples: Path, pipeline: str) -> Path:
    """Write tests from a file of samples beside the pipeline, and say what they reach.

    Args:
        path: The folder, or the pipeline's file.
        samples: JSON Lines, text or an Avro container.
        pipeline: Which pipeline of the folder.

    Raises:
        ConfigError: A declaration or a sample is wrong, or the file is there already.
    """
    workspace = Workspace.open(path).sound()
    name = pipeline or next(iter(workspace.plans))
    if not pipeline and len(workspace.plans) > 1:
        known = ", ".join(workspace.plans)
        raise ConfigError(f"{path}: several pipelines: say which with --pipeline: {known}")
    declared = pipeline_named(workspace.project, name)
    file = declared.folder / f"{name}.samples.test.yaml"
    if file.exists():
        raise ConfigError(f"{file} is there already: move it away, or rename it to keep it")
    given = [one for _, one in read_samples(samples, workspace.plans[name])]
    now = datetime.now(UTC).replace(microsecond=0)
    written = cases_from(workspace.plans[name], given, now)
    uses_now = any(
        "now(" in text for one in declared.model.steps for text in one.expressions().values()
    )
    text = yaml_of(name, written, len(given), now if uses_now else None)
    file.write_text(text, encoding="utf-8")
    _tell(file, written, len(given))
    return file


def read_samples(samples: Path, plan: Plan) -> list[tuple[int, Given]]:
    """Return the records of a file of samples, whichever way it writes them.

    Raises:
        ConfigError: It cannot be read, or there is no record in it.
    """
    if not samples.is_file():
        raise ConfigError(f"{samples}: there is no such file")
    found = read_input(samples, plan, bare=are_bare(samples))
    if not found:
        raise ConfigError(f"{samples}: there is no record in it")
    return found


def cases_from(plan: Plan, samples: list[Given], now: datetime) -> Written:
    """Return one test for each branch that the samples reach, in the order they reach them.

    Args:
        plan: The pipeline.
        samples: Records as they came.
        now: The time at which they are processed.
    """
    runner = SampleRuns(plan, now)
    secret = secrets.token_bytes(32)
    fakes = Fakes(secret, plan.blueprint.scan)
    scrubber = Scrubber(fakes, _treated(plan), lambda given: runner.run(given)[0])
    written = Written()
    clean: list[tuple[Given, Way]] = []
    reached: set[object] = set()
    refused: dict[object, int] = {}
    seen: set[object] = set()
    for given in samples:
        way, _ = runner.run(given)
        seen |= way
        new = way - reached
        if not new or all(refused.get(one, 0) >= _CANDIDATES for one in new):
            continue
        scrubbed = scrubber.scrubbed(given, way)
        case = None if scrubbed is None else _case(scrubbed, new, runner)
        if scrubbed is None or case is None:
            refused |= {one: refused.get(one, 0) + 1 for one in new}
            continue
        reached |= way
        written.tests.append(case)
        clean.append((scrubbed.given, way))
        written.kept += [one for one in scrubbed.kept if one not in written.kept]
    written.unsafe = [str(one) for one in sorted(seen - reached, key=str)]
    written.unreached = [one for one in runner.branches if one not in seen]
    for branch in [one for one in written.unreached if one.kind == "excess"]:
        case = burst(branch, clean, runner)
        if case is not None:
            written.tests.append(case)
            written.unreached.remove(branch)
    _number(written.tests)
    return written


def yaml_of(name: str, written: Written, samples: int, now: datetime | None) -> str:
    """Return the tests as a file that loads.

    Raises:
        ConfigError: There is no test to write.
    """
    if not written.tests:
        raise ConfigError("no sample can be written without its own values: write tests by hand")
    document: dict[str, Any] = {"pipeline": name}
    if now is not None:
        document["now"] = now.isoformat()
    document["tests"] = written.tests
    CaseFile.model_validate(document)
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None  # innermost objects on one line
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment] # as the library has it
    yaml.width = 120
    yaml.allow_unicode = True
    text = io.StringIO()
    text.write(
        f"# From {samples:,} samples; the values are made up, of the same shape as theirs.\n"
    )
    yaml.dump(document, text)
    return text.getvalue()


def _treated(plan: Plan) -> tuple[FieldPath, ...]:
    """Return every field that some rule treats."""
    rules = [rule for way in plan.newest.exits.values() for rule in way.gate.rules]
    return tuple(dict.fromkeys(FieldPath(path) for path, _, _ in rules))


def _case(scrubbed: Scrubbed, new: frozenset[object], runner: SampleRuns) -> dict[str, Any] | None:
    """Return the test, or None if a value of the sample would stand in it."""
    _, results = runner.run(scrubbed.given)
    given = scrubbed.given.model_dump(exclude_defaults=True)
    given.setdefault("value", None)
    case: dict[str, Any] = {"id": _sentence(new), "given": given}
    leaving = [one for one in results if one.fate is Fate.PUBLISHED]
    case["expect"] = [_expected(one) for one in leaving]
    last = results[-1]
    if last.fate is Fate.DEAD_LETTERED:
        case["dead_letters"] = [{"by": last.step, "reason": last.reason}]
    elif last.fate is not Fate.PUBLISHED:
        case |= {"by": last.step, "fate": last.fate.value, "reason": last.reason}
    leaves = repr(case["expect"])
    fakes = dict.fromkeys(fake for _, fake in scrubbed.replaced if len(fake) >= _LEAST_TELLING)
    gone = [fake for fake in fakes if fake not in leaves]
    if gone and leaving:
        case["not_anywhere"] = gone[:_MOST_NAMED]
    text = repr(case)
    if any(len(one) >= _LEAST_TELLING and one in text for one, _ in scrubbed.replaced):
        return None
    return case


def _expected(result: TrialResult) -> dict[str, Any]:
    expected: dict[str, Any] = {"topic": result.topic}
    if result.key is not None:
        expected["key"] = result.key
    if result.headers:
        expected["headers"] = dict(result.headers)
    expected["value"] = result.value
    return expected


def _sentence(new: frozenset[object]) -> str:
    """Return what a test is there for: its fate first, then the branches it is first to take."""
    fates = sorted(one for one in new if isinstance(one, str))
    branches = sorted(str(one) for one in new if isinstance(one, Branch))
    named = [*fates, *branches]
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""  # noqa: PLR2004 - a line
    return ", ".join(named[:3]) + more


def _number(tests: list[dict[str, Any]]) -> None:
    """Make the ids unique."""
    seen: set[str] = set()
    for number, test in enumerate(tests, start=1):
        if test["id"] in seen:
            test["id"] += f" ({number})"
        seen.add(test["id"])


def _tell(file: Path, written: Written, samples: int) -> None:
    tests = counted(len(written.tests), "test")
    out.print(f"wrote {tests} from {counted(samples, 'sample')}: {file}", markup=False)
    for line in _told(written):
        err.print(line, markup=False)
    err.print(f"read them, then: clearwater test {file.parent}", markup=False)


def _told(written: Written) -> Iterator[str]:
    if written.kept:
        kept = ", ".join(one or "the line" for one in written.kept)
        yield f"as in the samples, at least in part, since a branch depends on it: {kept}"
    if written.unsafe:
        yield "reached only with values that are personal, so not written:"
        yield from (f"  {one}" for one in written.unsafe)
    if written.unreached:
        yield "no sample reaches:"
        yield from (f"  {one}{_why(one, written)}" for one in written.unreached)


def _why(branch: Branch, written: Written) -> str:
    if branch.kind != "excess" or any(entered_by(one, branch) for one in written.unreached):
        return ""
    return f" (it lets more than {MOST_TIMES:,} records through, the most that a test gives)"

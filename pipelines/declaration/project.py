"""Project: a folder of declarations, loaded: pipelines, policies, tables, tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipelines.declaration.cases import CaseFile
from pipelines.declaration.document import Document, read
from pipelines.declaration.explain_error import problems_of
from pipelines.declaration.pipeline import Pipeline
from pipelines.errors import ConfigError, Problem, unknown
from pipelines.privacy.policy import Policy
from pipelines.strict_model import StrictModel
from pipelines.tables import AnyTable

ModelT = TypeVar("ModelT", bound=StrictModel)


class _TableFile(StrictModel):
    """The shape that a table file is read through."""

    table: AnyTable


@dataclass(frozen=True, slots=True)
class Declared(Generic[ModelT]):
    """One declaration and the file it stands in."""

    model: ModelT
    document: Document

    @property
    def folder(self) -> Path:
        """The folder that relative file names in the declaration start from."""
        return self.document.file.parent


@dataclass(slots=True)
class Project:
    """Everything found below one folder.

    Attributes:
        folder: Where it was read.
        pipelines: By name.
        policies: By name.
        tables: Shared tables by name, from `tables/NAME.yaml`.
        cases: Test files.
        broken: Names of files, pipelines and policies that could not be read: whoever refers to
            one of them is not to blame.
        problems: Everything wrong so far, warnings included.
        is_whole: Every file of the folder was read, not one pipeline only.
    """

    folder: Path
    pipelines: dict[str, Declared[Pipeline]] = field(default_factory=dict)
    policies: dict[str, Declared[Policy]] = field(default_factory=dict)
    tables: dict[str, Declared[AnyTable]] = field(default_factory=dict)
    cases: list[Declared[CaseFile]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True

    @property
    def knows_all_users(self) -> bool:
        """Whether what is shared and used by no pipeline here is used by none at all."""
        return self.is_whole and not self.broken

    @property
    def errors(self) -> list[Problem]:
        """The problems that refuse a start, ordered by file and line."""
        return [problem for problem in ordered(self.problems) if problem.severity == "error"]


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file, line and column, each once."""
    return sorted(
        dict.fromkeys(problems),
        key=lambda one: (str(one.file or ""), one.line or 0, one.column or 0, one.message),
    )


_YAML = {".yaml", ".yml"}


def load(folder: Path) -> Project:
    """Read every YAML file below `folder`.

    A file is what its top key says: `pipeline`, `policy`, `tests`; files in a folder named
    `tables` are tables. Every problem is collected, none raises.

    Raises:
        ConfigError: There is no such folder, or no pipeline in it.
    """
    if not folder.is_dir():
        what, fix = f"no such folder `{folder}`", "name the folder with the pipeline files"
        raise ConfigError([Problem(what, code="CW0008", fix=fix)])
    project = Project(folder)
    for file in _yaml_files(folder):
        add_file(project, file)
    if not project.pipelines and not project.problems:
        what, fix = (
            f"no pipeline here, in `{folder}`",
            "a pipeline file starts with `pipeline: NAME`",
        )
        raise ConfigError([Problem(what, code="CW0009", fix=fix)])
    return project


def load_one(file: Path, *, tests: bool = False) -> Project:
    """Read one pipeline file, the policies beside it, and `policies/` and `tables/` there.

    Args:
        file: The pipeline's file.
        tests: Read the tests beside it, too.

    Raises:
        ConfigError: There is no such file.
    """
    if not file.is_file():
        names = [str(other) for other in file.parent.glob("*.y*ml")]
        fix = "name the folder with the pipeline files, or one of them"
        problem = unknown("no such file or folder", str(file), names, "CW0008", fix=fix)
        raise ConfigError([replace(problem, known=None)])
    folder = file.parent
    project = Project(folder, is_whole=False)
    if file.suffix in _YAML:
        add_file(project, file)
    if not project.pipelines and not project.problems:
        what, fix = f"`{file}` is no pipeline file", "one is YAML and starts with `pipeline: NAME`"
        raise ConfigError([Problem(what, code="CW0009", fix=fix)])
    beside = [other for other in _yaml_files(folder) if other.parent == folder and other != file]
    for other in (*beside, *_yaml_files(folder / "policies"), *_yaml_files(folder / "tables")):
        add_file(project, other, only_shared=True)
    if tests:
        for other in beside:
            if ".test." in other.name:
                add_file(project, other)
        project.cases = [
            one for one in project.cases if one.model.about(one.document.file) in project.pipelines
        ]
    return project


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix in _YAML
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def add_file(project: Project, file: Path, *, only_shared: bool = False) -> None:
    """Read one file into the project, collecting what is wrong with it.

    Args:
        project: Where it goes.
        file: What to read.
        only_shared: Pass over everything but policies and tables.
    """
    try:
        document = read(file)
    except ConfigError as error:
        if not only_shared:
            project.problems += error.problems
            project.broken.add(file.stem)
        return
    data = document.data
    is_table = file.parent.name == "tables"
    if only_shared and not (is_table or (isinstance(data, dict) and "policy" in data)):
        return
    project.problems += document.problems
    if is_table:
        _add_table(project, document)
    elif isinstance(data, dict) and "pipeline" in data and "tests" not in data:
        _add_named(project, project.pipelines, Pipeline, document, "pipeline")
    elif isinstance(data, dict) and "policy" in data:
        _add_named(project, project.policies, Policy, document, "policy")
    elif isinstance(data, dict) and "tests" in data:
        cases = _parsed(project, CaseFile, document)
        if cases is not None:
            project.cases.append(Declared(cases, document))
    else:
        fix = "its top key is `pipeline`, `policy` or `tests`; tables stand in a folder `tables`"
        problem = Problem("not a Clearwater file", code="CW0007", fix=fix)
        project.problems.append(document.problem((), problem))


def _add_named(
    project: Project,
    known: dict[str, Declared[ModelT]],
    model: type[ModelT],
    document: Document,
    kind: str,
) -> None:
    parsed = _parsed(project, model, document)
    if parsed is None:
        project.broken |= {document.file.stem, str(document.data[kind])}
        return
    name: str = getattr(parsed, kind)
    if name in known:
        other = known[name].document.file
        what = f"{kind} `{name}` is declared in {other} too"
        problem = Problem(what, code="CW0207", fix="give one another name")
        project.problems.append(document.problem((kind,), problem))
        return
    known[name] = Declared(parsed, document)


def _add_table(project: Project, document: Document) -> None:
    try:
        table = TypeAdapter(_TableFile).validate_python({"table": document.data}).table
    except ValidationError as error:
        project.problems += problems_of(error, _TableFile, document.below("table"))
        return
    project.tables[document.file.stem] = Declared(table, document)


def _parsed(project: Project, model: type[ModelT], document: Document) -> ModelT | None:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        project.problems += problems_of(error, model, document)
        return None


def pipeline_named(project: Project, name: str) -> Declared[Pipeline]:
    """Return the pipeline of that name.

    Raises:
        ConfigError: There is none; the known ones are named.
    """
    if name not in project.pipelines:
        raise ConfigError([unknown("unknown pipeline", name, project.pipelines, "CW0211")])
    return project.pipelines[name]

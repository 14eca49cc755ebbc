"""The pytest plugin: `pytest --clearwater DIR` runs the tests beside pipelines, one item a case.

pytest loads this at every start, so what it needs is imported when there is something to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pipelines.cli.cases.runs import RanCase

_FOLDERS: pytest.StashKey[list[Path]] = pytest.StashKey()
_SUFFIXES = (".test.yaml", ".test.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("clearwater").addoption(
        "--clearwater",
        action="append",
        metavar="DIR",
        default=[],
        help="Run the tests beside the Clearwater pipelines in this folder, one item a case.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the folders to what is collected, where the command line names them or no path at all."""
    named = config.getoption("clearwater")
    base = config.invocation_params.dir
    folders = [(base / one).resolve() for one in named]
    config.stash[_FOLDERS] = folders
    for folder in folders:
        if not folder.is_dir():
            raise pytest.UsageError(f"--clearwater {folder}: no such folder")
    if not folders:
        return
    typed = any(str(one).startswith("--clearwater") for one in config.invocation_params.args)
    if typed or config.args_source is not pytest.Config.ArgsSource.ARGS:
        there = [(base / one.partition("::")[0]).resolve() for one in config.args]
        config.args += [
            str(one) for one in folders if not any(one.is_relative_to(other) for other in there)
        ]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return the tests of a file below one of the folders."""
    for folder in parent.config.stash[_FOLDERS]:
        if file_path.name.endswith(_SUFFIXES) and file_path.resolve().is_relative_to(folder):
            file: CaseFileItems = CaseFileItems.from_parent(parent, path=file_path)
            file.folder = folder
            return file
    return None


class CaseFileItems(pytest.File):
    """The tests of one file."""

    folder: Path

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one item a test.

        Raises:
            ConfigError: A declaration of the folder is wrong; every problem.
        """
        from pipelines.cli.cases.runs import pipeline_of, run_one  # noqa: PLC0415 - see above
        from pipelines.engine.branch import Coverage  # noqa: PLC0415

        workspace = _workspace(self.config, self.folder)
        for file in workspace.project.cases:
            if file.document.file.resolve() != self.path.resolve():
                continue
            plan = workspace.plans[pipeline_of(file)]
            for index, case in enumerate(file.model.tests):
                item: CaseItem = CaseItem.from_parent(self, name=case.id)
                item.line = file.document.positions.get(("tests", index), (1, 1))[0]
                item.run = lambda file=file, index=index, plan=plan: run_one(
                    file, index, plan.blueprint, Coverage()
                )
                yield item

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override] # as pytest's own collectors have it
        """Return what is wrong with the declarations, without a traceback."""
        from pipelines.errors import ConfigError  # noqa: PLC0415 - see above

        if isinstance(excinfo.value, ConfigError):
            return "\n".join(str(one) for one in excinfo.value.problems)
        return super().repr_failure(excinfo)


class CaseItem(pytest.Item):
    """One test."""

    line: int
    run: Any

    def runtest(self) -> None:
        """Run it.

        Raises:
            CaseFailedError: Something is not as expected.
        """
        ran = self.run()
        if ran.result.failures:
            raise CaseFailedError(ran)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what differs, without a traceback."""
        if isinstance(excinfo.value, CaseFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the test stands."""
        return self.path, self.line - 1, f"{self.path.name}: {self.name}"


class CaseFailedError(Exception):
    """A test did not pass; its text is what differs."""

    def __init__(self, ran: RanCase) -> None:
        from pipelines.cli.cases.report import failure_lines  # noqa: PLC0415 - see above

        super().__init__("\n".join(line for line, _ in failure_lines(ran)))


def _workspace(config: pytest.Config, folder: Path) -> Any:
    """Return a folder's declarations, loaded once a session."""
    from pipelines.cli.workspace import Workspace  # noqa: PLC0415 - see above

    loaded = config.stash.setdefault(_WORKSPACES, {})
    if folder not in loaded:
        loaded[folder] = Workspace.open(folder).sound()
    return loaded[folder]


_WORKSPACES: pytest.StashKey[dict[Path, Any]] = pytest.StashKey()

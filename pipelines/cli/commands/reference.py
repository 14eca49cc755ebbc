"""`clearwater help`: a page on anything that has a name here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markdown import Markdown

from pipelines.cli.commands import COMMANDS
from pipelines.cli.output import out, print_table
from pipelines.errors import ConfigError
from pipelines.reference.page import Page
from pipelines.reference.pages import all_pages, found

_FEW = 30
_COMMANDS = {name for name, _ in COMMANDS}


def help_(
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            help="A guide, or the name of a step, treatment, command, entity, metric, …",
            autocompletion=lambda incomplete: _names(incomplete),  # noqa: PLW0108 - stands below
        ),
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write every page into this folder.")
    ] = None,
    *,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page as Markdown.")
    ] = False,
) -> None:
    """Show a guide, or a page on anything that has a name here.

    Without a name it lists what there is; with the name of a kind, such as `step` or `metric`, all
    of that kind.

    Example: clearwater help sample
    """
    if write is not None:
        _write(write, _every_page())
    elif not topic:
        _list(_every_page())
    else:
        pages = all_pages() if topic[0] not in {"command", *_COMMANDS} else _every_page()
        of_kind = [page for page in pages if [page.kind] == topic]
        if of_kind:
            _table(topic[0], of_kind)
            return
        for page in found(pages, tuple(topic)):
            if as_markdown or not out.is_terminal:
                typer.echo(page.markdown, nl=False)
            else:
                out.print(Markdown(page.markdown))


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(help_)


def _every_page() -> tuple[Page, ...]:
    from pipelines.cli.pages.commands import pages  # noqa: PLC0415 - imports every command

    return (*all_pages(), *pages())


def _list(pages: Sequence[Page]) -> None:
    """Print all names; with what each is where they are few."""
    for kind in dict.fromkeys(page.kind for page in pages):
        of_kind = [page for page in pages if page.kind == kind]
        if len(of_kind) <= _FEW:
            _table(kind, of_kind)
        else:
            out.print(f"\n{kind}", style="bold")
            out.print(", ".join(page.name for page in of_kind), markup=False, soft_wrap=False)
            out.print(f"`clearwater help {kind}` tells what each is", style="dim", markup=False)


def _table(kind: str, pages: Sequence[Page]) -> None:
    print_table(kind, ("name", "what it is"), [(page.name, page.summary) for page in pages])


def _names(incomplete: str) -> list[str]:
    """Return the names of pages that begin so, for shell completion."""
    names = {page.name for page in all_pages()} | {page.kind for page in all_pages()} | _COMMANDS
    return sorted(name for name in names if name.startswith(incomplete))


def _write(folder: Path, pages: tuple[Page, ...]) -> None:
    try:
        for page in pages:
            file = folder / page.kind / f"{page.name}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.markdown, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}") from None
    out.print(f"{len(pages)} pages in {folder}")

"""`clearwater help`: a page on anything that has a name here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markdown import Markdown

from pipelines.cli.output import out, print_table
from pipelines.errors import ConfigError
from pipelines.reference.page import Page
from pipelines.reference.pages import all_pages, found


def help_(
    topic: Annotated[
        list[str] | None, typer.Argument(help="Name of a step, treatment, entity, metric, …")
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write every page into this folder.")
    ] = None,
    *,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page as Markdown.")
    ] = False,
) -> None:
    """Explain a step, a treatment, an entity, a setting, a metric or a document.

    Without a name all pages are listed.

    Example: clearwater help sample
    """
    pages = all_pages()
    if write is not None:
        _write(write, pages)
    elif not topic:
        kinds = list(dict.fromkeys(page.kind for page in pages))
        for kind in kinds:
            rows = [(page.name, page.summary) for page in pages if page.kind == kind]
            print_table(kind, ("name", "what it is"), rows)
    else:
        for page in found(pages, tuple(topic)):
            if as_markdown or not out.is_terminal:
                typer.echo(page.markdown, nl=False)
            else:
                out.print(Markdown(page.markdown))


def register(app: typer.Typer, name: str) -> None:
    """Add the command."""
    app.command(name)(help_)


def _write(folder: Path, pages: tuple[Page, ...]) -> None:
    try:
        for page in pages:
            file = folder / page.kind / f"{page.name}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.markdown, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}") from None
    out.print(f"{len(pages)} pages in {folder}")

"""Header rules: what happens to the headers of every record before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.canonical_text import canonical_text
from pipelines.errors import RecordError
from pipelines.field_path import REMOVED
from pipelines.treatment import Treat

Header = tuple[str, bytes]
_NAME = "HEADER"


def treating(treats: Mapping[str, Treat]) -> Callable[[list[Header]], list[Header]]:
    """Return a function that treats the headers which rules name, and lets pass the rest.

    It raises RecordError (`header_not_text`) where a header that no rule names is no text.
    """

    def treated(headers: list[Header]) -> list[Header]:
        return [one for name, raw in headers if (one := header(name, raw)) is not None]

    def header(name: str, raw: bytes | None) -> Header | None:
        treat = treats.get(name)
        content = b"" if raw is None else raw  # Kafka knows null there, too
        if treat is None:
            return name, _proven_text(content)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = content.decode("latin-1")
        new = treat(text, _NAME)
        if new is REMOVED:
            return None
        return name, content if new is text else canonical_text(new).encode("utf-8", "replace")

    return treated


def _proven_text(content: bytes) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError:
        # its name comes from the producer as well: it is not told
        message = "say in privacy.headers what happens to headers that are no text"
        raise RecordError("header_not_text", "gate", message) from None
    return content

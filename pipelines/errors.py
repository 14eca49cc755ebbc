"""Every error this package raises, grouped by what happens next.

ClearwaterError
├── ConfigError          refuse to start, exit 2; carries every problem at once
├── RecordError          dead-letter this record, carry on with its neighbours
└── DeliveryError        stop without committing; the restart reads again

No message holds a value from a record: only names, paths and codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ClearwaterError(Exception):
    """Base of every error raised on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what the user declared.

    Attributes:
        message: What is wrong and how to mend it, as one sentence.
        file: The file it stands in, if any.
        line: Line in the file, from 1.
        column: Column in the line, from 1.
        path: Where in the document, such as `steps[2].when`.
        severity: `error` refuses to start; `warning` is only reported.
    """

    message: str
    file: Path | None = None
    line: int | None = None
    column: int | None = None
    path: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """Return `file:line:column: path: message`, leaving out what is unknown."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        prefix = "" if self.severity == "error" else f"{self.severity}: "
        return prefix + ": ".join(part for part in (place, self.path, self.message) if part)


class ConfigError(ClearwaterError):
    """What was declared or set cannot work: refuse to start.

    Attributes:
        problems: Everything wrong, not only the first.
    """

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        listed = (Problem(problems),) if isinstance(problems, str) else tuple(problems)
        self.problems = listed
        super().__init__("\n".join(str(problem) for problem in listed))


class RecordError(ClearwaterError):
    """One record cannot be processed; it goes to the dead letter topic.

    Attributes:
        code: Reason code, one of a small fixed set: a metric label and a dead letter header.
        where: Step id, field path or stage; never a value of the record.
        hint: What to look at; never a value of the record.
    """

    def __init__(self, code: str, where: str, hint: str = "") -> None:
        super().__init__(f"{code} at {where}: {hint}" if hint else f"{code} at {where}")
        self.code = code
        self.where = where
        self.hint = hint


class DeliveryError(ClearwaterError):
    """An output could not be delivered for good: stop, commit nothing, read again."""

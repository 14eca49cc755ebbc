"""Every error this package raises, grouped by what happens next.

ClearwaterError
├── ConfigError          refuse to start, exit 2; carries every problem at once
├── RecordError          dead-letter this record, carry on with its neighbours
└── DeliveryError        stop without committing; the restart reads again

No message holds a value from a record: only names, paths and codes.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


_SHORTEST_START = 3


class ClearwaterError(Exception):
    """Base of every error raised on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what the user declared.

    Attributes:
        what: What is wrong; where there is no `fix`, how to mend it too.
        file: The file it stands in, if any.
        line: Line in the file, from 1.
        column: Column in the line, from 1.
        path: Where in the document, such as `steps[2].when`.
        severity: `error` refuses to start; `warning` is only reported.
        code: Stable code such as `CW0103`; `clearwater help CODE` explains it. Empty for what is
            no declaration: settings, arguments.
        known: The words that could stand there; None where there is no such list.
        near: The known word that may be meant.
        fix: What to do.
        width: Characters from `column` on that it is about.
        offset: Where in the expression at `path`, from 1, if it is about a part of one.
        policy: The policy whose file `path` is in; empty: the file in hand.
    """

    what: str
    file: Path | None = None
    line: int | None = None
    column: int | None = None
    path: str = ""
    severity: str = "error"
    code: str = ""
    known: tuple[str, ...] | None = None
    near: str = ""
    fix: str = ""
    width: int = 1
    offset: int | None = None
    policy: str = ""

    @property
    def message(self) -> str:
        """What is wrong, what is known and how to mend it, as one sentence."""
        text = self.what
        if self.known is not None:
            text += f"; known: {', '.join(self.known) or 'none'}"
        if self.near:
            text += f"; did you mean `{self.near}`?"
        if self.fix:
            sign = " Or" if self.near else ":" if text == self.what else ";"
            text += f"{sign} {self.fix}"
        if self.offset is not None:
            text += f" (at character {self.offset} of the expression)"
        return text

    def __str__(self) -> str:
        """Return `file:line:column: path: message`, leaving out what is unknown."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        prefix = "" if self.severity == "error" else f"{self.severity}: "
        return prefix + ": ".join(part for part in (place, self.path, self.message) if part)


def unknown(what: str, word: str, known: Iterable[str], code: str, *, fix: str = "") -> Problem:
    """Return the problem that there is no such word, with those there are and the nearest.

    Args:
        what: How the problem starts: `unknown table`, `no field`.
        word: What was written.
        known: What could have been.
        code: The problem's code.
        fix: What else to do about it.
    """
    listed = tuple(sorted({str(one) for one in known}))
    folded = {one.casefold(): one for one in listed}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    near = [folded[one] for one in close]
    if not near and len(word) >= _SHORTEST_START:
        near = [one for one in listed if one.casefold().startswith(word.casefold())]
    return Problem(
        f"{what} `{word}`", code=code, known=listed, near=near[0] if near else "", fix=fix
    )


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

    @classmethod
    def of(cls, error: Exception, code: str, where: str) -> RecordError:
        """Return why a record failed: of others' errors, whose texts may quote a value, the type.

        Args:
            error: What was raised.
            code: Reason code where it is no error of ours.
            where: Step id or stage, likewise.

        Raises:
            MemoryError: That it was: no record is at fault, and all are to be tried again.
        """
        if isinstance(error, MemoryError):
            raise error
        return error if isinstance(error, cls) else cls(code, where, type(error).__name__)


class DeliveryError(ClearwaterError):
    """An output could not be delivered for good: stop, commit nothing, read again."""

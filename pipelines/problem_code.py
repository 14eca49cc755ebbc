"""ProblemCode: the contract of what a problem's stable code stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """One kind of problem. Its code and name never change, and are never given to another.

    Attributes:
        code: `CW` and four digits; the first two say what it is about.
        name: The same in words, for programs: `unknown-key`.
        title: What is wrong, as a few words.
        meaning: Why it is a problem and what to do about it, for a page.
        wrong: A declaration that has it: the part of a pipeline file that matters; what follows a
            line `# FILE` stands in that file.
        right: The same without it.
        severity: `error` refuses to start; `warning` is only reported. What depends on the schema
            or the folder at hand may be either.
    """

    code: str
    name: str
    title: str
    meaning: str
    wrong: str
    right: str
    severity: Literal["error", "warning"] = "error"

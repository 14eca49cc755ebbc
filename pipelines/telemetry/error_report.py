"""error_report: an error by type and place; the words of foreign errors stay out.

Messages of built-in and library errors quote what they choked on (`int()` quotes the text,
`KeyError` the key, a decoder the bytes). Only our own errors promise not to.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath

from pipelines.errors import ClearwaterError

FRAMES = 20
CAUSES = 5


def error_report(error: BaseException) -> dict[str, object]:
    """Return what may be logged of an error.

    Returns:
        `error`: its type; `message`: its text, only of our own errors; `place`: where it was
        raised; `trace`: the calls that led there, outermost first; `cause`: types of what it
        came from. Neither source lines nor locals.
    """
    frames = [
        f"{short_file(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    report: dict[str, object] = {"error": type_name(error)}
    if isinstance(error, ClearwaterError):
        report["message"] = str(error)
    if frames:
        report["place"] = frames[-1]
        report["trace"] = frames[-FRAMES:]
    if causes := _causes(error):
        report["cause"] = causes
    return report


def type_name(error: BaseException) -> str:
    """Return the error's type with its module, unless it is built in."""
    kind = type(error)
    in_module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return in_module + kind.__qualname__


def _causes(error: BaseException) -> list[str]:
    causes: list[str] = []
    while len(causes) < CAUSES:
        hidden = None if error.__suppress_context__ else error.__context__
        before = error.__cause__ or hidden
        if before is None:
            break
        causes.append(type_name(before))
        error = before
    if isinstance(error, BaseExceptionGroup):
        causes += [type_name(part) for part in error.exceptions[:CAUSES]]
    return causes


def short_file(file: str) -> str:
    """Return a source file's path from its package on, the same on every machine."""
    parts = PurePath(file).parts
    for root in ("site-packages", "pipelines"):
        if root in parts:
            start = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[start + (root == "site-packages") :])
    return "/".join(parts[-2:])

"""Door: what libraries log, with everything taken out that could hold a value of a record.

Their fixed words stay, because they are why one reads the log. Of what they fill in, numbers
and names of topics, hosts and members stay; errors are reduced to their type, other objects to
theirs. Words put together before the call cannot be told from what went into them. So they are
shown only for libraries that put nothing but names into them (read for aiokafka 0.14,
faust-streaming 0.15, mode-streaming 0.7); for all others there is the place in their source.
"""

from __future__ import annotations

import logging
import re

import structlog

from pipelines.errors import ClearwaterError
from pipelines.telemetry.error_report import short_file, type_name

MAX_CHARACTERS = 300
WITHHELD = "words of a library withheld"
# what follows these words is the `repr` of a callback or a task, arguments and error included
_ASYNCIO = re.compile(
    "(Task|Future) exception was never retrieved|Exception in callback|Task was destroyed"
    "|socket[.a-z]*\\(\\) raised exception|An error occurred|Unknown child process"
)
_CATEGORY = re.compile(r"\w+Warning(?=:)")
_NAME = re.compile(r"[A-Za-z0-9._:/-]{1,250}")
_LONG_NUMBER = re.compile(r"\d{7}")
_FILLED_SAFELY = ("aiokafka", "faust", "mode")


class Door(logging.Handler):
    """Hands records of the standard library's logging on to structlog."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._log = structlog.get_logger()

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record, less what may not leave."""
        given = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        place = f"{short_file(record.pathname)}:{record.lineno}"
        log = getattr(self._log, record.levelname.lower(), self._log.error)
        log(_words(record), logger=record.name, place=place, exc_info=given)


def _words(record: logging.LogRecord) -> str:
    library = record.name.partition(".")[0]
    template = record.msg if isinstance(record.msg, str) else ""
    arguments = record.args if isinstance(record.args, tuple) else (record.args,)
    text = WITHHELD
    if library in _FILLED_SAFELY:
        text = _filled(template, arguments) if record.args else template.partition("\n")[0]
    elif record.name == "py.warnings" and (category := _CATEGORY.search(record.getMessage())):
        text = category[0]
    elif library == "asyncio" and (known := _ASYNCIO.match(template)):
        text = known[0]
    elif record.args:
        text = template.partition("%")[0].strip() + " …"
    return text[:MAX_CHARACTERS] or WITHHELD


def _filled(template: str, arguments: tuple[object, ...]) -> str:
    safe = iter([_safe(argument) for argument in arguments])
    return re.sub(r"%[-#0 +]*\d*(?:\.\d+)?[sdrifgxa]", lambda _: next(safe, "…"), template)


def _safe(argument: object) -> str:
    text = f"<{type(argument).__name__}>"
    match argument:
        case ClearwaterError():
            text = f"{type_name(argument)}: {argument}"
        case BaseException():
            text = type_name(argument)
        case bool() | int() | float() | None:
            text = str(argument)
        case str() if _NAME.fullmatch(argument) and not _LONG_NUMBER.search(argument):
            text = argument
        case tuple() | list() | set() | frozenset():  # such as TopicPartition
            text = f"({', '.join(_safe(part) for part in list(argument)[:20])})"
        case type():
            text = argument.__name__
        case _:
            pass
    return text

"""Logs without values: fixed events, a closed set of keys, errors by type and place.

Write `log = structlog.get_logger()` and `log.info("pipeline started", pipeline=…, revision=…)`.
"""

from __future__ import annotations

import atexit
import io
import logging
import sys
import threading
from collections.abc import Callable, Mapping, MutableMapping
from types import TracebackType
from typing import Any, Literal, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, Processor

from pipelines.telemetry import foreign
from pipelines.telemetry.error_report import error_report
from pipelines.telemetry.log_writer import LogWriter

KEYS = frozenset(
    {
        # what
        "event", "level", "timestamp", "logger", "worker", "pid", "thread",
        # where
        "pipeline", "topic", "partition", "partitions", "offset", "step", "entity", "key_name",
        "destination", "revision", "schema_id", "subject", "group", "broker", "file", "host",
        "port", "stage", "table", "policy",
        # how
        "code", "reason", "error", "message", "place", "trace", "cause", "fate", "hint",
        "signal", "exit_code",
        # how much
        "records", "chunks", "dead_letters", "share", "bytes", "seconds", "attempt", "count",
        "lag_records",
    }
)  # fmt: skip
"""The only keys a log line may have; none of them is for a value of a record."""

MAX_CHARACTERS = 1000
_DRAIN_SECONDS = 2.0
_writers: list[LogWriter] = []
_PLAIN = (str, int, float, bool, type(None))


class KeyNotAllowed(TypeError):
    """A log call used a key outside `KEYS`."""


def configure(
    level: str = "info",
    form: Literal["json", "console"] = "json",
    *,
    stream: TextIO | None = None,
    strict: bool = False,
) -> None:
    """Send all logs of this process, and what would be printed of errors, through one door.

    Args:
        level: Least level of our own logs; those of libraries are shown from warning on.
        form: One JSON object a line, or text for a terminal.
        stream: Where to write; default: standard error, which nothing waits for.
        strict: Raise on a key outside `KEYS` instead of dropping it: for tests.
    """
    target = stream or _standard_error()
    structlog.reset_defaults()
    structlog.configure(
        processors=_processors(form, strict=strict),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[foreign.Door()], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=False)  # it does nothing where it believes to be in place
    logging.captureWarnings(capture=True)
    for name in list(logging.root.manager.loggerDict):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    _hook_uncaught()


def drain(seconds: float) -> None:
    """Wait until what was logged to standard error is written, but no longer than this."""
    if _writers:
        _writers[-1].drain(seconds)


def _standard_error() -> TextIO:
    """Return what takes lines for standard error; where that is no file, standard error itself."""
    try:
        descriptor = sys.stderr.fileno()
    except (io.UnsupportedOperation, ValueError):
        return sys.stderr
    log = structlog.get_logger()
    writer = LogWriter(descriptor, lambda count: log.warning("log lines were dropped", count=count))
    if not _writers:
        atexit.register(drain, _DRAIN_SECONDS)
    _writers.append(writer)
    return cast("TextIO", writer)


def _processors(form: Literal["json", "console"], *, strict: bool) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_error,
        _allowed_strictly if strict else _allowed,
        structlog.processors.JSONRenderer(serializer=_json) if form == "json" else _console,
    ]


def _describe_error(_logger: Any, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(error_report(error))
    return event


def _allowed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {key: _plain(value) for key, value in event.items() if key in KEYS}


def _allowed_strictly(logger: Any, method: str, event: EventDict) -> EventDict:
    if strange := event.keys() - KEYS:
        raise KeyNotAllowed(f"log keys must be in telemetry.logs.KEYS: {sorted(strange)}")
    return _allowed(logger, method, event)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value[:MAX_CHARACTERS]
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in list(value)[:100]]
    return value if isinstance(value, _PLAIN) else f"<{type(value).__name__}>"


def _json(event: Mapping[str, object], **_: object) -> str:
    try:
        return orjson.dumps(event).decode()
    except TypeError:  # a lone surrogate or an integer beyond 64 bits
        return orjson.dumps({key: ascii(value) for key, value in event.items()}).decode()


def _console(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    clock = str(event.pop("timestamp"))[11:19]
    level, message = event.pop("level"), str(event.pop("event", "")).replace("\n", " ")
    rest = " ".join(f"{key}={ascii(value).strip(chr(39))}" for key, value in event.items())
    return f"{clock} {level:<8} {message}  {rest}".rstrip()


def _hook_uncaught() -> None:
    """Report errors that nobody caught; Python would print their messages."""
    log = structlog.get_logger()

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("uncaught error", exc_info=error.with_traceback(trace))

    def in_thread(about: threading.ExceptHookArgs) -> None:
        if about.exc_value is not None:
            log.critical("uncaught error in a thread", exc_info=about.exc_value)

    def unraisable(about: sys.UnraisableHookArgs) -> None:
        if about.exc_value is not None:
            log.error("error that could not be raised", exc_info=about.exc_value)

    hooks: tuple[tuple[Any, str, Callable[..., None]], ...] = (
        (sys, "excepthook", uncaught),
        (threading, "excepthook", in_thread),
        (sys, "unraisablehook", unraisable),
    )
    for module, name, hook in hooks:
        setattr(module, name, hook)

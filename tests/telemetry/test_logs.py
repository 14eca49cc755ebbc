from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from pipelines.errors import RecordError
from pipelines.telemetry import foreign, logs

CANARY = "canary-jane.roe@example.org-4929"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where logs go; afterwards this process logs as before."""
    handlers, level = list(logging.root.handlers), logging.root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield io.StringIO()
    logging.captureWarnings(capture=False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def choke(text: str) -> int:
    kept_in_a_local = text
    return int(kept_in_a_local)


def test_a_line_is_one_json_object_with_the_allowed_keys(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    structlog.get_logger().info("pipeline started", pipeline="orders", weather="sunny")
    (line,) = lines(stream)
    assert line.pop("timestamp")
    assert line == {"event": "pipeline started", "level": "info", "pipeline": "orders"}


def test_a_key_outside_the_set_raises_where_tests_ask_for_it(stream: io.StringIO) -> None:
    logs.configure(stream=stream, strict=True)
    with pytest.raises(logs.KeyNotAllowed, match="'value'"):
        structlog.get_logger().info("record read", value=CANARY)
    assert CANARY not in stream.getvalue()


def test_objects_are_logged_by_their_type(stream: io.StringIO) -> None:
    class Holder:
        def __repr__(self) -> str:
            return CANARY

    logs.configure(stream=stream)
    held = [Holder(), CANARY.encode(), {"email": CANARY}]
    structlog.get_logger().info("record read", reason=Holder(), partitions=held)
    assert lines(stream)[0]["reason"] == "<Holder>"
    assert lines(stream)[0]["partitions"] == ["<Holder>", "<bytes>", "<dict>"]
    assert CANARY not in stream.getvalue()


def test_the_level_holds(stream: io.StringIO) -> None:
    logs.configure("warning", stream=stream)
    structlog.get_logger().info("pipeline started")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_foreign_error_is_logged_by_type_and_place_only(form: str, stream: io.StringIO) -> None:
    logs.configure(form="console" if form == "console" else "json", stream=stream)
    try:
        choke(CANARY)
    except ValueError:
        structlog.get_logger().exception("agent failed", pipeline="orders")
    assert "ValueError" in stream.getvalue()
    assert "telemetry/test_logs.py:" in stream.getvalue()
    assert CANARY not in stream.getvalue()


def test_our_own_errors_keep_their_words_and_their_causes_are_types(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    try:
        try:
            choke(CANARY)
        except ValueError as error:
            raise RecordError("decode_failed", "decode", "not JSON") from error
    except RecordError:
        structlog.get_logger().exception("agent failed")
    line = lines(stream)[0]
    assert line["message"] == "decode_failed at decode: not JSON"
    assert line["error"] == "pipelines.errors.RecordError"
    assert line["cause"] == ["ValueError"]
    assert CANARY not in stream.getvalue()


def from_logger(name: str, template: object, *arguments: object) -> Callable[[], None]:
    return lambda: logging.getLogger(name).warning(template, *arguments)


def warned() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, UserWarning, stacklevel=1)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        pytest.param(
            from_logger("aiokafka.client", 'Unable connect to "%s:%s": %s', "k1", 9092, OSError()),
            'Unable connect to "k1:9092": OSError',
            id="names, numbers and types stay",
        ),
        pytest.param(
            from_logger("mode.services", "Crashed reason=%r", ValueError(CANARY)),
            "Crashed reason=ValueError",
            id="error in an argument",
        ),
        pytest.param(
            from_logger("mode.services", "Crashed: %r", RecordError("decode_failed", "decode")),
            "Crashed: pipelines.errors.RecordError: decode_failed at decode",
            id="our own error",
        ),
        pytest.param(
            from_logger("faust.utils.agent_stopper", "%s", f"Traceback\n  {CANARY}"),
            "<str>",
            id="traceback as text",
        ),
        pytest.param(
            from_logger("aiokafka.consumer", "Revoked %s", {("orders.raw", 3)}),
            "Revoked ((orders.raw, 3))",
            id="partitions",
        ),
        pytest.param(
            from_logger("aiokafka.x", "Got %s of %s", {"email": CANARY}, "4929123412341234"),
            "Got <dict> of <str>",
            id="data",
        ),
        pytest.param(from_logger("faust.app", f"Stopped\n{CANARY}"), "Stopped", id="second line"),
        pytest.param(
            from_logger("asyncio", f"Task exception was never retrieved\n{CANARY}"),
            "Task exception was never retrieved",
            id="asyncio's repr",
        ),
        pytest.param(
            from_logger("other", f"failed on: {CANARY}"), foreign.WITHHELD, id="unknown library"
        ),
        pytest.param(
            from_logger("other", "failed on %s", CANARY), "failed on …", id="unknown, with argument"
        ),
        pytest.param(
            from_logger("other", ValueError(CANARY)), foreign.WITHHELD, id="error as text"
        ),
        pytest.param(warned, "UserWarning", id="warning"),
    ],
)
def test_what_libraries_log_comes_without_values(
    log: Callable[[], None], said: str, stream: io.StringIO
) -> None:
    logs.configure(stream=stream)
    log()
    line = lines(stream)[0]
    assert line["event"] == said
    assert line["level"] == "warning"
    assert str(line["place"]).startswith("telemetry/test_logs.py:") or said == "UserWarning"
    assert CANARY not in stream.getvalue()


def test_an_error_logged_by_a_library_comes_by_type(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    try:
        choke(CANARY)
    except ValueError:
        logging.getLogger("aiokafka.conn").exception("Unexpected exception in connection")
    assert lines(stream)[0]["error"] == "ValueError"
    assert lines(stream)[0]["logger"] == "aiokafka.conn"
    assert CANARY not in stream.getvalue()


def test_the_chatter_of_libraries_is_not_logged(stream: io.StringIO) -> None:
    logs.configure("debug", stream=stream)
    logging.getLogger("aiokafka").info("joined")
    assert stream.getvalue() == ""


async def test_a_task_that_nobody_awaits_says_only_its_error(stream: io.StringIO) -> None:
    logs.configure(stream=stream)

    async def fails() -> None:
        choke(CANARY)

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    del task
    await asyncio.sleep(0)
    assert any(line.get("error") == "ValueError" for line in lines(stream))
    assert CANARY not in stream.getvalue()


def test_errors_that_nobody_caught_are_logged_not_printed(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(stream=stream)
    thread = threading.Thread(target=choke, args=(CANARY,))
    thread.start()
    thread.join()
    try:
        choke(CANARY)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)

    class Broken:
        def __del__(self) -> None:
            choke(CANARY)

    Broken()
    assert [line["error"] for line in lines(stream)] == ["ValueError"] * 3
    assert CANARY not in stream.getvalue() + "".join(capsys.readouterr())


def test_what_json_cannot_hold_is_still_logged(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    structlog.get_logger().info("file read", file="caf\udce9", count=2**70)
    assert lines(stream)[0]["file"] == r"'caf\udce9'"


def test_a_line_stays_one_line_on_a_terminal(stream: io.StringIO) -> None:
    logs.configure(form="console", stream=stream)
    structlog.get_logger().info("file\nread", file="a\nb")
    assert stream.getvalue().endswith("info     file read  file=a\\nb\n")


def test_a_group_of_errors_names_the_types_in_it(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    group = ExceptionGroup(CANARY, [ValueError(CANARY), RecordError("decode_failed", "decode")])
    structlog.get_logger().error("lanes failed", exc_info=group)
    assert lines(stream)[0]["cause"] == ["ValueError", "pipelines.errors.RecordError"]
    assert CANARY not in stream.getvalue()


def test_ctrl_c_is_no_error(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert stream.getvalue() == ""


def test_what_a_library_gives_in_an_odd_way_is_still_logged(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    logging.getLogger("faust.app").warning("%s of %s, %r", "a", type("T", (), {}), True)  # noqa: FBT003 - any argument
    logging.getLogger("faust.app").warning("%(name)s", {"name": CANARY})
    assert [line["event"] for line in lines(stream)] == ["a of T, True", "%(name)s"]


def elsewhere(*_: object) -> None:
    pytest.fail("the warning went past the log")


def test_warnings_are_caught_again_where_somebody_put_the_old_hook_back(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure(stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", elsewhere)
        logs.configure(stream=stream)
        warned()

    assert lines(stream)[0]["event"] == "UserWarning"

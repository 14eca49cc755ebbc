"""`/livez`, `/readyz` and `/metrics`, on their own port and their own threads.

A busy event loop must not fail a probe by being slow to answer it, and a stuck one must be
reported, not be silent. Kubernetes' own names: `livez` and `readyz`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, NamedTuple, cast

import orjson
import structlog

from pipelines.errors import ConfigError, Problem
from pipelines.runtime.health import Verdict
from pipelines.settings import variable

REQUEST_SECONDS = 5.0
MOST_REQUESTS = 16


class Pages(NamedTuple):
    """What is behind each path.

    Attributes:
        live: Answers `/livez`.
        ready: Answers `/readyz`.
        metrics: Body and content type of `/metrics`, by the `Accept` header.
    """

    live: Callable[[], Verdict]
    ready: Callable[[], Verdict]
    metrics: Callable[[str], tuple[bytes, str]]


class StatusServer:
    """Serves the pages from daemon threads until it is stopped."""

    def __init__(self, host: str, port: int, pages: Pages) -> None:
        """Listen.

        Args:
            host: Address to listen on.
            port: Port to listen on; 0 takes a free one.
            pages: What to serve.

        Raises:
            ConfigError: The address is not there or the port is taken.
        """
        try:
            self._server = _Server((host, port), pages)
        except OSError as error:
            message = f"cannot listen on {host}:{port}: {error.strerror}"
            raise ConfigError([Problem(message, path=variable("http_port"))]) from None
        self.port: int = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="status", daemon=True
        )

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64  # five, the default, makes a burst of probes wait for seconds

    def __init__(self, address: tuple[str, int], pages: Pages) -> None:
        self.pages = pages
        self._free = threading.BoundedSemaphore(MOST_REQUESTS)
        super().__init__(address, _Request)

    def process_request(self, request: object, client_address: object) -> None:
        try:
            super().process_request(request, client_address)  # type: ignore[arg-type] # a socket
        except BaseException:
            self._free.release()  # no thread could be started
            raise

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type] # a socket
        finally:
            self._free.release()

    def verify_request(self, *_: object) -> bool:
        # whoever opens connections by the thousand gets no thread for each
        return self._free.acquire(blocking=False)

    def handle_error(self, *_: object) -> None:
        structlog.get_logger().warning("status request failed", exc_info=True)


class _Request(BaseHTTPRequestHandler):
    timeout: ClassVar[float | None] = REQUEST_SECONDS
    server_version = "clearwater"
    sys_version = ""

    def do_GET(self) -> None:
        pages = cast("_Server", self.server).pages
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._answer(HTTPStatus.OK, *pages.metrics(self.headers.get("accept", "")))
        elif path in {"/livez", "/readyz"}:
            holds, details = pages.live() if path == "/livez" else pages.ready()
            status = HTTPStatus.OK if holds else HTTPStatus.SERVICE_UNAVAILABLE
            self._answer(status, orjson.dumps({"ok": holds, **details}), "application/json")
        else:
            known = b"known: /livez /readyz /metrics\n"
            self._answer(HTTPStatus.NOT_FOUND, known, "text/plain; charset=utf-8")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, status: HTTPStatus, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a probe every second is no news."""

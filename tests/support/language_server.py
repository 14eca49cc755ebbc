"""yaml-language-server, spoken to over its protocol (LSP 3.17 on standard input and output)."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from tests.support.npm import node_modules

SECONDS = 90.0
SETTINGS = {
    "schemaStore": {"enable": False},  # nothing is fetched
    "validate": True,
    "hover": True,
    "completion": True,
}


def program() -> list[str]:
    """Return the command that starts the server."""
    script = node_modules() / "yaml-language-server" / "bin" / "yaml-language-server"
    return ["node", str(script), "--stdio"]


class LanguageServer:
    """One server. A context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            program(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        self.ask(
            "initialize",
            processId=None,
            rootUri=None,
            capabilities={"workspace": {"configuration": True}},
        )
        self._send(method="initialized", params={})
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def open(self, file: Path, text: str) -> str:
        """Open a document; return its URI."""
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        return uri

    def problems(self, uri: str) -> list[str]:
        """Return what the server says is wrong with a document."""
        while True:
            message = self._next()
            if (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
            ):
                return [one["message"] for one in message["params"]["diagnostics"]]

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        """Ask something about a place in a document, counted from 0."""
        place = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=place)

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request; return its result."""
        self._number += 1
        self._send(id=self._number, method=method, params=params)
        while True:
            message = self._next()
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _next(self) -> dict[str, Any]:
        message = self._inbox.get(timeout=SECONDS)
        if "id" in message and "method" in message:  # it asks us
            asked = message["params"].get("items", []) if message.get("params") else []
            answers = [SETTINGS if one.get("section") == "yaml" else None for one in asked]
            self._send(id=message["id"], result=answers)
        return message

    def _send(self, **message: Any) -> None:
        raw = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(raw), raw))
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while header := self._process.stdout.readline():
            length = int(header.partition(b":")[2])
            while self._process.stdout.readline().strip():
                continue
            self._inbox.put(json.loads(self._process.stdout.read(length)))

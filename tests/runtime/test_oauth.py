from __future__ import annotations

import asyncio
import base64
import json
import ssl
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from pipelines.errors import ConfigError
from pipelines.retry import TOKEN
from pipelines.runtime.oauth import EndpointTokens, FileTokens, TokenUnavailable

SECRET = "canary-secret-17"


class Issuer(ThreadingHTTPServer):
    """A token endpoint: answers what `answers` says, then a token that counts up."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.now = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/token"

    def tokens(self, scope: str | None = None, url: str | None = None) -> EndpointTokens:
        return EndpointTokens(
            url or self.url,
            client_id="worker",
            client_secret=lambda: SECRET,
            scope=scope,
            tls=ssl.create_default_context(),
            extensions={},
            clock=lambda: self.now,
            retry=replace(TOKEN, first=0.001, longest=0.01),
        )


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Issuer)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.asked.append((self.headers["authorization"], parse_qs(body)))
        token = {"access_token": f"t{len(self.server.asked)}", "expires_in": 600}
        waiting = self.server.answers
        status, answer = waiting.pop(0) if waiting else (200, json.dumps(token).encode())
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Say nothing."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_a_token_is_asked_for_by_the_client_credentials_grant(issuer: Issuer) -> None:
    assert await issuer.tokens(scope="kafka").token() == "t1"
    ((authorization, form),) = issuer.asked
    assert base64.b64decode(authorization.removeprefix("Basic ")) == f"worker:{SECRET}".encode()
    assert form == {"grant_type": ["client_credentials"], "scope": ["kafka"]}


async def test_a_token_is_kept_until_shortly_before_it_expires(issuer: Issuer) -> None:
    tokens = issuer.tokens()
    assert await tokens.token() == "t1"
    issuer.now = 539.0
    assert await tokens.token() == "t1"
    issuer.now = 541.0
    assert await tokens.token() == "t2"


async def test_connections_that_log_in_at_once_share_one_request(issuer: Issuer) -> None:
    tokens = issuer.tokens()
    assert await asyncio.gather(*(tokens.token() for _ in range(10))) == ["t1"] * 10
    assert len(issuer.asked) == 1


async def test_an_endpoint_that_stumbles_is_asked_again(issuer: Issuer) -> None:
    issuer.answers = [(503, b""), (429, b"")]
    assert await issuer.tokens().token() == "t3"


async def test_attempts_have_an_end(issuer: Issuer) -> None:
    issuer.answers = [(503, b"")] * 100
    with pytest.raises(TokenUnavailable, match="HTTP 503"):
        await issuer.tokens().token()
    assert len(issuer.asked) == TOKEN.tries


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        pytest.param(401, SECRET.encode(), "HTTP 401; look at the client id", id="refused"),
        pytest.param(302, b"", "HTTP 302", id="redirected"),
        pytest.param(200, SECRET.encode(), "not a token", id="no JSON"),
        pytest.param(200, b'{"token": "' + SECRET.encode() + b'"}', "not a token", id="other JSON"),
    ],
)
async def test_a_refusal_is_final_and_quotes_nothing(
    issuer: Issuer, status: int, body: bytes, said: str
) -> None:
    issuer.answers = [(status, body)]
    with pytest.raises(TokenUnavailable, match=said) as failure:
        await issuer.tokens().token()
    assert len(issuer.asked) == 1
    assert SECRET not in "".join(traceback.format_exception(failure.value))


async def test_an_endpoint_that_is_not_there_is_named(issuer: Issuer) -> None:
    nowhere = "http://127.0.0.1:1/token"
    with pytest.raises(TokenUnavailable, match=r"127\.0\.0\.1:1/token: ConnectError"):
        await issuer.tokens(url=nowhere).token()


async def test_a_token_file_is_read_again_at_every_login(tmp_path: Path) -> None:
    file = tmp_path / "token"
    tokens = FileTokens(file, {"a": "b"})
    for text in ("one", "two"):
        file.write_text(f"{text}\n")
        assert await tokens.token() == text
    file.unlink()
    with pytest.raises(ConfigError, match="CLEARWATER_SASL_OAUTH_TOKEN_FILE"):
        await tokens.token()
    assert tokens.extensions() == {"a": "b"}

"""Where OAUTHBEARER tokens come from: a file, or a token endpoint."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from aiokafka.abc import AbstractTokenProvider
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from pipelines.errors import ClearwaterError
from pipelines.retry import TOKEN, Retry
from pipelines.settings import read_secret, variable


class TokenUnavailable(ClearwaterError):
    """No token to log in to the brokers with."""


class _NotNow(TokenUnavailable):
    """The endpoint may answer if asked again."""


class FileTokens(AbstractTokenProvider):  # type: ignore[misc] # aiokafka has no types
    """Tokens from a file that something else keeps fresh; read again at every login."""

    def __init__(self, file: Path, extensions: Mapping[str, str]) -> None:
        self._file = file
        self._extensions = dict(extensions)

    async def token(self) -> str:
        """Return the token in the file.

        Raises:
            ConfigError: The file cannot be read or is empty.
        """
        return await asyncio.to_thread(read_secret, self._file, variable("sasl_oauth_token_file"))

    def extensions(self) -> dict[str, str]:
        """Return the SASL extensions to send along (RFC 7628)."""
        return self._extensions


class _Answer(BaseModel):
    """What a token endpoint answers (RFC 6749, 5.1)."""

    model_config = ConfigDict(hide_input_in_errors=True)

    access_token: SecretStr
    expires_in: float = 300.0


class EndpointTokens(AbstractTokenProvider):  # type: ignore[misc] # aiokafka has no types
    """Tokens by the client credentials grant (RFC 6749, 4.4), kept until about to expire.

    Safe to use from several event loops: Faust logs in from two threads.
    """

    def __init__(  # noqa: PLR0913 - what the grant consists of
        self,
        endpoint: str,
        *,
        client_id: str,
        client_secret: Callable[[], str],
        scope: str | None,
        tls: ssl.SSLContext,
        extensions: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        retry: Retry = TOKEN,
    ) -> None:
        """Take what to ask and how.

        Args:
            endpoint: URL of the token endpoint.
            client_id: Sent by HTTP Basic authentication, as RFC 6749, 2.3.1 prefers.
            client_secret: Called for every request, so that a rotated secret is taken up.
            scope: Scope to ask for.
            tls: How to verify the endpoint.
            extensions: SASL extensions (RFC 7628).
            clock: Seconds that never go back.
            retry: How often to ask while it does not answer.
        """
        self._endpoint = endpoint
        self._client_id = client_id
        self._client_secret = client_secret
        self._form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        self._tls = tls
        self._extensions = dict(extensions)
        self._clock = clock
        self._retrying = retry.blocking(_NotNow)
        self._lock = threading.Lock()
        self._token = SecretStr("")
        self._renew_at = float("-inf")

    async def token(self) -> str:
        """Return a token that is not about to expire.

        Raises:
            TokenUnavailable: The endpoint refuses, or does not answer after several attempts.
            ConfigError: The client secret's file cannot be read.
        """
        return await asyncio.to_thread(self._fresh)

    def extensions(self) -> dict[str, str]:
        """Return the SASL extensions to send along (RFC 7628)."""
        return self._extensions

    def _fresh(self) -> str:
        with self._lock:  # one request, however many connections wait for it
            if self._clock() >= self._renew_at:
                asked = self._clock()
                answer = self._ask_until_answered()
                self._token = answer.access_token
                self._renew_at = asked + answer.expires_in - min(60.0, answer.expires_in / 5)
            return self._token.get_secret_value()

    def _ask_until_answered(self) -> _Answer:
        return self._retrying.copy()(self._ask)

    def _ask(self) -> _Answer:
        try:
            response = httpx.post(
                self._endpoint,
                data=self._form,
                auth=(self._client_id, self._client_secret()),
                verify=self._tls,
                timeout=10.0,
            )
        except httpx.TransportError as error:
            reason = type(error).__name__
            raise _NotNow(f"token endpoint {self._endpoint}: {reason}") from None
        said = f"token endpoint {self._endpoint}: HTTP {response.status_code}"
        if response.status_code in {408, 429} or response.is_server_error:
            raise _NotNow(said)
        if not response.is_success:
            raise TokenUnavailable(f"{said}; look at the client id, its secret and the scope")
        try:
            return _Answer.model_validate_json(response.content)
        except ValidationError:
            raise TokenUnavailable(f"{said}, but not a token (RFC 6749, 5.1)") from None

"""Calls to a schema registry: tried again while nobody answers, with errors that say what to do."""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson

from pipelines.errors import ConfigError, DeliveryError
from pipelines.retry import REGISTRY

_TIMEOUT_SECONDS = 5.0
_CONTENT = "application/vnd.schemaregistry.v1+json"


class RegistryRefused(ConfigError):
    """The registry does not serve us at all: no rights, no trust, or no registry at its URL.

    It says nothing of a schema or a record: what was to be read or written is as good as before.
    """


class _NoAnswer(DeliveryError):
    """The registry did not answer this time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the registry said, errors included that are about the thing asked for.

    Attributes:
        status: HTTP status.
        body: The JSON object.
    """

    status: int
    body: dict[str, Any]

    @property
    def found(self) -> bool:
        """There is such a thing."""
        return self.status != httpx.codes.NOT_FOUND

    @property
    def good(self) -> bool:
        """It was done."""
        return httpx.codes.is_success(self.status)


class RegistryCalls:
    """The connections to one registry. Threads may share it."""

    def __init__(
        self, url: str, auth: tuple[str, str] | None, verify: Any, retry_seconds: float
    ) -> None:
        """Connect to nothing yet; see `HttpRegistry`."""
        self.url = url.rstrip("/")
        self._client = httpx.Client(
            auth=auth, verify=verify, timeout=_TIMEOUT_SECONDS, follow_redirects=False
        )
        self._retrying = replace(REGISTRY, seconds=retry_seconds).blocking(_NoAnswer)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __del__(self) -> None:  # whoever forgets to close leaves no socket open
        with suppress(Exception):
            self._client.close()

    def __call__(self, method: str, path: str, body: object = None) -> Answer:
        """Return the answer.

        Raises:
            RegistryRefused: It does not serve us.
            DeliveryError: It does not answer, or only with errors of its own.
        """
        content = None if body is None else orjson.dumps(body)
        return self._retrying.copy()(self._once, method, path, content)

    def stranger(self) -> RegistryRefused:
        """Return the error that what answers is no schema registry."""
        return RegistryRefused(
            f"what answers at {self.url} is no schema registry: its answer is not of Confluent's "
            "API. See CLEARWATER_SCHEMA_REGISTRY, and the path in it"
        )

    def _once(self, method: str, path: str, content: bytes | None) -> Answer:
        try:
            answer = self._client.request(
                method, self.url + path, content=content, headers={"Content-Type": _CONTENT}
            )
        except httpx.HTTPError as error:
            if _is_untrusted(error):
                raise RegistryRefused(
                    f"the certificate of the schema registry at {self.url} is not trusted: see "
                    "CLEARWATER_SCHEMA_REGISTRY_CA"
                ) from None
            name = type(error).__name__
            raise _NoAnswer(f"the schema registry at {self.url} does not answer: {name}") from None
        status = answer.status_code
        if answer.is_server_error or status == httpx.codes.TOO_MANY_REQUESTS:
            raise _NoAnswer(f"the schema registry at {self.url} answers {status}")
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise RegistryRefused(
                f"the schema registry at {self.url} refuses the login or its rights ({status}) to "
                f"{method} {path}: see CLEARWATER_SCHEMA_REGISTRY_USER and "
                "CLEARWATER_SCHEMA_REGISTRY_PASSWORD"
            )
        return Answer(status, self._body(answer))

    def _body(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            body = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            raise self.stranger() from None
        # an error of the registry has its own code; a proxy's 404 says nothing of a schema
        if not isinstance(body, dict) or not (answer.is_success or "error_code" in body):
            raise self.stranger()
        return body


def _is_untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False

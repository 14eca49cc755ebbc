"""A schema registry over HTTP: the part of Confluent's API that every registry has."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote

import httpx
import orjson
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from pipelines.errors import ConfigError, DeliveryError, RecordError

_LATEST_SECONDS = 30.0
_TIMEOUT_SECONDS = 5.0
_RETRY_SECONDS = 15.0
_LONGEST_WAIT_SECONDS = 3.0
_CONTENT = "application/vnd.schemaregistry.v1+json"


class Registry(Protocol):
    """Where Avro schemas come from and go to. Calls may block."""

    def by_id(self, schema_id: int) -> Any:
        """Return the schema with that id, as parsed JSON.

        Raises:
            RecordError: There is none (`schema_unknown`).
            DeliveryError: The registry does not answer.
        """

    def latest(self, subject: str) -> tuple[int, Any]:
        """Return id and schema of a subject's newest version.

        Raises:
            ConfigError: There is no such subject.
            DeliveryError: The registry does not answer.
        """

    def register(self, subject: str, schema: Any, compatibility: str | None = None) -> int:
        """Register a schema under a subject; return its id, the same for the same schema.

        Raises:
            ConfigError: The registry refuses it, for instance as incompatible.
            DeliveryError: The registry does not answer.
        """


class _NoAnswer(DeliveryError):
    """The registry did not answer this time."""


class HttpRegistry:
    """A client of one registry. Schemas by id are kept for ever: they never change."""

    def __init__(
        self,
        url: str,
        *,
        auth: tuple[str, str] | None = None,
        verify: Any = True,
        retry_seconds: float = _RETRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect to nothing yet.

        Args:
            url: Base URL; a path in it is kept.
            auth: User and password for basic authentication.
            verify: An SSL context, or True for the system's authorities.
            retry_seconds: How long a call is tried again while the registry does not answer.
            clock: Seconds that only ever grow.
        """
        self._url = url.rstrip("/")
        self._client = httpx.Client(
            auth=auth, verify=verify, timeout=_TIMEOUT_SECONDS, follow_redirects=False
        )
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._schemas: dict[int, Any] = {}
        self._latest: dict[str, tuple[float, int, Any]] = {}

    def __repr__(self) -> str:
        return f"HttpRegistry({self._url!r})"

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def by_id(self, schema_id: int) -> Any:
        """Return the schema with that id; see `Registry.by_id`."""
        if schema_id not in self._schemas:
            answer = self._call("GET", f"/schemas/ids/{schema_id}")
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise RecordError("schema_unknown", "decode", f"no schema with id {schema_id}")
            found = self._json(answer, f"schema {schema_id}")
            if _type(found) != "AVRO":
                hint = f"the schema with id {schema_id} is {_type(found)}, not AVRO"
                raise RecordError("schema_unknown", "decode", hint)
            self._schemas[schema_id] = self._resolved(found)
        return self._schemas[schema_id]

    def latest(self, subject: str) -> tuple[int, Any]:
        """Return id and schema of the newest version; see `Registry.latest`."""
        until, schema_id, schema = self._latest.get(subject, (0.0, 0, None))
        if self._clock() < until:
            return schema_id, schema
        answer = self._call("GET", f"/subjects/{quote(subject, safe='')}/versions/latest")
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise ConfigError(
                f"the schema registry has no subject `{subject}`: let a producer register its "
                "schema first, or name another in source.subject"
            )
        found = self._json(answer, f"subject `{subject}`")
        schema_id, schema = self._number(found), self._resolved(found)
        self._schemas[schema_id] = schema
        self._latest[subject] = (self._clock() + _LATEST_SECONDS, schema_id, schema)
        return schema_id, schema

    def register(self, subject: str, schema: Any, compatibility: str | None = None) -> int:
        """Register a schema; see `Registry.register`."""
        name = quote(subject, safe="")
        if compatibility is not None:
            answer = self._call("PUT", f"/config/{name}", {"compatibility": compatibility})
            self._json(answer, f"compatibility of `{subject}`")
        body = {"schema": orjson.dumps(schema).decode()}
        answer = self._call("POST", f"/subjects/{name}/versions", body)
        schema_id = self._number(self._json(answer, f"subject `{subject}`"))
        self._schemas[schema_id] = schema
        return schema_id

    def _resolved(self, found: dict[str, Any]) -> Any:
        """Return the schema with every referenced one put in at its first use."""
        if _type(found) != "AVRO":
            raise ConfigError(f"{self!r}: the schema is {_type(found)}, not AVRO")
        try:
            schema = orjson.loads(found["schema"])
        except (KeyError, TypeError, orjson.JSONDecodeError):
            raise self._stranger() from None
        named: dict[str, Any] = {}
        for reference in found.get("references") or ():
            path = f"/subjects/{quote(reference['subject'], safe='')}/versions"
            answer = self._call("GET", f"{path}/{reference['version']}")
            named[reference["name"]] = self._resolved(
                self._json(answer, f"subject `{reference['subject']}`")
            )
        return _with_references(schema, named) if named else schema

    def _call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Return an answer below 500, trying again with growing, random waits."""
        content = None if body is None else orjson.dumps(body)
        retrying = Retrying(
            retry=retry_if_exception_type(_NoAnswer),
            wait=wait_random_exponential(0.1, _LONGEST_WAIT_SECONDS),
            stop=stop_after_delay(self._retry_seconds),
            reraise=True,
        )
        for attempt in retrying:
            with attempt:
                return self._once(method, path, content)
        raise AssertionError("tenacity raises at the end")

    def _once(self, method: str, path: str, content: bytes | None) -> httpx.Response:
        try:
            answer = self._client.request(
                method, self._url + path, content=content, headers={"Content-Type": _CONTENT}
            )
        except httpx.HTTPError as error:
            raise _NoAnswer(f"{self!r} does not answer: {type(error).__name__}") from None
        busy = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        if answer.is_server_error or busy:
            raise _NoAnswer(f"{self!r} answers {answer.status_code}")
        return answer

    def _json(self, answer: httpx.Response, what: str) -> dict[str, Any]:
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise ConfigError(
                f"{self!r} refuses the login ({answer.status_code}): see "
                "CLEARWATER_SCHEMA_REGISTRY_USER and CLEARWATER_SCHEMA_REGISTRY_PASSWORD"
            )
        if answer.status_code == httpx.codes.CONFLICT:
            raise ConfigError(
                f"{what}: the derived schema is not compatible with the version before it; "
                "publish to a new topic, or relax publish.compatibility"
            )
        if not answer.is_success:
            raise ConfigError(f"{what}: {self!r} refuses it ({answer.status_code})")
        try:
            found = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            raise self._stranger() from None
        if not isinstance(found, dict):
            raise self._stranger()
        return found

    def _number(self, found: dict[str, Any]) -> int:
        try:
            return int(found["id"])
        except (KeyError, TypeError, ValueError):
            raise self._stranger() from None

    def _stranger(self) -> ConfigError:
        return ConfigError(
            f"{self!r} is no schema registry: its answer is not of Confluent's API. "
            "See CLEARWATER_SCHEMA_REGISTRY"
        )


def _type(found: dict[str, Any]) -> object:
    return found.get("schemaType") or "AVRO"  # registries leave it out for Avro


def _with_references(schema: Any, named: dict[str, Any]) -> Any:
    if isinstance(schema, str):
        return named.pop(schema, schema)
    if isinstance(schema, list):
        return [_with_references(one, named) for one in schema]
    if not isinstance(schema, dict):
        return schema
    replaced = dict(schema)
    for key in ("type", "items", "values"):
        if key in replaced:
            replaced[key] = _with_references(replaced[key], named)
    if isinstance(replaced.get("fields"), list):
        replaced["fields"] = [_with_references(one, named) for one in replaced["fields"]]
    return replaced

"""A schema registry over HTTP: the part of Confluent's API that every registry has."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote

import httpx
import orjson

from pipelines.errors import ConfigError, RecordError
from pipelines.wire.avro_types import Types, flattened, nested
from pipelines.wire.registry_calls import Answer, RegistryCalls, RegistryRefused
from pipelines.wire.schema_differences import differences

_LATEST_SECONDS = 30.0
_RETRY_SECONDS = 15.0


class Registry(Protocol):
    """Where Avro schemas come from and go to. Calls may block; threads may share it.

    Every call raises RegistryRefused (a ConfigError) where the registry does not serve us at all,
    and DeliveryError where it does not answer.
    """

    def by_id(self, schema_id: int) -> Any:
        """Return the schema with that id, as parsed JSON.

        Raises:
            RecordError: There is none (`schema_unknown`).
        """

    def latest(self, subject: str) -> tuple[int, Any]:
        """Return id and schema of a subject's newest version.

        Raises:
            ConfigError: There is no such subject.
        """

    def lookup(self, subject: str, schema: Any) -> int | None:
        """Return the id of a schema that is registered under a subject already, else None."""

    def check(self, subject: str, schema: Any, compatibility: str | None = None) -> None:
        """Return if the schema could be registered; nothing is changed.

        Raises:
            ConfigError: It is not compatible with the subject's newest version.
        """

    def register(self, subject: str, schema: Any, compatibility: str | None = None) -> int:
        """Register a schema under a subject; return its id, the same for the same schema.

        Args:
            subject: The subject.
            schema: The schema, as parsed JSON.
            compatibility: Set it for the subject first; None leaves it as the registry has it.

        Raises:
            ConfigError: The registry refuses it, for instance as incompatible.
        """


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
        self._call = RegistryCalls(url, auth, verify, retry_seconds)
        self._clock = clock
        self._schemas: dict[int, Any] = {}
        self._latest: dict[str, tuple[float, int, Any]] = {}

    def __repr__(self) -> str:
        return f"HttpRegistry({self._call.url!r})"

    def close(self) -> None:
        """Close its connections."""
        self._call.close()

    def by_id(self, schema_id: int) -> Any:
        """Return the schema with that id; see `Registry.by_id`."""
        if schema_id not in self._schemas:
            answer = self._call("GET", f"/schemas/ids/{schema_id}")
            if not answer.found:
                raise RecordError("schema_unknown", "decode", f"no schema with id {schema_id}")
            if _type(answer) != "AVRO":
                hint = f"the schema with id {schema_id} is {_type(answer)}, not AVRO"
                raise RecordError("schema_unknown", "decode", hint)
            self._schemas[schema_id] = self._schema(answer)
        return self._schemas[schema_id]

    def latest(self, subject: str) -> tuple[int, Any]:
        """Return id and schema of the newest version; see `Registry.latest`."""
        until, schema_id, schema = self._latest.get(subject, (0.0, 0, None))
        if self._clock() < until:
            return schema_id, schema
        answer = self._call("GET", f"{_path(subject)}/versions/latest")
        if not answer.found:
            raise ConfigError(
                f"the schema registry has no subject `{subject}`: let a producer register its "
                "schema first, or name another in source.subject"
            )
        if _type(answer) != "AVRO":
            raise ConfigError(f"subject `{subject}`: its schema is {_type(answer)}, not AVRO")
        schema_id, schema = self._number(answer), self._schema(answer)
        self._schemas[schema_id] = schema
        self._latest[subject] = (self._clock() + _LATEST_SECONDS, schema_id, schema)
        return schema_id, schema

    def lookup(self, subject: str, schema: Any) -> int | None:
        """Return the id of a registered schema; see `Registry.lookup`."""
        answer = self._call("POST", _path(subject), _written(schema))
        return self._number(answer) if answer.good else None

    def check(self, subject: str, schema: Any, compatibility: str | None = None) -> None:
        """Return if the schema could be registered; see `Registry.check`."""
        if compatibility == "NONE":
            return
        path = f"/compatibility{_path(subject)}/versions/latest?verbose=true"
        answer = self._call("POST", path, _written(schema))
        if answer.good and not answer.body.get("is_compatible", True):
            raise self._incompatible(subject, schema)
        if answer.found and not answer.good:
            raise self._invalid(subject, answer)

    def register(self, subject: str, schema: Any, compatibility: str | None = None) -> int:
        """Register a schema; see `Registry.register`."""
        if compatibility is not None:
            self._set_compatibility(subject, compatibility)
        # who may only read can still run what was registered for it
        schema_id = self.lookup(subject, schema)
        if schema_id is None:
            answer = self._call("POST", f"{_path(subject)}/versions", _written(schema))
            if answer.status == httpx.codes.CONFLICT:
                raise self._incompatible(subject, schema)
            if not answer.good:
                raise self._invalid(subject, answer)
            schema_id = self._number(answer)
            self._latest.pop(subject, None)
        self._schemas[schema_id] = schema
        return schema_id

    def _set_compatibility(self, subject: str, compatibility: str) -> None:
        path = f"/config/{quote(subject, safe='')}"
        answer = self._call("GET", path)
        if answer.good and answer.body.get("compatibilityLevel") == compatibility:
            return
        answer = self._call("PUT", path, {"compatibility": compatibility})
        if not answer.good:
            raise ConfigError(
                f"subject `{subject}`: the schema registry refuses compatibility {compatibility} "
                f"({answer.status})"
            )

    def _schema(self, answer: Answer) -> Any:
        """Return the schema; what it references is put in at its first use."""
        if not answer.body.get("references"):
            return self._text(answer)
        types: Types = {}
        return nested(self._flat(answer, types), types)

    def _flat(self, answer: Answer, types: Types) -> Any:
        for reference in answer.body.get("references") or ():
            subject, version = reference["subject"], reference["version"]
            found = self._call("GET", f"{_path(subject)}/versions/{version}")
            if not found.good:
                raise ConfigError(f"the schema registry has no version {version} of `{subject}`")
            self._flat(found, types)
        return flattened(self._text(answer), types)[0]

    def _text(self, answer: Answer) -> Any:
        try:
            return orjson.loads(answer.body["schema"])
        except (KeyError, TypeError, orjson.JSONDecodeError):
            raise self._call.stranger() from None

    def _number(self, answer: Answer) -> int:
        try:
            return int(answer.body["id"])
        except (KeyError, TypeError, ValueError):
            raise self._call.stranger() from None

    def _incompatible(self, subject: str, schema: Any) -> ConfigError:
        """Return the error that a schema cannot follow the newest of its subject, and why."""
        try:
            _, before = self.latest(subject)
            changes = "; ".join(differences(before, schema))
        except ConfigError:
            changes = ""
        return ConfigError(
            f"subject `{subject}`: the derived schema is not compatible with its newest version"
            + (f" ({changes})" if changes else "")
            + ": publish to a new topic, or relax publish.compatibility"
        )

    def _invalid(self, subject: str, answer: Answer) -> ConfigError:
        return ConfigError(
            f"subject `{subject}`: the schema registry refuses the derived schema as invalid "
            f"({answer.status})"
        )


def _path(subject: str) -> str:
    return f"/subjects/{quote(subject, safe='')}"


def _written(schema: Any) -> dict[str, str]:
    return {"schema": orjson.dumps(schema).decode(), "schemaType": "AVRO"}


def _type(answer: Answer) -> object:
    return answer.body.get("schemaType") or "AVRO"  # registries leave it out for Avro


__all__ = ["HttpRegistry", "Registry", "RegistryRefused"]

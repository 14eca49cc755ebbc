"""PipelineWire: how one pipeline's values are read and written."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipelines.codec import Reading, Writing
from pipelines.declaration.pipeline import Publish, Source
from pipelines.effect import Effect
from pipelines.errors import ConfigError, DeliveryError, Problem, RecordError
from pipelines.shape import ANY, TEXT_LINE, Shape
from pipelines.wire import avro, json, text
from pipelines.wire.avro_shape import shape_of
from pipelines.wire.avro_unions import confusable
from pipelines.wire.derive import derive
from pipelines.wire.registry import Registry, RegistryRefused

_DECODE: dict[str, tuple[Shape, Callable[[bytes], Any]]] = {
    "json": (ANY, json.decode_record),
    "text": (TEXT_LINE, text.decode_line),
    "bytes": (Shape("bytes"), text.decode_bytes),
}
_ENCODE: dict[str, Callable[[object], bytes]] = {
    "json": json.encode,
    "text": text.encode_line,
    "bytes": text.encode_bytes,
}


_CORRECT = "correct the schema where it is kept"


class PipelineWire:
    """The formats of one pipeline's source and destinations; a `codec.Wire`."""

    def __init__(self, source: Source, publish: Publish, registry: Registry | None) -> None:
        """Take the declarations and, for Avro, the registry."""
        self._source = source
        self._publish = publish
        self._registry = registry
        self._target = publish.value or source.value
        self._served = False

    def schema_id(self, raw: bytes) -> int | None:
        """Return the schema id in a value's framing; see `codec.Wire`."""
        return avro.schema_id(raw) if self._source.value == "avro" else None

    def reading(self, schema_id: int | None) -> Reading:
        """Return how to read values with that schema; see `codec.Wire`."""
        if self._source.value != "avro":
            shape, decode = _DECODE[self._source.value]
            quick = json.decode_records if self._source.value == "json" else None
            return Reading(shape, decode, decode_all=quick)
        registry = self._avro_registry()
        if schema_id is None:
            return self._newest(registry)
        try:
            schema = registry.by_id(schema_id)
        except ConfigError as error:
            # a login that ran out is no fault of the records: they are read again
            raise DeliveryError(str(error)) from None
        try:
            return _avro_reading(schema_id, schema)
        except ConfigError:
            hint = f"the schema with id {schema_id} is no valid Avro schema"
            raise RecordError("schema_refused", "decode", hint) from None

    def reading_as_newest(self, schema_id: int) -> Reading:
        """Return how to read older values as the newest version; see `codec.Wire`."""
        registry = self._avro_registry()
        number, newest = registry.latest(self._subject())
        decode = avro.decoder(registry.by_id(schema_id), newest)
        return Reading(shape_of(newest), _no_null(decode), newest, number)

    def _newest(self, registry: Registry) -> Reading:
        code = "CW0603"
        try:
            number, schema = registry.latest(self._subject())
            code = "CW0604"
            return _avro_reading(number, schema)
        except ConfigError as error:
            error.problems = tuple(
                replace(
                    one,
                    code=one.code or code,
                    path=one.path or "source.topic",
                    fix=one.fix or (_CORRECT if code == "CW0604" else ""),
                )
                for one in error.problems
            )
            raise

    def writing(self, destination: str, reading: Reading, effects: Sequence[Effect]) -> Writing:
        """Return how to write to a destination; see `codec.Wire`."""
        if "bytes" in (self._target, self._source.value) and self._target != self._source.value:
            message = f"a {self._source.value} topic cannot be published as {self._target}"
            raise ConfigError([Problem(message, path="publish.value", code="CW0601")])
        if self._target != "avro":
            if self._target != "json":
                return Writing(_ENCODE[self._target])
            same = self._source.value == "json" and not effects
            return Writing(json.encode, None, json.encode_all, json.kept if same else None)
        if reading.schema is None:
            message = f"a {self._source.value} topic has no schema to derive one from: publish json"
            raise ConfigError([Problem(f"avro: {message}", path="publish.value", code="CW0601")])
        schema = derive(reading.schema, effects)
        unclear = confusable(schema)
        if unclear is not None:
            path, one, other = unclear
            message = (
                f"`{path}` holds objects of several types, and a `{one}` cannot be told from a "
                f"`{other}` by its fields: remove the field, or publish as json"
            )
            raise ConfigError([Problem(message, path="publish.value", code="CW0605")])
        own = self._publish.subject if destination == self._publish.topic else None
        number = self._registered(own or f"{destination}-value", schema)
        kept = None if effects else avro.keeper(schema, reading.schema_id, number)
        return Writing(avro.encoder(schema, number), schema=schema, kept=kept)

    def raw(self, value: Any) -> bytes:
        """Return a plain JSON value as bytes of the source topic, for trials and samples.

        Raises:
            ConfigError: It does not fit the source's newest schema, naming the field.
        """
        if self._source.value == "json":
            return json.encode(value)
        if self._source.value == "avro":
            number, schema = self._avro_registry().latest(self._subject())
            return avro.encoder(schema, number)(avro.from_json(value, schema))
        if isinstance(value, dict) and isinstance(value.get("line"), str):
            value = value["line"]
        if not isinstance(value, str):
            raise ConfigError(f"the value of a {self._source.value} topic is text")
        return value.encode()

    def plain(self, raw: bytes, *, of_source: bool = False) -> Any:
        """Return bytes of a destination (or of the source) as a plain value for printing."""
        value_format = self._source.value if of_source else self._target
        if value_format == "json":
            return json.decode(raw)
        if value_format == "text":
            return text.decode_line(raw)["line"]
        if value_format == "bytes":
            return {"$bytes": base64.b64encode(raw).decode("ascii")}
        schema = self._avro_registry().by_id(avro.schema_id(raw))
        return json.decode(json.encode(avro.decoder(schema)(raw)))

    def _registered(self, subject: str, schema: Any) -> int:
        registry = self._avro_registry()
        try:
            number = registry.register(subject, schema, self._publish.compatibility)
        except RegistryRefused as error:
            if not self._served:
                raise
            raise DeliveryError(str(error)) from None  # it worked before: try again later
        self._served = True
        return number

    def _subject(self) -> str:
        return self._source.subject or f"{self._source.topic}-value"

    def _avro_registry(self) -> Registry:
        if self._registry is None:
            fix = (
                "set CLEARWATER_SCHEMA_REGISTRY to its URL, or to a folder with a file "
                "SUBJECT.avsc per subject"
            )
            what = "avro needs a schema registry"
            raise ConfigError([Problem(what, path="source.value", code="CW0602", fix=fix)])
        return self._registry


def _avro_reading(number: int, schema: Any) -> Reading:
    decode = avro.decoder(schema)  # first: it refuses what is no schema
    return Reading(shape_of(schema), _no_null(decode), schema, number)


def _no_null(decode: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return a decoder that refuses the value null: it would leave as a tombstone, and delete."""

    def checked(raw: bytes) -> Any:
        value = decode(raw)
        if value is None:
            raise json.no_record()
        return value

    return checked

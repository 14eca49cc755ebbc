"""Avro values in Confluent's framing: a zero byte, the schema's id, the value in binary."""

from __future__ import annotations

import copy
import functools
import io
import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import fastavro
from fastavro.read import SchemaResolutionError

from pipelines.errors import ConfigError, RecordError
from pipelines.wire.avro_compiled import Read, compiled_reader
from pipelines.wire.avro_misfit import misfit
from pipelines.wire.avro_names import expanded

_FRAME = struct.Struct(">bI")
_NAMED = ("record", "enum", "fixed", "error")


def schema_id(raw: bytes) -> int:
    """Return the schema id in a value's framing.

    Raises:
        RecordError: The value is not framed so (`decode_failed`).
    """
    if len(raw) < _FRAME.size or raw[0] != 0:
        raise RecordError("decode_failed", "decode", "no Confluent framing before the Avro value")
    return int.from_bytes(raw[1:5])


def decoder(schema: Any, reader: Any = None) -> Callable[[bytes], Any]:
    """Return a function from a framed value to the value.

    Logical types become Python's: timestamps with their zone, dates, decimals. A UUID stays text.

    Args:
        schema: The writer's schema.
        reader: Read values as of this schema, by Avro's schema resolution: fields that the writer
            did not have get their defaults. None: as they were written.

    Raises:
        ConfigError: A schema is no valid Avro schema.
    """
    parsed = _parsed(_without_uuid(schema))
    compiled = compiled_reader(expanded(_without_uuid(schema))) if reader is None else None
    if compiled is not None:
        return _quick(compiled)
    target = None if reader is None else _parsed(_without_uuid(reader))
    read = fastavro.schemaless_reader

    def decode(raw: bytes) -> Any:
        source = io.BytesIO(raw)
        source.seek(_FRAME.size)
        try:
            value = read(source, parsed, target)
        except MemoryError:
            raise
        except SchemaResolutionError:
            hint = "its schema does not fit the pipeline, nor can the newest one read it"
            raise RecordError("schema_refused", "decode", hint) from None
        except Exception:  # noqa: BLE001 - its text may quote the value
            raise RecordError("decode_failed", "decode", "not a value of its schema") from None
        if source.tell() != len(raw):
            raise RecordError("decode_failed", "decode", "bytes are left after the Avro value")
        return value

    return decode


def _quick(read: Read) -> Callable[[bytes], Any]:
    """Return a function from a framed value to the value, as `decoder` does."""
    size = _FRAME.size

    def decode(raw: bytes) -> Any:
        try:
            value, end = read(raw, size)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - its text may quote the value
            raise RecordError("decode_failed", "decode", "not a value of its schema") from None
        if end < len(raw):
            raise RecordError("decode_failed", "decode", "bytes are left after the Avro value")
        if end > len(raw):
            raise RecordError("decode_failed", "decode", "not a value of its schema")
        return value

    return decode


def encoder(schema: Any, number: int) -> Callable[[object], bytes]:
    """Return a function from a value to its framed bytes under the schema with that id.

    Raises:
        ConfigError: The schema is no valid Avro schema.
    """
    parsed = _parsed(schema)
    frame = _FRAME.pack(0, number)
    write = fastavro.schemaless_writer
    locate = functools.cache(lambda: misfit(schema))  # made for the first value that does not fit

    def encode(value: object) -> bytes:
        sink = io.BytesIO()
        sink.write(frame)
        try:
            write(sink, parsed, value)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - its text may quote the value
            where = locate()(value) or "encode"
            raise RecordError("encode_failed", where, "not of the schema's type") from None
        return sink.getvalue()

    return encode


def keeper(
    schema: Any, read_as: int | None, number: int
) -> Callable[[Sequence[bytes], Sequence[object]], Sequence[bytes | None]] | None:
    """Return a function from framed values that nothing changed to the same under another id.

    It returns None for each value that was written with another schema than it was read as.

    Args:
        schema: What they were read as, and leave as.
        read_as: The id of that schema in their framing.
        number: The id that they get.

    Returns:
        None where that cannot be: of a name given twice in a map only the last value is decoded,
        and what nobody looked at must not leave.
    """
    if read_as is None or _holds_map(schema):
        return None
    framing, frame = _FRAME.pack(0, read_as), _FRAME.pack(0, number)
    size = _FRAME.size

    def kept(raws: Sequence[bytes], values: Sequence[object]) -> Sequence[bytes | None]:
        del values  # all of an Avro value is decoded
        if frame == framing:
            return [raw if raw.startswith(framing) else None for raw in raws]
        return [frame + raw[size:] if raw.startswith(framing) else None for raw in raws]

    return kept


def _holds_map(schema: Any) -> bool:
    if isinstance(schema, dict):
        return schema.get("type") == "map" or any(map(_holds_map, schema.values()))
    return isinstance(schema, list) and any(map(_holds_map, schema))


def _parsed(schema: Any) -> Any:
    try:
        return fastavro.parse_schema(copy.deepcopy(schema), named_schemas={})
    except Exception as error:  # noqa: BLE001 - fastavro has many
        raise ConfigError(f"not a valid Avro schema: {type(error).__name__}: {error}") from None


def _without_uuid(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_uuid(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: value for key, value in schema.items() if key != "logicalType" or value != "uuid"}
    for key in ("type", "items", "values"):
        if isinstance(plain.get(key), dict | list):
            plain[key] = _without_uuid(plain[key])
    if isinstance(plain.get("fields"), list):
        plain["fields"] = [_without_uuid(one) for one in plain["fields"]]
    return plain


def from_json(value: Any, schema: Any) -> Any:
    """Return a plain JSON value as one that can be encoded under the schema.

    Text stands for timestamps (RFC 3339), dates, decimals and bytes.
    """
    return _from_json(value, expanded(schema), {})


def _from_json(value: Any, schema: Any, named: dict[str, Any]) -> Any:
    if isinstance(schema, str):
        schema = named.get(schema, {"type": schema})
    if isinstance(schema, list):
        branches = [one for one in schema if one != "null"]
        return value if value is None else _from_json(value, _branch(value, branches), named)
    kind = schema.get("type")
    if isinstance(kind, dict | list):
        return _from_json(value, kind, named)
    if kind in _NAMED:
        named[schema["name"]] = schema
    if kind == "record" and isinstance(value, dict):
        types = {field["name"]: field["type"] for field in schema["fields"]}
        return {
            name: _from_json(inner, types[name], named) if name in types else inner
            for name, inner in value.items()
        }
    if kind == "array" and isinstance(value, list):
        return [_from_json(one, schema["items"], named) for one in value]
    if kind == "map" and isinstance(value, dict):
        return {key: _from_json(one, schema["values"], named) for key, one in value.items()}
    return _scalar(value, kind, schema.get("logicalType", "")) if isinstance(value, str) else value


def _branch(value: Any, branches: list[Any]) -> Any:
    """Return the member of a union that a plain value is meant for."""
    of_type: dict[type, tuple[str, ...]] = {
        str: ("string", "enum"),
        list: ("array",),
        dict: ("record", "map"),
    }
    wanted = of_type.get(type(value), ())
    for one in branches:
        kind = one.get("type") if isinstance(one, dict) else one
        is_logical = isinstance(one, dict) and "logicalType" in one
        if kind in wanted and not is_logical:
            return one
    return branches[0] if branches else "null"


def _scalar(text: str, kind: str, logical: str) -> Any:
    try:
        if logical.startswith("timestamp"):
            return datetime.fromisoformat(text)
        if logical == "date":
            return date.fromisoformat(text)
        if logical == "decimal":
            return Decimal(text)
    except (ValueError, InvalidOperation):
        return text  # the encoder says that it does not fit
    return text.encode() if kind in ("bytes", "fixed") else text

"""CEL values as JSON, and back: what JSON has no type for is an object with one tag.

`{"$int": "9007199254740993"}`, `{"$uint": "1"}`, `{"$double": "NaN"}`, `{"$bytes": base64}`,
`{"$timestamp": RFC 3339}`, `{"$duration": "1.5s"}`, `{"$map": [[key, value], …]}`,
`{"$type": "int"}` and `{"$optional": [value]}`, `[]` for none. A plain integer is an int, a number
with a point or exponent a double. Tags are written only where plain JSON would lose the type.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

from pipelines.condition.error import CelFailure
from pipelines.condition.macros import map_of
from pipelines.condition.times import (
    duration_text,
    parsed_duration,
    parsed_timestamp,
    timestamp_text,
)
from pipelines.condition.values import (
    ABSENT,
    INT_MAX,
    INT_MIN,
    NONE,
    UINT_MAX,
    CelType,
    Optional,
    Uint,
    kind_of,
    known_key,
)
from pipelines.errors import ConfigError

_SAFE = 2**53 - 1
"""Integers beyond this are rounded by readers of JSON that know doubles only."""
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def load(text: str | bytes) -> Any:
    """Return the JSON document as Python values, its numbers told apart.

    Raises:
        ConfigError: It is no JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ConfigError("nested too deeply") from None
    except ValueError:
        raise ConfigError("not JSON") from None


def to_cel(value: Any) -> Any:
    """Return the CEL value of a JSON value.

    Raises:
        ConfigError: A tag holds what its type cannot be.
    """
    if type(value) is int:
        return _integer(value)
    if type(value) is str:
        return _text(value)
    if type(value) is list:
        return [to_cel(one) for one in value]
    if type(value) is dict:
        if len(value) == 1:
            ((tag, held),) = value.items()
            read = _READERS.get(tag)
            if read is not None:
                return _read(tag, read, held)
        return {_text(key): to_cel(one) for key, one in value.items()}
    return value


def to_json(value: Any) -> Any:
    """Return what `json.dumps` writes a CEL value from, with tags."""
    write = _WRITERS.get(kind_of(value))
    return value if write is None else write(value)


def dump(value: Any) -> bytes:
    """Return one line of JSON, its end included."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode(errors="backslashreplace")  # that of half a character is JSON's, too


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _read(tag: str, read: Callable[[Any], Any], held: Any) -> Any:
    try:
        return read(held)
    except (ValueError, TypeError, OverflowError, CelFailure):
        raise ConfigError(f"this is no value of {tag}") from None


def _integer(value: Any) -> int:
    number = int(value)
    if not INT_MIN <= number <= INT_MAX:
        raise ConfigError("an int has 64 bits")
    return number


def _text(value: str) -> str:
    if value.isascii() or not any(0xD800 <= ord(one) < 0xE000 for one in value):  # noqa: PLR2004 - surrogates
        return value
    raise ConfigError("a string is made of characters: this has half of one")


def _unsigned(held: Any) -> Uint:
    number = int(held)
    if not 0 <= number <= UINT_MAX:
        raise ConfigError("an uint has 64 bits and no sign")
    return Uint(number)


def _double(held: Any) -> float:
    return _SPECIAL[held] if held in _SPECIAL else float(held)


def _entries(held: Any) -> dict[Any, Any]:
    return map_of(*((to_cel(key), to_cel(one)) for key, one in held))


def _optional(held: Any) -> Optional:
    if len(held) > 1:
        raise ValueError
    return Optional(to_cel(held[0])) if held else NONE


def _write_int(value: int) -> Any:
    return value if abs(value) <= _SAFE else {"$int": str(value)}


def _write_double(value: float) -> Any:
    if math.isfinite(value):
        return value
    return {"$double": next(name for name, one in _SPECIAL.items() if repr(one) == repr(value))}


def _write_map(value: dict[Any, Any]) -> Any:
    is_plain = all(type(key) is str for key in value)
    if is_plain and not (len(value) == 1 and next(iter(value)) in _READERS):
        return {key: to_json(one) for key, one in value.items()}
    return {"$map": [[to_json(known_key(key)), to_json(one)] for key, one in value.items()]}


def _write_optional(value: Optional) -> Any:
    return {"$optional": [] if value.value is ABSENT else [to_json(value.value)]}


_READERS: dict[str, Callable[[Any], Any]] = {
    "$int": lambda held: _integer(int(held)),
    "$uint": _unsigned,
    "$double": _double,
    "$bytes": lambda held: base64.b64decode(held, validate=True),
    "$timestamp": parsed_timestamp,
    "$duration": parsed_duration,
    "$map": _entries,
    "$type": lambda held: CelType(str(held)),
    "$optional": _optional,
}
_WRITERS: dict[str, Callable[[Any], Any]] = {
    "int": _write_int,
    "uint": lambda value: {"$uint": str(int(value))},
    "double": _write_double,
    "bytes": lambda value: {"$bytes": base64.b64encode(value).decode("ascii")},
    "timestamp": lambda value: {"$timestamp": timestamp_text(value)},
    "duration": lambda value: {"$duration": duration_text(value)},
    "list": lambda value: [to_json(one) for one in value],
    "map": _write_map,
    "type": lambda value: {"$type": value.name},
    "optional": _write_optional,
}

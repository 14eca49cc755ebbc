"""CEL's functions, with the types they take and give."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines.condition import conversions, mathematics, optionals, own, texts, time_parts
from pipelines.condition.error import CelFailure
from pipelines.condition.text_format import formatted
from pipelines.condition.values import Optional, a_kind, type_of
from pipelines.shape import Kind

Kinds = tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        run: What it does.
        takes: Kinds that each argument may have, the target first; none given: any kind.
        gives: Kind of its result.
        method: It is called on its first argument, `text.contains("x")`.
        both: It may be called either way.
        optional: So many of the last arguments may be left out.
        more: It takes any number of arguments, all like the last.
        lazy: Its last argument is evaluated only where it is needed.
    """

    run: Callable[..., Any]
    takes: tuple[Kinds, ...]
    gives: Kind
    method: bool = False
    both: bool = False
    optional: int = 0
    more: bool = False
    lazy: bool = False

    def fits(self, count: int, *, is_method: bool) -> bool:
        """Return True if it can be called so, with so many arguments, the target included."""
        if is_method != self.method and not self.both:
            return False
        if self.more:
            return count >= len(self.takes)
        return len(self.takes) - self.optional <= count <= len(self.takes)


def size(value: Any) -> int:
    """Return the number of code points, bytes, elements or entries."""
    if type(value) in (str, bytes, list, dict):
        return len(value)
    raise CelFailure(f"{a_kind(value)} has no size")


_ANY: Kinds = ()
_STRING: Kinds = ("string",)
_INT: Kinds = ("int",)
_LIST: Kinds = ("list",)
_OPTIONAL: Kinds = ("optional",)
_NUMBER: Kinds = ("int", "uint", "double")
_BITS: Kinds = ("int", "uint")
_DOUBLE: Kinds = ("double",)


def _text(run: Callable[..., Any], *more: Kinds, gives: Kind, optional: int = 0) -> Function:
    return Function(run, (_STRING, *more), gives, method=True, optional=optional)


def _part(name: str) -> Function:
    times: Kinds = ("timestamp", "duration") if name in time_parts.OF_DURATIONS else ("timestamp",)
    return Function(time_parts.part_of(name), (times, _STRING), "int", method=True, optional=1)


FUNCTIONS: dict[str, Function] = {
    "size": Function(size, (("string", "bytes", "list", "map", "object"),), "int", both=True),
    "startsWith": _text(texts.starts_with, _STRING, gives="bool"),
    "endsWith": _text(texts.ends_with, _STRING, gives="bool"),
    "contains": _text(texts.contains, _STRING, gives="bool"),
    "matches": Function(texts.matches, (_STRING, _STRING), "bool", both=True),
    "charAt": _text(texts.char_at, _INT, gives="string"),
    "indexOf": _text(texts.index_of, _STRING, _INT, gives="int", optional=1),
    "lastIndexOf": _text(texts.last_index_of, _STRING, _INT, gives="int", optional=1),
    "join": Function(texts.join, (_LIST, _STRING), "string", method=True, optional=1),
    "lowerAscii": _text(texts.lower_ascii, gives="string"),
    "upperAscii": _text(texts.upper_ascii, gives="string"),
    "replace": _text(texts.replace, _STRING, _STRING, _INT, gives="string", optional=1),
    "split": _text(texts.split, _STRING, _INT, gives="list", optional=1),
    "substring": _text(texts.substring, _INT, _INT, gives="string", optional=1),
    "trim": _text(texts.trim, gives="string"),
    "reverse": _text(texts.reverse, gives="string"),
    "format": _text(formatted, _LIST, gives="string"),
    "strings.quote": Function(texts.quote, (_STRING,), "string"),
    "int": Function(
        conversions.to_int,
        (("int", "uint", "double", "string", "bool", "timestamp", "decimal"),),
        "int",
    ),
    "uint": Function(
        conversions.to_uint, (("int", "uint", "double", "string", "decimal"),), "uint"
    ),
    "double": Function(
        conversions.to_double, (("int", "uint", "double", "string", "decimal"),), "double"
    ),
    "string": Function(
        conversions.to_string,
        (
            (
                "string", "bool", "int", "uint", "double", "bytes", "timestamp", "duration",
                "decimal",
            ),
        ),
        "string",
    ),
    "bytes": Function(conversions.to_bytes, (("bytes", "string"),), "bytes"),
    "bool": Function(conversions.to_bool, (("bool", "string"),), "bool"),
    "timestamp": Function(
        conversions.to_timestamp, (("timestamp", "int", "string"),), "timestamp"
    ),
    "duration": Function(conversions.to_duration, (("duration", "string"),), "duration"),
    "dyn": Function(conversions.as_it_is, (_ANY,), "any"),
    "type": Function(type_of, (_ANY,), "type"),
    **{name: _part(name) for name in time_parts.NAMES},
    "optional.of": Function(Optional, (_ANY,), "optional"),
    "optional.none": Function(optionals.none, (), "optional"),
    "optional.ofNonZeroValue": Function(optionals.of_non_zero, (_ANY,), "optional"),
    "optional.unwrap": Function(optionals.unwrapped, (_LIST,), "list"),
    "unwrapOpt": Function(optionals.unwrapped, (_LIST,), "list", method=True),
    "hasValue": Function(optionals.has_value, (_OPTIONAL,), "bool", method=True),
    "value": Function(optionals.value_of, (_OPTIONAL,), "any", method=True),
    "or": Function(
        optionals.or_other, (_OPTIONAL, _OPTIONAL), "optional", method=True, lazy=True
    ),
    "orValue": Function(optionals.or_value, (_OPTIONAL, _ANY), "any", method=True, lazy=True),
    "math.greatest": Function(mathematics.greatest, ((*_NUMBER, "list"),), "any", more=True),
    "math.least": Function(mathematics.least, ((*_NUMBER, "list"),), "any", more=True),
    "math.ceil": Function(mathematics.rounding(math.ceil), (_DOUBLE,), "double"),
    "math.floor": Function(mathematics.rounding(math.floor), (_DOUBLE,), "double"),
    "math.round": Function(mathematics.rounding(mathematics.half_away), (_DOUBLE,), "double"),
    "math.trunc": Function(mathematics.rounding(math.trunc), (_DOUBLE,), "double"),
    "math.abs": Function(mathematics.absolute, (_NUMBER,), "any"),
    "math.sign": Function(mathematics.sign, (_NUMBER,), "any"),
    "math.sqrt": Function(mathematics.square_root, (_NUMBER,), "double"),
    "math.isNaN": Function(mathematics.testing(math.isnan), (_DOUBLE,), "bool"),
    "math.isInf": Function(mathematics.testing(math.isinf), (_DOUBLE,), "bool"),
    "math.isFinite": Function(mathematics.testing(math.isfinite), (_DOUBLE,), "bool"),
    "math.bitAnd": Function(mathematics.of_bits(operator.and_), (_BITS, _BITS), "any"),
    "math.bitOr": Function(mathematics.of_bits(operator.or_), (_BITS, _BITS), "any"),
    "math.bitXor": Function(mathematics.of_bits(operator.xor), (_BITS, _BITS), "any"),
    "math.bitNot": Function(mathematics.bits_inverted, (_BITS,), "any"),
    "math.bitShiftLeft": Function(mathematics.shifted_left, (_BITS, _INT), "any"),
    "math.bitShiftRight": Function(mathematics.shifted_right, (_BITS, _INT), "any"),
    "base64.encode": Function(own.encoded, (("bytes",),), "string"),
    "base64.decode": Function(own.decoded, (_STRING,), "bytes"),
    "hash": Function(own.hashed, (_ANY,), "int"),
    "glob": Function(own.glob, (_STRING, _STRING), "bool"),
}  # fmt: skip
"""Every function but `has`, `header` and the macros."""

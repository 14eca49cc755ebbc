"""JSON in a text field."""

from __future__ import annotations

import orjson

from pipelines.field_path import MISSING
from pipelines.shape import ANY
from pipelines.steps.parse.format import Format


def read_json(text: str, timestamp: int) -> object:
    """Return the value that a JSON text (RFC 8259) holds."""
    del timestamp
    try:
        found: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return MISSING
    return found


JSON = Format(read_json, None, ANY)
"""Any JSON value; an object where the fields go to the record itself."""

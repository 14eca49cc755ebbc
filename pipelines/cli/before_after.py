"""A record that left, beside what it was: of the raw one only what left unchanged is shown."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

_ABSENT = object()


def before(raw: object, clean: object = _ABSENT) -> object:
    """Return a raw value with everything masked that does not stand in the clean one, too.

    A value stays where the clean record has the same one in the same place: there it has left
    already. Every other becomes stars of its length, so that no value is shown that has not gone
    through the gate. The names of fields stay.
    """
    if isinstance(raw, Mapping):
        beside = clean if isinstance(clean, Mapping) else {}
        return {name: before(one, beside.get(name, _ABSENT)) for name, one in raw.items()}
    if isinstance(raw, list):
        other = clean if isinstance(clean, list) and len(clean) == len(raw) else []
        pairs = zip(raw, other or [_ABSENT] * len(raw), strict=True)
        return [before(one, two) for one, two in pairs]
    if type(raw) is type(clean) and raw == clean:
        return raw
    text = raw if isinstance(raw, str) else orjson.dumps(raw, default=str).decode()
    return "*" * len(text)

"""Cleaner: the exact walk through one value that looked suspicious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import orjson

from pipelines.canonical_text import canonical_text
from pipelines.errors import RecordError
from pipelines.field_path import EACH, REMOVED, Segment
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH, inner_json
from pipelines.treatment import Treat

Findings = Counter[tuple[str, str]]
Place = tuple[Segment, ...]
_DEFAULT: tuple[str, Treat] = ("replace", lambda _, entity: f"<{entity}>")
_ROUNDS = 4  # what a treatment writes could itself look like something


class Cleaner:
    """Treats what detectors find in strings, keys of maps, numbers and JSON inside strings."""

    def __init__(
        self,
        scan: Scan,
        treats: Mapping[str, tuple[str, Treat]],
        treated: frozenset[Place],
    ) -> None:
        """Take the detectors and what to do.

        Args:
            scan: The detectors.
            treats: Verb and treatment by entity; `default` for all others.
            treated: Places that a field rule treated: a token there is no finding.
        """
        self._scan = scan
        self._treats = dict(treats)
        self._default = self._treats.get("default", _DEFAULT)
        self._treated = treated
        self._first = frozenset(place[0] for place in treated if place)

    def cleaned(
        self, value: object, findings: Findings, name: str = "", place: Place | None = None
    ) -> object:
        """Return the value without findings: the same object where there are none.

        Args:
            value: What to search.
            findings: Counted up by entity and treatment verb.
            name: Its path as text: context for the detectors.
            place: Its path, to pass over what a field rule treated; None where no rule reaches.

        Raises:
            RecordError: It is nested too deeply to be searched (`too_deep`).
        """
        return self._walk(value, findings, name, place, 0)

    def _walk(
        self, value: object, findings: Findings, name: str, place: Place | None, depth: int
    ) -> object:
        if value is None or isinstance(value, bool) or (place and self._is_treated(place)):
            return value
        if depth > MAX_DEPTH:
            raise RecordError("too_deep", "gate", f"more than {MAX_DEPTH} levels")
        match value:
            case str():
                return self._text(value, findings, name, depth)
            case dict():
                return self._object(value, findings, name, place, depth)
            case list():
                inside = _below(place, EACH)
                new = [self._walk(one, findings, name, inside, depth + 1) for one in value]
                same = all(one is other for one, other in zip(new, value, strict=True))
                return value if same else new
            case bytes():
                return self._bytes(value, findings, name, depth)
            case _:
                return self._scalar(value, findings, name)

    def _is_treated(self, place: Place) -> bool:
        if self._first and (place[0] in self._first or EACH in self._first):
            return any(_covers(treated, place) for treated in self._treated)
        return False

    def _object(
        self,
        value: dict[object, object],
        findings: Findings,
        name: str,
        place: Place | None,
        depth: int,
    ) -> object:
        new: dict[object, object] = {}
        changed = False
        for key, inner in value.items():
            clean_key = self._text(key, findings, "", depth) if isinstance(key, str) else key
            below = f"{name}.{key}" if name else str(key)
            clean = self._walk(inner, findings, below, _below(place, str(key)), depth + 1)
            changed = changed or clean is not inner or clean_key is not key
            while clean_key in new:  # two keys may be treated alike: neither value is lost
                clean_key = f"{clean_key}_"
            new[clean_key] = clean
        return new if changed else value

    def _bytes(self, value: bytes, findings: Findings, name: str, depth: int) -> object:
        """Search bytes as text: in UTF-8, or byte by byte so that nothing hides in broken text."""
        try:
            encoding = "utf-8"
            text = value.decode(encoding)
        except UnicodeDecodeError:
            encoding = "latin-1"
            text = value.decode(encoding)
        clean = self._text(text, findings, name, depth)
        return value if clean is text else str(clean).encode(encoding, "replace")

    def _scalar(self, value: object, findings: Findings, name: str) -> object:
        """Treat a number that is a finding as a whole: it becomes text, or null where it cannot."""
        text = canonical_text(value)
        clean = self._text(text, findings, name, MAX_DEPTH)
        return value if clean is text else clean

    def _text(self, text: str, findings: Findings, name: str, depth: int) -> str:
        if depth < MAX_DEPTH and (inner := inner_json(text)) is not None:
            clean = self._walk(inner, findings, name, None, depth + 1)
            if clean is inner:
                return text
            return orjson.dumps(clean, option=orjson.OPT_NON_STR_KEYS).decode()
        for left in reversed(range(_ROUNDS)):
            found = self._scan.find(text, name)
            if not found:
                return text
            before = text
            for finding in reversed(found):  # from the end, so that offsets stay true
                verb, treat = self._treats.get(finding.entity, self._default)
                if not left and verb != "keep":
                    verb, treat = _DEFAULT  # what the treatment writes is itself a finding
                treated = treat(text[finding.start : finding.end], finding.entity)
                findings[finding.entity, verb] += 1
                put = "" if treated is REMOVED or treated is None else str(treated)
                text = text[: finding.start] + put + text[finding.end :]
            if text == before:
                return before  # `keep` left all of it
        return text


def _below(place: Place | None, part: Segment) -> Place | None:
    return None if place is None else (*place, part)


def _covers(treated: Place, place: Place) -> bool:
    """Return True if the treated path is `place` or stands above it."""
    if len(treated) > len(place):
        return False
    return all(
        part is EACH or other is EACH or part == other
        for part, other in zip(treated, place, strict=False)
    )

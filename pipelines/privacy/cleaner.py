"""Cleaner: the exact walk through one value that looked suspicious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from pipelines.detector import Finding
from pipelines.errors import RecordError
from pipelines.field_path import EACH, REMOVED, Segment
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH, inner_json, number_text
from pipelines.treatment import Treat

Findings = Counter[tuple[str, str]]
Treated = dict[Segment, "Treated | None"]
"""Fields that a rule treated, as a tree by segment; None where a treated field is reached."""

_DEFAULT: tuple[str, Treat] = ("replace", lambda _, entity: f"<{entity}>")
_ROUNDS = 4  # what a treatment writes could itself look like something
_REMEMBERED = 8192  # short texts known to hold nothing: words, codes and units come again and again
_SHORT = 48


class Cleaner:
    """Treats what detectors find in strings, keys of maps, numbers and JSON inside strings."""

    def __init__(
        self,
        scan: Scan,
        treats: Mapping[str, tuple[str, Treat]],
        treated: Iterable[tuple[Segment, ...]],
    ) -> None:
        """Take the detectors and what to do.

        Args:
            scan: The detectors.
            treats: Verb and treatment by entity; `default` for all others.
            treated: Paths that a field rule treated: a token there is no finding.
        """
        self._scan = scan
        self._treats = dict(treats)
        self._default = self._treats.get("default", _DEFAULT)
        self._treated = _tree(treated)
        self._clean_texts: set[tuple[str, str]] = set()

    def cleaned_value(self, value: object, findings: Findings) -> object:
        """Return a record's value without findings: the same object where there are none.

        What a field rule treated is passed over.

        Raises:
            RecordError: It is nested too deeply to be searched (`too_deep`).
        """
        return self._walk(value, findings, "", self._treated, 0)

    def cleaned(self, value: object, findings: Findings, name: str = "") -> object:
        """Return any other value without findings, such as a key, all of it searched.

        Args:
            value: What to search.
            findings: Counted up by entity and treatment verb.
            name: Its name or path: context for the detectors.

        Raises:
            RecordError: It is nested too deeply to be searched (`too_deep`).
        """
        return self._walk(value, findings, name, {}, 0)

    def _walk(
        self, value: object, findings: Findings, name: str, treated: Treated, depth: int
    ) -> object:
        if value is None or isinstance(value, bool):
            return value
        if depth > MAX_DEPTH:
            raise RecordError("too_deep", "gate", f"more than {MAX_DEPTH} levels")
        match value:
            case str():
                return self._text(value, findings, name, depth)
            case dict():
                return self._object(value, findings, name, treated, depth)
            case list():
                return self._list(value, findings, name, treated, depth)
            case bytes():
                return self._bytes(value, findings, name, depth)
            case _:
                return self._scalar(value, findings, name)

    def _object(
        self, value: dict[Any, Any], findings: Findings, name: str, treated: Treated, depth: int
    ) -> object:
        new: dict[Any, Any] = {}
        changed = False
        for key, inner in value.items():
            clean_key = self._text(key, findings, "", depth) if isinstance(key, str) else key
            clean = inner
            below = _below(treated, key) if treated else treated
            if below is not None and inner is not None:
                path = f"{name}.{key}" if name else str(key)
                clean = self._walk(inner, findings, path, below, depth + 1)
            changed = changed or clean is not inner or clean_key is not key
            while clean_key in new:  # two keys may be treated alike: neither value is lost
                clean_key = f"{clean_key}_"
            new[clean_key] = clean
        return new if changed else value

    def _list(
        self, value: list[Any], findings: Findings, name: str, treated: Treated, depth: int
    ) -> object:
        new = []
        for index, inner in enumerate(value):
            below = _below(treated, index) if treated else treated
            if below is None:
                new.append(inner)
            else:
                new.append(self._walk(inner, findings, name, below, depth + 1))
        same = all(one is other for one, other in zip(new, value, strict=True))
        return value if same else new

    def _bytes(self, value: bytes, findings: Findings, name: str, depth: int) -> object:
        """Search bytes as text: in UTF-8, or byte by byte so that nothing hides in broken text."""
        try:
            encoding = "utf-8"
            text = value.decode(encoding)
        except UnicodeDecodeError:
            encoding = "latin-1"
            text = value.decode(encoding)
        clean = self._text(text, findings, name, depth)
        return value if clean is text else clean.encode(encoding, "replace")

    def _scalar(self, value: object, findings: Findings, name: str) -> object:
        """Treat a number that is a finding as a whole: it becomes text."""
        text = number_text(value)
        clean = text and self._text(text, findings, name, MAX_DEPTH)
        return value if clean is text else clean

    def _text(self, text: str, findings: Findings, name: str, depth: int) -> str:
        if (text, name) in self._clean_texts:
            return text
        if depth < MAX_DEPTH and (inner := inner_json(text)) is not None:
            clean = self._walk(inner, findings, name, {}, depth + 1)
            if clean is inner:
                return text
            return orjson.dumps(clean, option=orjson.OPT_NON_STR_KEYS).decode()
        found = self._scan.find(text, name)
        if not found:
            self._remember(text, name)
            return text
        return self._treated_text(text, findings, name, found)

    def _treated_text(self, text: str, findings: Findings, name: str, found: list[Finding]) -> str:
        for left in reversed(range(_ROUNDS)):
            before = text
            for finding in reversed(found):  # from the end, so that offsets stay true
                verb, treat = self._treats.get(finding.entity, self._default)
                if not left and verb != "keep":
                    verb, treat = _DEFAULT  # what the treatment writes is itself a finding
                treated = treat(text[finding.start : finding.end], finding.entity)
                findings[finding.entity, verb] += 1
                put = "" if treated is REMOVED or treated is None else str(treated)
                text = text[: finding.start] + put + text[finding.end :]
            found = self._scan.find(text, name)
            if not found or text == before:  # nothing left, or `keep` left all of it
                return text
        return text

    def _remember(self, text: str, name: str) -> None:
        if len(text) <= _SHORT:
            if len(self._clean_texts) >= _REMEMBERED:
                self._clean_texts.clear()
            self._clean_texts.add((text, name))


def _tree(paths: Iterable[tuple[Segment, ...]]) -> Treated:
    root: Treated = {}
    for path in sorted(paths, key=len):
        node = root
        for segment in path[:-1]:
            inner = node.setdefault(segment, {})
            if inner is None:
                break  # a path above it is treated already
            node = inner
        else:
            if path:
                node[path[-1]] = None
    return root


def _below(treated: Treated, segment: Segment) -> Treated | None:
    """Return the tree below a field: empty where no rule reaches, None where one was applied."""
    own = treated.get(segment, {})
    each = treated.get(EACH, {})
    if own is None or each is None:
        return None
    return {**each, **own} if own and each else own or each

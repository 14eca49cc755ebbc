"""Cleaner: the exact walk through one value that looked suspicious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from pipelines.detector import Finding
from pipelines.errors import RecordError
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH, NO_TEXT, inner_json, json_text, number_text
from pipelines.treatment import Treat
from pipelines.treatments.tokenize import TOKEN

Findings = Counter[tuple[str, str]]

DEFAULT: tuple[str, Treat] = ("replace", lambda _, entity: f"<{entity}>")
_NESTED = frozenset({dict, list})
_ROUNDS = 4  # what stood apart may be a finding once what stood between is gone
_REMEMBERED = 8192  # short texts known to hold nothing: words, codes and units come again and again
_SHORT = 160  # characters; a browser's name is longer than most


class Cleaner:
    """Treats what detectors find in strings, keys of maps, numbers and JSON inside strings."""

    def __init__(
        self, scan: Scan, treats: Mapping[str, tuple[str, Treat]], *, allow_opaque: bool = False
    ) -> None:
        """Take the detectors and what to do.

        Args:
            scan: The detectors.
            treats: Verb and treatment by entity; `default` for all others.
            allow_opaque: Bytes that are no text may pass.
        """
        self._scan = scan
        self._treats = dict(treats)
        self._default = self._treats.get("default", DEFAULT)
        self._allow_opaque = allow_opaque
        self._clean_texts: set[tuple[str, str]] = set()
        self._clean_keys: dict[tuple[str, object], str] = {}
        self._told = scan.neighbours.told
        self._only: Collection[tuple[str, str]] | None = None

    def cleaned(
        self,
        value: object,
        findings: Findings,
        name: str = "",
        treated: FieldTree | None = None,
        only: Collection[tuple[str, str]] | None = None,
    ) -> object:
        """Return the value without findings: the same object where there are none.

        Args:
            value: What to search.
            findings: Counted up by entity and treatment verb.
            name: Its name or path: context for the detectors.
            treated: What field rules treated in it: not searched again, but for keys of maps.
            only: The texts, each with its name or path, that alone may hold a finding; None: any.

        Raises:
            RecordError: It is nested too deeply (`too_deep`), or holds what cannot be searched
                (`bytes_not_text`, `unsearchable`).
        """
        self._only = only
        if only is not None and type(value) is dict and not name and self._is_flat(value):
            return self._flat(value, findings, only)
        return self._walk(value, findings, name, treated, 0)

    def _is_flat(self, value: dict[Any, Any]) -> bool:
        return _NESTED.isdisjoint(map(type, value.values())) and not self._told(value)

    def _flat(
        self, value: dict[Any, Any], findings: Findings, only: Collection[tuple[str, str]]
    ) -> object:
        """Return an object of scalars without findings: what may hold one is looked up."""
        new = value
        for text, path in only:
            held = value.get(path)
            if (held if type(held) is str else number_text(held)) == text:
                clean = self._text(text, findings, path, MAX_DEPTH)
                if clean is not text:
                    new = value.copy() if new is value else new
                    new[path] = clean
        return new

    def _walk(
        self,
        value: object,
        findings: Findings,
        name: str,
        treated: FieldTree | None,
        depth: int,
    ) -> object:
        if treated is None and type(value) is str:  # most are
            return self._text(value, findings, name, depth)
        if depth > MAX_DEPTH:
            raise RecordError("too_deep", "gate", f"more than {MAX_DEPTH} levels")
        verb = None if treated is None else treated.verb
        if verb is not None and (verb == "keep" or not isinstance(value, dict | list)):
            return value
        match value:
            case str():
                clean: object = self._text(value, findings, name, depth)
            case None | bool():
                clean = value
            case dict():
                clean = self._object(value, findings, name, treated, depth)
            case list():
                clean = self._list(value, findings, name, treated, depth)
            case bytes():
                clean = self._bytes(value, findings, name, depth)
            case _:
                clean = self._scalar(value, findings, name)
        return clean

    def _object(
        self,
        value: dict[Any, Any],
        findings: Findings,
        name: str,
        treated: FieldTree | None,
        depth: int,
    ) -> object:
        known, paths = self._clean_texts, self._clean_keys
        changes: dict[Any, tuple[Any, object]] = {}
        told = self._told(value)
        for key, inner in value.items():
            clean_key = key
            path = paths.get((name, key))
            if path is None:
                clean_key, path = self._key(key, findings, name, depth)
            below = None if treated is None else treated.below(key)
            if key in told and below is None:
                path = f"{name}.{told[key]}" if name else told[key]
            kind = type(inner)
            if kind is str and below is None:  # most are
                clean = (
                    inner
                    if (inner, path) in known
                    else self._text(inner, findings, path, depth + 1)
                )
            elif inner is None or kind is bool:
                clean = inner
            else:
                clean = self._walk(inner, findings, path, below, depth + 1)
            if clean is not inner or clean_key is not key:
                changes[key] = clean_key, clean
        return _changed(value, changes) if changes else value

    def _key(self, key: object, findings: Findings, name: str, depth: int) -> tuple[object, str]:
        """Return a key without findings, and the path of what it names."""
        path = f"{name}.{key}" if name else str(key)
        if not isinstance(key, str):
            return key, path
        clean = self._text(key, findings, path, depth)
        if clean is not key:  # what is inside is told by what leaves
            return clean, f"{name}.{clean}" if name else clean
        if len(path) <= _SHORT:
            if len(self._clean_keys) >= _REMEMBERED:
                self._clean_keys.clear()
            self._clean_keys[name, key] = path
        return key, path

    def _list(
        self,
        value: list[Any],
        findings: Findings,
        name: str,
        treated: FieldTree | None,
        depth: int,
    ) -> object:
        new = []
        for index, inner in enumerate(value):
            below = None if treated is None else treated.below(index)
            new.append(self._walk(inner, findings, name, below, depth + 1))
        same = all(one is other for one, other in zip(new, value, strict=True))
        return value if same else new

    def _bytes(self, value: bytes, findings: Findings, name: str, depth: int) -> object:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            if self._allow_opaque:
                return value
            message = "no text in UTF-8: say in privacy.fields or privacy.bytes what happens to it"
            raise RecordError("bytes_not_text", "gate", message) from None
        clean = self._text(text, findings, name, depth)
        return value if clean is text else clean.encode("utf-8", "replace")

    def _scalar(self, value: object, findings: Findings, name: str) -> object:
        """Treat a number that is a finding as a whole: it becomes text."""
        if not isinstance(value, NO_TEXT):
            raise RecordError("unsearchable", "gate", type(value).__name__)
        text = number_text(value)
        clean = text and self._text(text, findings, name, MAX_DEPTH)
        return value if clean is text else clean

    def _text(self, text: str, findings: Findings, name: str, depth: int) -> str:
        only = self._only
        if (text, name) in self._clean_texts if only is None else (text, name) not in only:
            return text
        if depth < MAX_DEPTH and (inner := inner_json(text)) is not None:
            clean = self._walk(inner, findings, name, None, depth + 1)
            return text if clean is inner else json_text(clean)
        # a token in a web address looks like a secret: it is one already treated
        found = [
            one
            for one in self._scan.find(text, name)
            if not TOKEN.fullmatch(text, one.start, one.end)
        ]
        if not found:
            self._remember(text, name)
            return text
        clean = self._treated_text(text, findings, name, found)
        return text if clean == text else clean

    def _treated_text(self, text: str, findings: Findings, name: str, found: list[Finding]) -> str:
        written = bytearray(len(text))  # 1 for each character that a treatment wrote
        for _ in range(_ROUNDS):
            pieces: list[str] = []
            marks = bytearray()
            end = 0
            for finding in found:
                put = self._treat(text[finding.start : finding.end], finding.entity)
                findings[finding.entity, self._treats.get(finding.entity, self._default)[0]] += 1
                pieces += (text[end : finding.start], put)
                marks += written[end : finding.start] + b"\1" * len(put)
                end = finding.end
            text = "".join((*pieces, text[end:]))
            if (text, name) in self._clean_texts:  # what is left is often the same
                return text
            written = marks + written[end:]
            found = [
                one
                for one in self._scan.find(text, name)
                if written.find(0, one.start, one.end) >= 0
                or self._ends(text[one.start : one.end], one.entity, name)
            ]
            if not found:
                self._remember(text, name)
                return text
        if all(written.find(0, one.start, one.end) < 0 for one in found):
            return text
        return f"<{found[0].entity}>"  # no treatment of parts comes to an end

    def _ends(self, written: str, entity: str, name: str) -> bool:
        """Say whether to treat what treatments wrote: the next passage would, and then it is done.

        Stars may read like initials. What a treatment writes anew each time, or what holds a
        finding by its author's choice, has no end: it stays what the first treatment wrote.
        """
        treated = self._treat(written, entity)
        return treated != written and all(
            self._treat(piece, one.entity) == piece
            for one in self._scan.find(treated, name)
            for piece in (treated[one.start : one.end],)
        )

    def _treat(self, piece: str, entity: str) -> str:
        treated = self._treats.get(entity, self._default)[1](piece, entity)
        return treated if isinstance(treated, str) else ""

    def _remember(self, text: str, name: str) -> None:
        if len(text) <= _SHORT:
            if len(self._clean_texts) >= _REMEMBERED:
                self._clean_texts.clear()
            self._clean_texts.add((text, name))


def _changed(value: dict[Any, Any], changes: dict[Any, tuple[Any, object]]) -> dict[Any, Any]:
    """Return an object with other keys and values in the places of some."""
    new: dict[Any, Any] = {}
    alike: dict[Any, int] = {}
    for key, inner in value.items():
        clean_key, clean = changes.get(key, (key, inner))
        unlike = clean_key
        while unlike in new:  # two keys may be treated alike: neither value is lost
            alike[clean_key] = alike.get(clean_key, 1) + 1
            unlike = f"{clean_key}_{alike[clean_key]}"
        new[unlike] = clean
    return new

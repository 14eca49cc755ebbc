"""Gate: what every value goes through before it leaves - field rules, then the text scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import orjson

from pipelines.canonical_text import canonical_text
from pipelines.effect import Effect
from pipelines.errors import ConfigError, RecordError
from pipelines.field_path import REMOVED, FieldPath
from pipelines.privacy.cleaner import Cleaner
from pipelines.privacy.policy import Allow, Policy, Privacy, ScanNothing
from pipelines.privacy.preview import preview
from pipelines.privacy.rules import Rule, effects_of, rules_of
from pipelines.privacy.scan import Scan
from pipelines.record import Record
from pipelines.shape import Shape
from pipelines.treatment import Keyring, Treat

_JSON = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS


@dataclass(slots=True)
class Scanned:
    """What the text scan of a chunk did.

    Attributes:
        changed: Indexes of records in which something was found and treated.
        failed: Records that may not leave, and why.
    """

    changed: set[int] = field(default_factory=set)
    failed: dict[int, RecordError] = field(default_factory=dict)


class Gate:
    """The rules of one pipeline and policy, compiled for one shape of value.

    Attributes:
        rules: Path, why and verb of each field rule, for `explain`.
        effects: What the rules do to fields, for the derived schema.
        scans: Fields without a rule have their text scanned.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        key: Treat | None,
        headers: Mapping[str, Treat],
        cleaner: Cleaner,
        scan: Scan,
        *,
        scope: tuple[FieldPath, ...] | None,
    ) -> None:
        """Take the compiled parts; `compile` makes them."""
        self.rules = tuple((str(rule.path), rule.why, rule.verb) for rule in rules)
        self.effects: tuple[Effect, ...] = ()
        self.scans = scope is None
        self._steps = tuple((rule.path.update, rule.apply) for rule in rules if rule.verb != "keep")
        self._key = key
        self._headers = dict(headers)
        self._cleaner = cleaner
        self._scan = scan
        self._scope = scope

    @classmethod
    def compile(
        cls,
        privacy: Privacy,
        policy: Policy | None,
        shape: Shape,
        keys: Keyring,
        scan: Scan,
        *,
        strict_types: bool,
    ) -> Self:
        """Compile the rules for values of this shape.

        Args:
            privacy: The pipeline's block.
            policy: The policy of the destination; None: every finding is replaced by its name.
            shape: The value's shape after all steps.
            keys: Where treatments get their keys from.
            scan: The detectors.
            strict_types: A field must keep a type that its schema can hold (Avro).

        Raises:
            ConfigError: A rule can never apply, or a treatment does not fit; every problem.
        """
        rules, problems = rules_of(privacy, policy, shape, keys, strict_types=strict_types)
        if problems:
            raise ConfigError(problems)
        found = {} if policy is None else policy.found
        treats = {entity: (one.verb, one.build(keys)) for entity, one in found.items()}
        cleaner = Cleaner(scan, treats, [rule.path.segments for rule in rules])
        gate = cls(
            rules,
            None if privacy.key is None else privacy.key.build(keys),
            {name: one.build(keys) for name, one in privacy.headers.items()},
            cleaner,
            scan,
            scope=_scope(privacy, policy),
        )
        gate.effects = effects_of(rules, shape)
        return gate

    def treat(self, record: Record) -> None:
        """Apply the rules of fields, key and headers, in place.

        Raises:
            RecordError: The key or a header cannot be read as text and no rule names it.
        """
        for update, apply in self._steps:
            update(record.value, apply)
        if self._key is not None and record.key is not None:
            treated = self._key(record.key, "KEY")
            record.key = None if treated is REMOVED else treated
        if record.headers:
            record.headers = [
                one for one in map(self._treated_header, record.headers) if one is not None
            ]

    def view(self, record: Record, encoded: bytes | None) -> bytes:
        """Return the record as text for the quick pass: value, key and headers.

        Args:
            record: The record, treated.
            encoded: Its value as JSON, if it is there already.
        """
        if self._scope == ():
            encoded = b""
        elif encoded is None:
            encoded = orjson.dumps(record.value, default=_searchable, option=_JSON)
        if record.key is None and not record.headers:
            return encoded
        key = b"" if record.key is None or self._key is not None else _text(record.key)
        headers = b" ".join(
            name.encode("utf-8", "replace") + b" " + (value or b"")
            for name, value in record.headers
            if name not in self._headers
        )
        beside = orjson.dumps((key + b" " + headers).decode("utf-8", "replace"))
        return encoded + b" " + beside

    def scan(
        self,
        records: Sequence[Record],
        views: Sequence[bytes],
        findings: Counter[tuple[str, str]],
    ) -> Scanned:
        """Search the text of treated records and treat what is found, in place.

        Args:
            records: Records that `treat` was called for.
            views: Their views, in the same order.
            findings: Counted up by entity and treatment verb.
        """
        scanned = Scanned()
        for index in self._scan.suspicious(views):
            record = records[index]
            try:
                if self._clean(record, findings):
                    scanned.changed.add(index)
            except RecordError as error:
                scanned.failed[index] = error
            except Exception as error:  # noqa: BLE001 - what cannot be scanned does not leave
                scanned.failed[index] = RecordError("gate_failed", "gate", type(error).__name__)
        return scanned

    def preview(self, value: object) -> str:
        """Return the value with every character masked, for dead letters."""
        return preview(value)

    def _clean(self, record: Record, findings: Counter[tuple[str, str]]) -> bool:
        changed = False
        clean = self._cleaner.cleaned
        if self._scope is None:
            value = self._cleaner.cleaned_value(record.value, findings)
            changed = value is not record.value
            record.value = value
        else:
            for path in self._scope:
                changed |= self._clean_at(record, path, findings)
        if self._key is None and record.key is not None:
            key = clean(record.key, findings, "key")
            changed |= key is not record.key
            record.key = key
        for index, (name, raw) in enumerate(record.headers):
            if name not in self._headers and raw:
                text = raw.decode()
                treated = clean(text, findings, name)
                if treated is not text:
                    record.headers[index] = (name, str(treated).encode())
                    changed = True
        return changed

    def _clean_at(
        self, record: Record, path: FieldPath, findings: Counter[tuple[str, str]]
    ) -> bool:
        changed = False

        def change(value: object) -> object:
            nonlocal changed
            cleaned = self._cleaner.cleaned(value, findings, str(path))
            changed |= cleaned is not value
            return cleaned

        path.update(record.value, change)
        return changed

    def _treated_header(self, header: tuple[str, bytes | None]) -> tuple[str, bytes] | None:
        name, raw = header
        if raw is None:
            return (name, b"")
        treat = self._headers.get(name)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            if treat is None:
                raise RecordError(
                    "header_not_text", "gate", f"say in privacy.headers what happens to `{name}`"
                ) from None
            text = raw.decode("latin-1")
            if treat(text, "HEADER") == text:
                return (name, raw)
        if treat is None:
            return (name, raw)
        treated = treat(text, "HEADER")
        return None if treated is REMOVED else (name, canonical_text(treated).encode())


def _scope(privacy: Privacy, policy: Policy | None) -> tuple[FieldPath, ...] | None:
    """Return the paths whose text is scanned; None: everything."""
    if isinstance(privacy.scan, ScanNothing):
        return ()
    if privacy.scan != "everything":
        return privacy.scan
    allowed = policy is not None and isinstance(policy.unclassified, Allow)
    return () if allowed else None


def _text(key: object) -> bytes:
    if isinstance(key, str):
        return key.encode("utf-8", "replace")
    return orjson.dumps(key, default=_searchable, option=_JSON)


def _searchable(value: object) -> str:
    """Return what orjson has no form for as text that can be searched."""
    return value.decode("latin-1") if isinstance(value, bytes) else canonical_text(value)

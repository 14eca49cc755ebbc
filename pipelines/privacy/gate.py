"""Gate: what every value goes through before it leaves - field rules, then the text scan."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from pipelines.effect import Effect
from pipelines.errors import ConfigError, Problem, RecordError
from pipelines.field_path import REMOVED, FieldPath
from pipelines.privacy.cleaner import Cleaner, Findings
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.gate_headers import treating
from pipelines.privacy.gate_view import (
    UNSEARCHABLE,
    may_hold_bytes,
    view_beside,
    view_of_value,
)
from pipelines.privacy.own_detector import built
from pipelines.privacy.policy import Allow, Policy, Privacy, ScanNothing
from pipelines.privacy.preview import preview
from pipelines.privacy.rules import Rule, Rules, no_field
from pipelines.privacy.scan import Scan
from pipelines.record import Record
from pipelines.shape import Shape
from pipelines.treatment import Keyring, Treat


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
        rules: Path, why and verb of each known field that a rule treats, for `explain`.
        effects: What the rules do to fields, for the derived schema.
        scans: Fields without a rule have their text scanned.
    """

    def __init__(
        self,
        rules: Rules,
        key: Treat | None,
        headers: Mapping[str, Treat],
        cleaner: Cleaner,
        scan: Scan,
        *,
        scope: tuple[FieldPath, ...] | None,
    ) -> None:
        """Take the compiled parts; `compile` makes them."""
        self.rules = tuple(rules.listed())
        self.effects: tuple[Effect, ...] = rules.effects()
        self.scans = scope is None
        # what is denied is taken out by one walk
        self._steps = tuple(
            _in_place(rule)
            for rule in rules.found
            if rule.verb != "keep" and rule.config is not None
        )
        self._deny = rules.deny
        self._key = key
        self._headers = headers
        self._treat_headers = treating(headers)
        self._cleaner = cleaner
        treated = FieldTree.of((rule.path.segments, rule.verb) for rule in rules.found)
        self._treated = treated if rules.found else None
        self._scan = scan
        self._scope = scope
        self._holds_bytes = may_hold_bytes(rules.shape)

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
        is_newest: bool = True,
    ) -> Self:
        """Compile the rules for values of this shape.

        Args:
            privacy: The pipeline's block.
            policy: The policy of the destination; None: every finding is replaced by its name.
            shape: The value's shape after all steps.
            keys: Where treatments get their keys from.
            scan: The detectors.
            strict_types: A field must keep a type that its schema can hold (Avro).
            is_newest: The version of the schema that the pipeline is written for: a rule may name
                no field that it does not have. Older versions may lack what came later.

        Raises:
            ConfigError: A rule can never apply, or a treatment does not fit; every problem.
        """
        scan = scan if policy is None else scan.with_detectors(built(policy.detectors))
        rules = Rules(shape, keys, strict_types=strict_types, is_newest=is_newest)
        rules.add_paths(privacy)
        if policy is not None:
            rules.add_tags(policy)
            if policy.unclassified == "deny":
                rules.add_denied()
        scope = _scope(privacy, policy, shape)
        problems = [*rules.problems, *(_never_found(policy, scan) if policy else ())]
        if is_newest:
            problems += [
                Problem(no_field(path, shape), path="privacy.scan")
                for path in scope or ()
                if shape.at(path) is None
            ]
        if problems:
            raise ConfigError(problems)
        found = {} if policy is None else policy.found
        treats = {entity: (one.verb, one.build(keys)) for entity, one in found.items()}
        return cls(
            rules,
            None if privacy.key is None else privacy.key.build(keys),
            {name: one.build(keys) for name, one in privacy.headers.items()},
            Cleaner(scan, treats, allow_opaque=privacy.bytes is not None),
            scan,
            scope=scope,
        )

    def treat(self, record: Record) -> None:
        """Apply the rules of fields, key and headers, in place.

        Raises:
            RecordError: The key (`key_not_text`) or a header (`header_not_text`) is opaque and no
                rule names it, the policy denies the whole value (`unclassified`), or a treatment
                failed (`gate_failed`).
        """
        try:
            for step in self._steps:
                step(record.value)
            if self._deny is not None:
                record.value = self._deny(record.value)
            key = record.key
            if key is not None and (self._key is not None or type(key) is not str):
                record.key = self._treated_key(key)
            if record.headers:
                record.headers = self._treat_headers(record.headers)
        except RecordError:
            raise
        except Exception as error:  # noqa: BLE001 - what cannot be treated does not leave
            raise RecordError("gate_failed", "gate", type(error).__name__) from None

    def _treated_key(self, key: object) -> object:
        if self._key is not None:
            treated = self._key(key, "KEY")
            return None if treated is REMOVED else treated
        if isinstance(key, bytes):
            raise RecordError("key_not_text", "gate", "say in privacy.key what happens to it")
        return key

    def view(self, record: Record, encoded: bytes | None) -> bytes:
        """Return the record as text for the quick pass: value, key and headers.

        Args:
            record: The record, treated.
            encoded: Its value as JSON, if it is there already.
        """
        try:
            if self._scope == ():
                encoded = b""
            elif encoded is None or self._holds_bytes:
                encoded = view_of_value(record.value)
            if not record.headers:
                if record.key is None or self._key is not None:
                    return encoded
                if type(record.key) is str:  # most are
                    return encoded + b" " + view_of_value(record.key)
            key = None if self._key is not None else record.key
            headers = [one for one in record.headers if one[0] not in self._headers]
            return encoded + b" " + view_beside(key, headers)
        except (TypeError, RecursionError):
            return UNSEARCHABLE

    def scan(
        self, records: Sequence[Record], views: Sequence[bytes], findings: Findings
    ) -> Scanned:
        """Search the text of treated records and treat what is found, in place.

        Args:
            records: Records that `treat` was called for.
            views: Their views, in the same order.
            findings: Counted up by entity and treatment verb.
        """
        scanned = Scanned()
        suspicious: Sequence[int] = self._scan.suspicious(views)
        if UNSEARCHABLE in views:
            unsearchable = (index for index, one in enumerate(views) if one == UNSEARCHABLE)
            suspicious = sorted({*suspicious, *unsearchable})
        for index in suspicious:
            try:
                if self._clean(records[index], findings):
                    scanned.changed.add(index)
            except RecordError as error:
                scanned.failed[index] = error
            except Exception as error:  # noqa: BLE001 - what cannot be scanned does not leave
                scanned.failed[index] = RecordError("gate_failed", "gate", type(error).__name__)
        return scanned

    def preview(self, value: object) -> str:
        """Return the value with every character masked, for dead letters."""
        return preview(value)

    def _clean(self, record: Record, findings: Findings) -> bool:
        changed = False
        clean = self._cleaner.cleaned
        if self._scope is None:
            value = clean(record.value, findings, "", self._treated)
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
            if name not in self._headers:
                text = raw.decode()
                new_name = str(clean(name, findings, name))
                new = str(clean(text, findings, new_name))
                if new_name is not name or new is not text:
                    record.headers[index] = (new_name, new.encode("utf-8", "replace"))
                    changed = True
        return changed

    def _clean_at(self, record: Record, path: FieldPath, findings: Findings) -> bool:
        changed = False
        treated = self._treated and self._treated.at(path.segments)

        def change(value: object) -> object:
            nonlocal changed
            cleaned = self._cleaner.cleaned(value, findings, str(path), treated)
            changed |= cleaned is not value
            return cleaned

        path.update(record.value, change)
        return changed


def _scope(privacy: Privacy, policy: Policy | None, shape: Shape) -> tuple[FieldPath, ...] | None:
    """Return the paths whose text is scanned; None: everything."""
    is_opaque = shape.kind == "bytes" and privacy.bytes is not None
    if isinstance(privacy.scan, ScanNothing) or is_opaque:
        return ()
    if privacy.scan != "everything":
        return privacy.scan
    allowed = policy is not None and isinstance(policy.unclassified, Allow)
    return () if allowed else None


def _never_found(policy: Policy, scan: Scan) -> Iterator[Problem]:
    """Yield the entities of a policy that no detector finds."""
    known = sorted(scan.entities | {"default"})
    for entity in policy.found:
        if entity not in known:
            near = difflib.get_close_matches(entity, known, n=1, cutoff=0.5)
            advice = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
            message = f"policy `{policy.policy}`: no detector finds `{entity}`; {advice}"
            yield Problem(message, path="privacy.policy")


def _in_place(rule: Rule) -> Callable[[object], object]:
    """Return a function that applies a rule to a value, in place."""
    update, apply = rule.path.update, rule.apply
    head, *rest = rule.path.segments
    if rest or not isinstance(head, str):
        return lambda value: update(value, apply)

    def step(value: object) -> None:  # most rules name a field at the top: no walk is needed
        if type(value) is dict:
            old = value.get(head, REMOVED)
            if old is not REMOVED:
                new = apply(old)
                if new is REMOVED:
                    del value[head]
                else:
                    value[head] = new

    return step

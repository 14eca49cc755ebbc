"""Gate: what every value goes through before it leaves - field rules, then the text scan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from pipelines.effect import Effect
from pipelines.entity_model import EntityModels
from pipelines.errors import ConfigError, RecordError
from pipelines.field_path import FieldPath
from pipelines.privacy.cleaner import Cleaner, Findings
from pipelines.privacy.field_pass import FieldPass
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.gate_view import UNSEARCHABLE, view_beside, view_of_value
from pipelines.privacy.model_pass import ModelPass, model_of, never_found
from pipelines.privacy.own_detector import built
from pipelines.privacy.policy import Allow, Policy, Privacy, ScanNothing
from pipelines.privacy.preview import preview
from pipelines.privacy.rules import Rules, no_field
from pipelines.privacy.scan import Scan
from pipelines.privacy.sieve import Sieve
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
        model: ModelPass | None = None,
    ) -> None:
        """Take the compiled parts; `compile` makes them."""
        self.rules = tuple(rules.listed())
        self.effects: tuple[Effect, ...] = rules.effects()
        self.scans = scope is None
        self._fields = FieldPass(rules, key, headers)
        self._key = key
        self._headers = headers
        self._cleaner = cleaner
        treated = FieldTree.of((rule.path.segments, rule.verb) for rule in rules.found)
        self._treated = treated if rules.found else None
        self._scan = scan
        self._scope = scope
        self._model = model
        self._sieve = Sieve(scan, self._treated)

    @classmethod
    def compile(  # noqa: PLR0913 - what a gate is made of
        cls,
        privacy: Privacy,
        policy: Policy | None,
        shape: Shape,
        keys: Keyring,
        scan: Scan,
        *,
        strict_types: bool,
        is_newest: bool = True,
        models: EntityModels | None = None,
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
            models: Where the policy's model comes from, if it names one.

        Raises:
            ConfigError: A rule can never apply, a treatment or model does not fit; every problem.
        """
        if policy is not None:
            scan = scan.with_detectors(built(policy.detectors), policy.phone_regions)
        rules = Rules(shape, keys, strict_types=strict_types, is_newest=is_newest)
        rules.add_paths(privacy)
        if policy is not None:
            rules.add_tags(policy)
            if policy.unclassified == "deny":
                rules.add_denied()
        scope = _scope(privacy, policy, shape)
        model = model_of(policy, models)
        problems = [*rules.problems, *never_found(policy, scan, model)]
        if is_newest:
            problems += [
                no_field(path, shape, f"privacy.scan[{index}]", "CW0506")
                for index, path in enumerate(scope or ())
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
            model=None if model is None else ModelPass(model, treats, rules, scope, privacy),
        )

    def treat(self, records: Sequence[Record]) -> dict[int, RecordError]:
        """Apply the rules of fields, key and headers, in place.

        Returns:
            By index, why a record may not leave: its key (`key_not_text`) or a header
            (`header_not_text`) is opaque and no rule names it, the policy denies the whole value
            (`unclassified`), or a treatment failed (`gate_failed`).
        """
        return self._fields.treat(records)

    def scan(self, records: Sequence[Record], findings: Findings) -> Scanned:
        """Search the text of treated records and treat what is found, in place.

        Args:
            records: Records that `treat` was called for.
            findings: Counted up by entity and treatment verb.
        """
        scanned = Scanned()
        if self._scope:  # some fields of many: they are not taken apart
            self._scan_whole(records, range(len(records)), findings, scanned)
        else:
            self._sift(records, findings, scanned)
        if self._model is not None:
            self._model.treat(records, scanned.changed, scanned.failed, findings)
        return scanned

    def _sift(self, records: Sequence[Record], findings: Findings, scanned: Scanned) -> None:
        """Search each different text of the records once, those exactly that may hold something."""
        sifted = self._sieve.sift(
            records,
            with_value=self._scope is None,
            with_key=self._key is None,
            without=self._headers,
        )
        for index, loud in sifted.loud.items():
            try:
                if self._clean(records[index], findings, loud):
                    scanned.changed.add(index)
            except Exception as error:  # noqa: BLE001 - what cannot be scanned does not leave
                scanned.failed[index] = RecordError.of(error, "gate_failed", "gate")
        if sifted.unfit:
            self._scan_whole(records, sifted.unfit, findings, scanned)

    def _scan_whole(
        self,
        records: Sequence[Record],
        indexes: Sequence[int],
        findings: Findings,
        scanned: Scanned,
    ) -> None:
        """Search some records as they are: as one text, and where that is suspicious exactly."""
        views = [self._view(records[index]) for index in indexes]
        suspicious: Sequence[int] = self._scan.suspicious(views)
        if UNSEARCHABLE in views:
            unsearchable = (place for place, one in enumerate(views) if one == UNSEARCHABLE)
            suspicious = sorted({*suspicious, *unsearchable})
        for place in suspicious:
            index = indexes[place]
            try:
                if self._clean(records[index], findings):
                    scanned.changed.add(index)
            except Exception as error:  # noqa: BLE001 - what cannot be scanned does not leave
                scanned.failed[index] = RecordError.of(error, "gate_failed", "gate")

    def _view(self, record: Record) -> bytes:
        """Return a record as text for the quick pass: value, key and headers."""
        try:
            value = b"" if self._scope == () else view_of_value(record.value)
            key = None if self._key is not None else record.key
            headers = [one for one in record.headers if one[0] not in self._headers]
            return value + b" " + view_beside(key, headers)
        except (TypeError, RecursionError):
            return UNSEARCHABLE

    def preview(self, value: object) -> str:
        """Return the value with every character masked, for dead letters."""
        return preview(value)

    def _clean(
        self,
        record: Record,
        findings: Findings,
        only: Collection[tuple[str, str]] | None = None,
    ) -> bool:
        changed = False
        clean = self._cleaner.cleaned
        if self._scope is None:
            value = clean(record.value, findings, "", self._treated, only)
            changed = value is not record.value
            record.value = value
        else:
            for path in self._scope:
                changed |= self._clean_at(record, path, findings)
        if self._key is None and record.key is not None:
            key = clean(record.key, findings, "key", None, only)
            changed |= key is not record.key
            record.key = key
        for index, (name, raw) in enumerate(record.headers if only is None else ()):
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

"""Field pass: the rules of fields, key and headers, over all records of a chunk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import TypeVar

from pipelines.errors import RecordError
from pipelines.field_path import REMOVED
from pipelines.privacy.gate_headers import treating
from pipelines.privacy.rules import Rule, Rules
from pipelines.record import Record
from pipelines.treatment import Treat

_One = TypeVar("_One")
_TEXT = frozenset({str})
_MARKER = type(REMOVED)
Failed = dict[int, RecordError]


class FieldPass:
    """Treats what rules name, rule by rule: one call for a chunk costs less than one a record."""

    def __init__(self, rules: Rules, key: Treat | None, headers: Mapping[str, Treat]) -> None:
        """Take the compiled rules, and the treatments of the key and of headers."""
        self._rules = tuple(
            _over_values(rule)
            for rule in rules.found  # what is denied is taken out by one walk
            if rule.verb != "keep" and rule.config is not None
        )
        self._deny = rules.deny
        self._key = key
        self._treat_headers = treating(headers)

    def treat(self, records: Sequence[Record]) -> Failed:
        """Apply the rules in place; return by index why a record may not leave."""
        failed: Failed = {}
        values = [record.value for record in records]
        for rule in self._rules:
            rule(values, failed)
        has_key = self._key is not None
        for index, record in enumerate(records):
            key = record.key
            if (
                self._deny
                or record.headers
                or (key is not None and (has_key or type(key) is not str))
            ):
                _guarded(self._treat_rest, record, index, failed)
        return failed

    def _treat_rest(self, record: Record) -> None:
        if self._deny is not None:
            record.value = self._deny(record.value)
        key = record.key
        if key is not None and (self._key is not None or type(key) is not str):
            record.key = self._treated_key(key)
        if record.headers:
            record.headers = self._treat_headers(record.headers)

    def _treated_key(self, key: object) -> object:
        if self._key is not None:
            treated = self._key(key, "KEY")
            return None if treated is REMOVED else treated
        if isinstance(key, bytes):
            raise RecordError("key_not_text", "gate", "say in privacy.key what happens to it")
        return key


def _guarded(act: Callable[[_One], object], one: _One, index: int, failed: Failed) -> None:
    """Note why something cannot be treated: then it does not leave."""
    try:
        act(one)
    except Exception as error:  # noqa: BLE001 - whatever it was
        failed.setdefault(index, RecordError.of(error, "gate_failed", "gate"))


def _over_values(rule: Rule) -> Callable[[Sequence[object], Failed], None]:
    """Return a function that applies a rule to values, in place."""
    update, apply = rule.path.update, rule.apply
    head, *rest = rule.path.segments

    def one_by_one(values: Sequence[object], failed: Failed) -> None:
        for index, value in enumerate(values):
            _guarded(lambda one: update(one, apply), value, index, failed)

    if rest or not isinstance(head, str):
        return one_by_one
    return _column(head, rule, one_by_one)


def _column(
    head: str, rule: Rule, one_by_one: Callable[[Sequence[object], Failed], None]
) -> Callable[[Sequence[object], Failed], None]:
    """Return a function for a field at the top, as most rules name: all its texts at once."""
    change, name = rule.of_text, rule.name

    def treated(old: Sequence[object]) -> list[object] | None:
        if not _TEXT.issuperset(map(type, old)):
            return None
        try:
            return [*map(change, old, repeat(name))]
        except Exception:  # noqa: BLE001 - nothing is changed yet: whose it was is found out
            return None

    def column(values: Sequence[object], failed: Failed) -> None:
        holding = [value for value in values if type(value) is dict and head in value]
        new = treated([value[head] for value in holding])
        if new is None:
            one_by_one(values, failed)
            return
        for value, one in zip(holding, new, strict=True):
            value[head] = one
        if _MARKER in {*map(type, new)}:
            for value in holding:
                if value[head] is REMOVED:
                    del value[head]

    return column

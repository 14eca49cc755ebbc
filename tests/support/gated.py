"""One record through a gate, and what is left in it afterwards."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.errors import RecordError
from pipelines.keyring import MemoryKeyring
from pipelines.privacy.gate import Gate
from pipelines.privacy.policy import Policy, Privacy
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import texts_of
from pipelines.record import Record
from pipelines.shape import ANY, Shape

KEYS = MemoryKeyring({"k": bytes(range(32))})
SCAN = Scan()


@dataclass
class Passage:
    """What a gate did to one record.

    Attributes:
        record: The record afterwards.
        error: Why it may not leave.
        changed: The scan treated something.
        findings: By entity and verb.
    """

    record: Record
    error: RecordError | None
    changed: bool
    findings: Counter[tuple[str, str]]

    @property
    def value(self) -> Any:
        assert self.error is None, self.error
        return self.record.value


def compiled(
    privacy: Mapping[str, Any] | None = None,
    policy: Mapping[str, Any] | None = None,
    shape: Shape = ANY,
    **options: Any,
) -> Gate:
    """Return a gate; the policy without its name."""
    return Gate.compile(
        Privacy.model_validate(privacy or {}),
        None if policy is None else Policy.model_validate({"policy": "p", **policy}),
        shape,
        KEYS,
        SCAN,
        **{"strict_types": False, **options},
    )


def through(
    gate: Gate, value: Any, key: Any = None, headers: Iterable[tuple[str, bytes]] = ()
) -> Passage:
    """Return what becomes of a copy of one record."""
    record = Record(copy.deepcopy(value), copy.deepcopy(key), list(headers))
    findings: Counter[tuple[str, str]] = Counter()
    failed = gate.treat([record])
    if failed:
        return Passage(record, failed[0], changed=False, findings=findings)
    scanned = gate.scan([record], findings)
    return Passage(record, scanned.failed.get(0), 0 in scanned.changed, findings)


def left_in(record: Record) -> list[str]:
    """Return the texts that an exact search of all of a record still finds."""
    everything = [record.value, {"key": record.key}]
    everything += [{name: value} for name, value in record.headers]
    texts = [text for part in everything for text in texts_of(_readable(part))]
    return [
        text[finding.start : finding.end]
        for path, text in texts
        for finding in SCAN.find(text, path)
    ]


def _readable(value: Any) -> Any:
    """Return the value with bytes as text."""
    if isinstance(value, dict):
        return {name: _readable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    return value.decode() if isinstance(value, bytes) else value

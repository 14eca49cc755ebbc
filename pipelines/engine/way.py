"""Way: what leaves to one destination, on its way through the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field, replace

from pipelines.engine.variant import Exit
from pipelines.errors import RecordError
from pipelines.record import Record


@dataclass(slots=True)
class Way:
    """What leaves to one destination, column by column.

    Attributes:
        exit: Its gate and encoding.
        source: The header that says where a record came from, for its offset to be put in.
        positions: Where in the chunk each record came from.
        records: The records.
        has_tombstones: Some of them may have no value.
        changed: The positions of those in whose text something was found.
    """

    exit: Exit
    source: bytes
    positions: list[int] = field(default_factory=list)
    records: list[Record] = field(default_factory=list, repr=False)
    has_tombstones: bool = False
    changed: set[int] = field(default_factory=set)

    def treat(self, findings: Counter[tuple[str, str]]) -> dict[int, tuple[RecordError, str]]:
        """Treat the records' fields, and what is found in their text.

        Args:
            findings: Counted up by entity and treatment verb.

        Returns:
            By position, why a record may not leave, and its masked preview.
        """
        gate = self.exit.gate
        refused = self._told(gate.treat(self.records))
        if refused:
            left = self.without(refused)
            self.positions, self.records = left.positions, left.records
        scanned = gate.scan(self.records, findings)
        self.changed = {self.positions[at] for at in scanned.changed}
        return refused | self._told(scanned.failed)

    def without(self, positions: Container[int]) -> Way:
        """Return the same way without the records that came from these positions."""
        left = [at for at, position in enumerate(self.positions) if position not in positions]
        return replace(
            self,
            positions=[self.positions[at] for at in left],
            records=[self.records[at] for at in left],
        )

    def _told(self, errors: dict[int, RecordError]) -> dict[int, tuple[RecordError, str]]:
        preview = self.exit.gate.preview
        return {
            self.positions[at]: (error, preview(self.records[at].value))
            for at, error in errors.items()
        }

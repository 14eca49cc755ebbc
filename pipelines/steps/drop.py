"""drop: end a record here, on purpose."""

from __future__ import annotations

from typing import Literal

from pipelines.fate import Fate
from pipelines.record import Record
from pipelines.step import Ended, Reason, Resources, StepConfig, Transform


class Drop(StepConfig):
    """End records here; they are counted under their reason, not published."""

    step: Literal["drop"] = "drop"
    reason: Reason
    """Why, as a metric label: lower case, such as `health_check`."""

    def build(self, resources: Resources) -> Transform:
        del resources
        ended = Ended(Fate.DROPPED, self.reason)

        def drop(record: Record) -> Ended:
            del record
            return ended

        return drop

    def sentence(self) -> str:
        return f"Drops the record ({self.reason})."

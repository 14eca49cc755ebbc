"""route: send a record to another topic, or a copy of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.record import Record
from pipelines.step import Resources, StepConfig, TopicName, Transform


class Route(StepConfig):
    """Send records to another topic than the pipeline's own; the first route that holds wins.

    With `copy: true` the record goes on as it would, and a copy, with the changes of all steps,
    goes to the topic beside it.
    """

    step: Literal["route"] = "route"
    to: TopicName
    """Topic to send to."""
    copy_: Annotated[bool, Field(alias="copy")] = False
    """Send a copy there and let the record itself go on."""

    def build(self, resources: Resources) -> Transform:
        del resources
        topic = self.to

        def copy(record: Record) -> None:
            if topic not in record.copies:
                record.copies = (*record.copies, topic)

        def route(record: Record) -> None:
            if record.destination is None:
                record.destination = topic

        return copy if self.copy_ else route

    def sentence(self) -> str:
        if self.copy_:
            return f"Sends a copy to {self.to}."
        return f"Sends the record to {self.to}, unless an earlier route has decided."

    def destinations(self) -> tuple[str, ...]:
        return (self.to,)

"""Blueprint: one pipeline with everything it refers to, before it meets a schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.codec import Wire
from pipelines.condition import Given
from pipelines.declaration.pipeline import Pipeline
from pipelines.entity_model import EntityModels
from pipelines.privacy.policy import Policy
from pipelines.privacy.scan import Scan
from pipelines.step import Running
from pipelines.table import Table
from pipelines.treatment import Keyring


@dataclass(frozen=True, slots=True)
class KeyCodec:
    """How record keys are read and written.

    Attributes:
        decode: Bytes to key. Raises RecordError (`decode_failed`).
        encode: Key to bytes. Raises RecordError (`encode_failed`).
    """

    decode: Callable[[bytes], object]
    encode: Callable[[object], bytes]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What `Plan` is compiled from.

    Attributes:
        pipeline: The declaration.
        revision: Short name of this version of it: pipeline, policies and package.
        policies: The policies it names, by name.
        tables: The loaded tables it reads, by name.
        keys: Where treatments get their keys from.
        wire: How its values are read and written.
        key: How its keys are read and written.
        scan: The detectors.
        now: The time at which records are processed, for `now()`; None: none can be asked for.
        running: What its steps keep while it runs.
        max_output: Most bytes of a published record; larger ones are dead-lettered.
        models: Where policies get their models from; None: no policy may name one.
    """

    pipeline: Pipeline
    revision: str
    policies: Mapping[str, Policy]
    tables: Mapping[str, Table]
    keys: Keyring
    wire: Wire
    key: KeyCodec
    scan: Scan
    now: Callable[[], datetime] | None = None
    running: Running = field(default_factory=Running)
    max_output: int = 900 * 1024
    models: EntityModels | None = None

    def given(self) -> Given:
        """Return what its expressions are handed from outside."""
        find = self.scan.find

        def finds(text: str, entity: str) -> bool:
            return any(finding.entity == entity for finding in find(text))

        return Given(self.tables, self.scan.entities, finds, self.now)

    def destinations(self) -> tuple[str, ...]:
        """Return every topic it may publish to, its own destination first."""
        routed = [topic for step in self.pipeline.steps for topic in step.destinations()]
        return tuple(dict.fromkeys([self.pipeline.publish.topic, *routed]))

    def policy_for(self, destination: str) -> Policy | None:
        """Return the policy of what goes to `destination`."""
        privacy = self.pipeline.privacy
        name = privacy.destinations.get(destination, privacy.policy)
        return None if name is None else self.policies[name]

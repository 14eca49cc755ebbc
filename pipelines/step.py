"""StepConfig: the contract of a pipeline step."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Protocol, TypeVar, cast

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from pipelines.condition import tables_named
from pipelines.effect import Effect
from pipelines.fate import Fate
from pipelines.field_path import EACH, FieldPath
from pipelines.quantity import Rate
from pipelines.record import Record
from pipelines.shape import Shape
from pipelines.strict_model import StrictModel
from pipelines.table import Table

StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Reason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
TopicName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]{1,249}$")]


class Memory(Protocol):
    """What a step keeps of the records before."""

    def forget(self) -> None:
        """Make it as if no record had been."""


KeptT = TypeVar("KeptT", bound=Memory)


class CelMarker:
    """Marks a model field as CEL text, so that every expression of a step can be listed."""


Cel = Annotated[
    str,
    StringConstraints(min_length=1),
    CelMarker(),
    WithJsonSchema({"type": "string", "description": "A CEL expression", "minLength": 1}),
]


def _one(path: FieldPath) -> FieldPath:
    if EACH in path.segments:
        message = "name one field: `*` stands for many"
        raise ValueError(message)
    return path


OneField = Annotated[FieldPath, AfterValidator(_one)]
"""A path without `*`."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The record goes no further.

    Attributes:
        fate: What became of it.
        reason: Why, as a metric label.
    """

    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class Delayed(Ended):
    """The record goes on later, from behind this step.

    Attributes:
        until: When, milliseconds since the epoch; 0: when its turn comes.
        longest: How long it is held at most from now on, milliseconds.
    """

    until: int
    longest: int


Transform = Callable[[Record], Ended | None]
"""Change the record in place and return None, or end it. Raises RecordError to dead-letter it."""

Expression = Callable[[Record], object]
"""A compiled CEL expression. Raises RecordError (`condition_error`) where it has no value."""


@dataclass(slots=True)
class Running:
    """What the steps of a pipeline keep while it runs, whatever schema versions it meets.

    Attributes:
        partitions: How many its source has; 1 where nobody knows.
    """

    partitions: int = 1
    _kept: dict[str, Memory] = field(default_factory=dict)

    def kept(self, step_id: str, make: Callable[[], KeptT]) -> KeptT:
        """Return what a step keeps, made where it is asked for first."""
        if step_id not in self._kept:
            self._kept[step_id] = make()
        return cast("KeptT", self._kept[step_id])

    def forget(self) -> None:
        """Make it as if no record had been, for steps that are built already, too."""
        for one in self._kept.values():
            one.forget()


class Resources(Protocol):
    """What a step may use, bound to the pipeline and to the shape of records at this step."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name; only declared ones are asked for."""

    @property
    def running(self) -> Running:
        """What steps keep while the pipeline runs."""

    def expression(self, text: str, step_id: str) -> Expression:
        """Compile CEL text.

        Raises:
            ConfigError: The text is no valid expression for these records.
        """

    def shape_of(self, text: str) -> Shape:
        """Return the static type of CEL text for these records."""


def _no_reads(_: str) -> Iterable[FieldPath]:
    return ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What `effects` may look at: the record's shape before the step, and the types around it.

    Attributes:
        shape: The record's shape before the step.
        tables: The shape of the rows of each table, by name.
        shape_of: The static type of CEL text for these records.
        reads: The fields that CEL text reads.
    """

    shape: Shape
    tables: Mapping[str, Shape]
    shape_of: Callable[[str], Shape]
    reads: Callable[[str], Iterable[FieldPath]] = _no_reads

    def tags_read(self, text: str) -> frozenset[str]:
        """Return the tags of all fields that CEL text reads, of their parents and what is in them.

        What is computed from a tagged field is as personal as the field.
        """
        found: set[str] = set()
        for path in self.reads(text):
            segments = path.segments
            for depth in range(len(segments) + 1):
                parent = self.shape.at(FieldPath.of(*segments[:depth]))
                found |= frozenset() if parent is None else parent.tags
            whole = self.shape.at(path)
            for _, shape in () if whole is None else whole.leaves():
                found |= shape.tags
        return frozenset(found)


class StepConfig(StrictModel):
    """One step as declared. Subclasses live in `steps/`, one per file.

    The engine evaluates `when` and calls the transform only where it holds, so a step's own
    code never looks at `when`.
    """

    id: StepId
    """Unique in the pipeline; names the step in metrics, tests and dead letters."""
    when: Cel | None = None
    """The step applies where this holds; always, if absent."""

    @abstractmethod
    def build(self, resources: Resources) -> Transform:
        """Return the step's function; called once, when a pipeline is compiled."""

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        """Return what it does to fields as if `when` were absent; the engine adds `conditional`."""
        del scope
        return ()

    @abstractmethod
    def sentence(self) -> str:
        """Return what the step does, as a sentence for `explain`, without its condition."""

    def expressions(self) -> dict[str, str]:
        """Return its CEL texts by field name, `when` first."""
        found = {}
        for name, info in sorted(
            type(self).model_fields.items(), key=lambda item: item[0] != "when"
        ):
            text = getattr(self, name)
            marked = any(
                isinstance(item, CelMarker) for item in _metadata(info.annotation, info.metadata)
            )
            if marked and isinstance(text, str):
                found[info.alias or name] = text
        return found

    def tables_needed(self) -> tuple[str, ...]:
        """Return the names of the tables it reads itself."""
        return ()

    def tables_read(self) -> tuple[str, ...]:
        """Return the names of all its tables, those that its expressions look up included."""
        texts = self.expressions().values()
        named = (name for text in texts if "table(" in text for name in tables_named(text))
        return tuple(dict.fromkeys([*self.tables_needed(), *named]))

    def fields_needed(self) -> tuple[FieldPath, ...]:
        """Return the fields it works on: without them in the schema it could never apply."""
        return ()

    def destinations(self) -> tuple[str, ...]:
        """Return the topics it may send records to."""
        return ()

    def waiting_topic(self, source: str) -> str | None:
        """Return the topic in which records of a source wait at this step; None: none wait.

        A step that records wait at is not run again on a record that has waited there.
        """
        del source
        return None

    def counts(self) -> bool:
        """Return True for a step that counts records: one it let pass is not run on it again."""
        return False

    def pace(self) -> Rate | None:
        """Return how fast records that wait at this step may go on; None: at their times."""
        return None


def _metadata(annotation: object, metadata: list[object]) -> list[object]:
    """Return the metadata of a field, that inside `Cel | None` included."""
    found = list(metadata)
    for part in getattr(annotation, "__args__", ()):
        found += getattr(part, "__metadata__", ())
    return found


__all__ = [
    "Cel", "CelMarker", "Delayed", "Ended", "Expression", "Field", "Memory", "OneField", "Reason",
    "Resources", "Running", "Scope", "StepConfig", "StepId", "TopicName", "Transform",
]  # fmt: skip

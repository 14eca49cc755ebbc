"""A registry that nothing is registered in: for checks and trials before a pipeline runs."""

from __future__ import annotations

from typing import Any

from pipelines.wire.registry import Registry

_HIGHEST_ID = 0xFFFFFFFF


class RehearsalRegistry:
    """Reads from a registry and asks it what it would accept; keeps what is new to itself."""

    def __init__(self, registry: Registry) -> None:
        """Take the registry to read from."""
        self._registry = registry
        self._kept: list[Any] = []
        self._subjects: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"RehearsalRegistry({self._registry!r})"

    def by_id(self, schema_id: int) -> Any:
        """Return the schema with that id; see `Registry.by_id`."""
        place = _HIGHEST_ID - schema_id
        return self._kept[place] if place < len(self._kept) else self._registry.by_id(schema_id)

    def latest(self, subject: str) -> tuple[int, Any]:
        """Return the newest schema, of what was rehearsed last; see `Registry.latest`."""
        if subject in self._subjects:
            schema_id = self._subjects[subject]
            return schema_id, self.by_id(schema_id)
        return self._registry.latest(subject)

    def lookup(self, subject: str, schema: Any) -> int | None:
        """Return the id of a registered schema; see `Registry.lookup`."""
        return self._registry.lookup(subject, schema)

    def check(self, subject: str, schema: Any, compatibility: str | None = None) -> None:
        """Return if the schema could be registered; see `Registry.check`."""
        self._registry.check(subject, schema, compatibility)

    def register(self, subject: str, schema: Any, compatibility: str | None = None) -> int:
        """Return an id for the schema, if the registry would accept it; see `Registry.register`.

        Ids of schemas that the registry does not have are counted down from the highest there is.
        """
        schema_id = self.lookup(subject, schema)
        if schema_id is None:
            self.check(subject, schema, compatibility)
            if schema not in self._kept:
                self._kept.append(schema)
            schema_id = _HIGHEST_ID - self._kept.index(schema)
        self._subjects[subject] = schema_id
        return schema_id

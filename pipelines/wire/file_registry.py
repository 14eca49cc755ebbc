"""A registry over a folder of `SUBJECT.avsc` files, for development and tests."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigError, Problem, RecordError, unknown


class FileRegistry:
    """Schemas from a folder. Derived ones are kept in memory: the folder is never written to.

    An id is 31 bits of the schema's SHA-256, so that every process gives a schema the same one.
    """

    def __init__(self, folder: Path) -> None:
        """Read the folder.

        Raises:
            ConfigError: There is no such folder, a file is no JSON, or two schemas share an id.
        """
        if not folder.is_dir():
            raise ConfigError(f"CLEARWATER_SCHEMA_REGISTRY: there is no folder {folder}")
        self._folder = folder
        self._schemas: dict[int, Any] = {}
        self._subjects: dict[str, int] = {}
        for file in sorted(folder.glob("*.avsc")):
            try:
                schema = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                raise ConfigError([Problem("no schema in JSON", file, code="CW0604")]) from None
            self.register(file.stem, schema)

    def __repr__(self) -> str:
        return f"FileRegistry({str(self._folder)!r})"

    def by_id(self, schema_id: int) -> Any:
        """Return the schema with that id; see `Registry.by_id`."""
        if schema_id not in self._schemas:
            raise RecordError("schema_unknown", "decode", f"no schema with id {schema_id}")
        return self._schemas[schema_id]

    def latest(self, subject: str) -> tuple[int, Any]:
        """Return id and schema of a subject; see `Registry.latest`."""
        if subject not in self._subjects:
            what = f"no schema {self._folder / subject}.avsc"
            known = [file.stem for file in self._folder.glob("*.avsc")]
            near = unknown("", subject, known, "").near
            fix = "write it there, or name another in `source.subject`"
            raise ConfigError([Problem(what, code="CW0603", near=near, fix=fix)])
        schema_id = self._subjects[subject]
        return schema_id, self._schemas[schema_id]

    def lookup(self, subject: str, schema: Any) -> int | None:
        """Return the id of a schema that the subject has; see `Registry.lookup`."""
        schema_id = _id(schema)
        return schema_id if self._subjects.get(subject) == schema_id else None

    def check(self, subject: str, schema: Any, compatibility: str | None = None) -> None:
        """Accept every schema: a subject has one version here; see `Registry.check`."""

    def register(self, subject: str, schema: Any, compatibility: str | None = None) -> int:
        """Keep a schema in memory; see `Registry.register`."""
        del compatibility  # there is one version of each
        schema_id = _id(schema)
        if self._schemas.setdefault(schema_id, schema) != schema:
            raise ConfigError(f"{subject}: another schema has id {schema_id}: change one a little")
        self._subjects[subject] = schema_id
        return schema_id


def _id(schema: Any) -> int:
    canonical = json.dumps(schema, sort_keys=True, separators=(",", ":")).encode()
    return int.from_bytes(hashlib.sha256(canonical).digest()[:4]) & 0x7FFFFFFF

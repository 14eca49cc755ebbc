"""Made-up records of an Avro schema: what its fields would hold, going by their names."""

from __future__ import annotations

from typing import Any

from pipelines.privacy.name_words import name_words
from pipelines.privacy.scan import Scan
from pipelines.shape import joined
from pipelines.wire.avro_names import expanded
from pipelines.wire.avro_shape import tags_of

_PLAIN: dict[str, Any] = {
    "null": None, "boolean": True, "int": 7, "long": 7, "float": 1.5, "double": 1.5,
    "bytes": "text",
}  # fmt: skip
_LOGICAL = {
    "timestamp-millis": "2026-03-02T08:00:00Z", "timestamp-micros": "2026-03-02T08:00:00Z",
    "local-timestamp-millis": "2026-03-02T08:00:00Z",
    "local-timestamp-micros": "2026-03-02T08:00:00Z", "date": "2026-03-02", "decimal": "1",
    "uuid": "6f1e7a4e-52a8-4c2d-9f0e-3b1d5c7a9e24", "time-millis": 0, "time-micros": 0,
}  # fmt: skip
_TOLD = (
    ("ada@example.com", {"email", "mail"}),
    ("+1 415 555 0133", {"phone", "mobile", "tel", "telephone", "fax"}),
    ("4111111111111111", {"card", "pan"}),
    ("DE89370400440532013000", {"iban"}),
    ("203.0.113.9", {"ip"}),
    ("12 High Street", {"street", "address"}),
)
"""Published test values, and words of the names of fields that hold such."""
_BY_NAME_ALONE = ("Ada", "1990-01-02", "hunter22", "ada77", "94107")
_OTHER = "text"


def sample_records(schema: Any, scan: Scan) -> list[Any]:
    """Return plain records of a schema: one with all that may be there, one with all null.

    Fields with tags hold nothing that could be found: their tags say what they are.
    """
    whole = expanded(schema)
    records = [_Sampler(scan, fills=fills).value(whole, "", ()) for fills in (True, False)]
    return records if records[0] != records[1] else records[:1]


class _Sampler:
    def __init__(self, scan: Scan, *, fills: bool) -> None:
        self._scan = scan
        self._fills = fills
        self._named: dict[str, Any] = {}

    def value(self, schema: Any, path: str, around: tuple[str, ...], *, told: bool = False) -> Any:
        """Return a value of a type.

        Args:
            schema: The type.
            path: Where it stands.
            around: The named types that it stands in.
            told: A tag says what it is.
        """
        if isinstance(schema, list):
            others = [one for one in schema if one != "null"]
            again = any(_name(one) in around for one in others)
            if "null" in schema and (again or not self._fills or not others):
                return None
            return self.value(others[0], path, around, told=told)
        if isinstance(schema, str):
            if schema in self._named:
                return self.value(self._named[schema], path, around, told=told)
            return self._text(path, told=told) if schema == "string" else _PLAIN[schema]
        if schema.get("logicalType") in _LOGICAL:
            return _LOGICAL[schema["logicalType"]]
        kind = schema["type"]
        is_simple = isinstance(kind, dict | list) or kind == "string" or kind in _PLAIN
        inside = self._complex if not is_simple else self.value
        return inside(kind if is_simple else schema, path, around, told=told)

    def _complex(self, schema: Any, path: str, around: tuple[str, ...], *, told: bool) -> Any:
        kind = schema["type"]
        if kind == "array":
            again = _name(schema["items"]) in around
            below = f"{path}[*]"
            return [] if again else [self.value(schema["items"], below, around, told=told)]
        if kind == "map":
            return {"a": self.value(schema["values"], f"{path}.*", around, told=told)}
        self._named[schema["name"]] = schema
        if kind == "enum":
            return schema["symbols"][0]
        if kind == "fixed":
            return "x" * schema["size"]
        inside = (*around, schema["name"])
        return {
            field["name"]: self.value(
                field["type"],
                joined(path, field["name"]),
                inside,
                told=told or bool(tags_of(field)),
            )
            for field in schema["fields"]
        }

    def _text(self, path: str, *, told: bool) -> str:
        if told:
            return _OTHER
        words = set(name_words(path.rpartition(".")[2]))
        for text, names in _TOLD:
            if words & names and self._scan.find(text, path):
                return text
        for text in _BY_NAME_ALONE:
            found = self._scan.find(text, path)
            if found and (found[0].start, found[0].end) == (0, len(text)):
                return text
        return _OTHER


def _name(schema: Any) -> str:
    if isinstance(schema, dict):
        return str(schema.get("name", ""))
    return schema if isinstance(schema, str) else ""

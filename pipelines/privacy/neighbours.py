"""Neighbours: what a field's name does not say alone, those beside it in an object may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.privacy.field_names import FieldNames

Told = Mapping[Any, str]
"""By the name of a field another name to read it by: a path below the object."""

_NAMING = frozenset({
    "type", "kind", "name", "key", "field", "label", "code", "attribute", "attr", "param",
    "parameter", "property", "prop", "system", "question", "column", "header", "k", "n", "id",
    "fieldname", "attributename", "fieldtype", "identifiertype", "contacttype", "channel", "typ",
    "art", "feld", "champ", "campo", "tipo", "clave", "chiave", "chave", "nome", "nombre", "nom",
    "bezeichnung", "veld", "pole", "entity", "documenttype", "doctype", "idtype", "idtyp",
    "tipodocumento", "documentkind", "typedocument", "dokumenttyp", "accounttype",
})  # fmt: skip
HOLDING = frozenset({
    "value", "val", "v", "values", "text", "data", "content", "answer", "response", "raw", "input",
    "stringvalue", "valuestring", "old", "new", "before", "after", "from", "to", "oldvalue",
    "newvalue", "previous", "current", "original", "wert", "valeur", "valor", "valore", "waarde",
    "wartosc", "contenu", "inhalt", "number", "no", "num", "numero", "nummer", "identifier",
    "documentnumber", "documentno", "docnumber", "docno", "documentid", "numerodocumento",
    "dokumentnummer", "contactvalue", "contactdetail", "contactinfo", "detail",
})  # fmt: skip
_LONGEST_NAME = 64
_TELL = {
    "PERSON": frozenset({
        "PERSON", "DATE_OF_BIRTH", "US_SSN", "NATIONAL_ID", "PASSPORT", "MEDICAL_RECORD",
        "HEALTH_INSURANCE",
    }),
    "ADDRESS": frozenset({"ADDRESS", "ZIP_CODE"}),
}  # fmt: skip
"""What stands beside a field whose name means this only in such company: `nom` beside `prenom`."""
_SOMEBODY = "contact person"  # a `name` beside an e-mail address, if it reads like one
_SURE = 0.85  # scores of kinds that do not depend on what the value looks like
_BETWEEN = re.compile(r"[_\- ]")
_OF_PATHS = re.compile(r'[.\[\]"\\]+')
_MOST_FIELDS = 128  # of one object; what has more is a map, and its keys are data
_REMEMBERED = 4096
_NOTHING: Told = {}


class Neighbours:
    """Tells by which names to read the fields of an object, where others beside them say more.

    `{"type": "phone", "value": "555"}` is read as `{"phone": "555"}`.
    """

    def __init__(self, names: FieldNames) -> None:
        """Take what names of fields say."""
        self._names = names
        self._by_keys: dict[tuple[Any, ...], _Company] = {}

    def told(self, value: Mapping[Any, Any]) -> Told:
        """Return the other names of an object's fields. Most have none."""
        if len(value) > _MOST_FIELDS:
            return _NOTHING
        company = self._company(tuple(value))
        if not company.holding:
            return company.told
        return self._with_pair(company, self._text([value[key] for key in company.naming]))

    def parted(
        self, names: tuple[Any, ...], columns: Sequence[Sequence[Any]], rows: Sequence[int]
    ) -> Iterator[tuple[Told, Sequence[Sequence[Any]], Sequence[int]]]:
        """Yield objects side by side, those together whose fields have the same other names."""
        company = self._company(names) if len(names) <= _MOST_FIELDS else None
        if company is None or not company.holding:
            yield _NOTHING if company is None else company.told, columns, rows
            return
        naming = [columns[names.index(key)] for key in company.naming]
        alike: dict[str, list[int]] = {}
        for place, texts in enumerate(zip(*naming, strict=True)):
            alike.setdefault(self._text(texts), []).append(place)
        for text, places in alike.items():
            told = self._with_pair(company, text)
            if len(places) == len(rows):
                yield told, columns, rows
            else:
                part = [[column[place] for place in places] for column in columns]
                yield told, part, [rows[place] for place in places]

    def _company(self, keys: tuple[Any, ...]) -> _Company:
        known = self._by_keys.get(keys)
        if known is None:
            known = _Company(self._names, keys)
            if len(self._by_keys) >= _REMEMBERED:
                self._by_keys.clear()
            self._by_keys[keys] = known
        return known

    def _text(self, texts: Sequence[Any]) -> str:
        """Return the first of some texts that is a name of a kind of value, "" without one."""
        for text in texts:
            if isinstance(text, str) and len(text) <= _LONGEST_NAME:
                name = _OF_PATHS.sub(" ", text).strip()
                if self._names.kinds(name):
                    return name
        return ""

    def _with_pair(self, company: _Company, text: str) -> Told:
        return {**company.told, **dict.fromkeys(company.holding, text)} if text else company.told


class _Company:
    """What the names of an object's fields say of each other.

    Attributes:
        told: Other names, whatever the values.
        naming: Fields that may hold the name of what `holding` hold.
        holding: Those; empty if there are none of either.
    """

    __slots__ = ("holding", "naming", "told")

    def __init__(self, names: FieldNames, keys: tuple[Any, ...]) -> None:
        texts = [key for key in keys if isinstance(key, str)]
        plain = {key: _BETWEEN.sub("", key).lower() for key in texts}
        self.naming = tuple(key for key in texts if plain[key] in _NAMING)
        self.holding = tuple(key for key in texts if plain[key] in HOLDING) if self.naming else ()
        weak = {key: kinds for key in texts if (kinds := names.weak(key))}
        sure = [
            (key, kind.entity)
            for key in (texts if weak else ())
            for kind in names.kinds(key)
            if kind.score >= _SURE and not kind.below
        ]
        found: dict[Any, str] = {}
        for key, kinds in weak.items():
            beside = {entity for other, entity in sure if other != key}
            for kind in kinds:
                if not _TELL[kind.entity].isdisjoint(beside):
                    found[key] = f"{kind.below[0]}.{key}"
                elif kind.entity == "PERSON" and "EMAIL_ADDRESS" in beside:
                    found.setdefault(key, _SOMEBODY)
        self.told: Told = found or _NOTHING

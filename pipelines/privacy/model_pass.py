"""Model pass: what a model finds in the prose of a chunk, treated after the detectors' findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pipelines.detector import Finding
from pipelines.entity_model import EntityModel, EntityModels, Found, NoModels
from pipelines.errors import Problem, RecordError, unknown
from pipelines.field_path import FieldPath
from pipelines.privacy.cleaner import DEFAULT, Findings
from pipelines.privacy.field_tree import FieldTree
from pipelines.privacy.policy import Policy, Privacy
from pipelines.privacy.rules import Rules
from pipelines.privacy.scan import Scan
from pipelines.privacy.texts import MAX_DEPTH, inner_json, json_text
from pipelines.record import Record
from pipelines.treatment import Treat
from pipelines.treatments.tokenize import TOKEN

ENTITIES = {
    "PERSON": "PERSON", "PER": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION",
    "LOCATION": "LOCATION", "ADDRESS": "ADDRESS", "ORG": "ORGANIZATION", "NORP": "NRP",
    "DATE": "DATE_TIME", "TIME": "DATE_TIME",
}  # fmt: skip
"""What models call an entity, and what it is called here; other labels keep their name."""

_USUAL = frozenset({"PERSON", "LOCATION", "ADDRESS"})
_WRITTEN = re.compile(rf"<[A-Z0-9_]+>|{TOKEN.pattern}|\*{{3,}}")  # by a treatment
_LETTERS = re.compile(r"[^\W\d_]")


def entities_of(model: EntityModel) -> set[str]:
    """Return what a model finds, by the names used here."""
    return {ENTITIES.get(label, label.upper()) for label in model.labels}


def model_of(policy: Policy | None, models: EntityModels | None) -> EntityModel | None:
    """Return the model that a policy names, None if it names none.

    Raises:
        ConfigError: It does not load.
    """
    if policy is None or policy.ner is None:
        return None
    return (NoModels() if models is None else models).model(policy.policy)


def never_found(policy: Policy | None, scan: Scan, model: EntityModel | None) -> Iterator[Problem]:
    """Yield the entities of a policy that no detector and no model finds."""
    if policy is None:
        return
    known = sorted(scan.entities | {"default"} | (set() if model is None else entities_of(model)))
    for entity in policy.found:
        if entity not in known:
            what = f"policy `{policy.policy}`: no detector finds"
            problem = unknown(what, entity, known, "CW0505")
            yield replace(problem, policy=policy.policy, path=f"found.{entity}")


class ModelPass:
    """Asks a model about the prose of all records of a chunk at once."""

    def __init__(
        self,
        model: EntityModel,
        treats: Mapping[str, tuple[str, Treat]],
        rules: Rules,
        scope: tuple[FieldPath, ...] | None,
        privacy: Privacy,
    ) -> None:
        """Take the model and what to do with what it finds.

        Args:
            model: The model.
            treats: Verb and treatment by entity; `default` for all others. People, places and
                addresses always count, other entities where they are named here.
            rules: The rules of fields; what they treat is not looked at again.
            scope: The paths whose text is scanned; None: everything.
            privacy: The pipeline's block: a key or header that it treats is not looked at, either.
        """
        self._model = model
        self._treats = treats
        self._default = treats.get("default", DEFAULT)
        self._wanted = {
            label: entity
            for label in model.labels
            for entity in (ENTITIES.get(label, label.upper()),)
            if entity in _USUAL or entity in treats
        }
        tree = FieldTree.of((rule.path.segments, rule.verb) for rule in rules.found)
        self._treated = tree if rules.found else None
        self._scope = scope
        self._with_key = privacy.key is None
        self._without_headers = privacy.headers

    def treat(
        self,
        records: Sequence[Record],
        changed: set[int],
        failed: dict[int, RecordError],
        findings: Findings,
    ) -> None:
        """Treat what the model finds, in place.

        Args:
            records: The records.
            changed: Indexes of records in which something was treated; those of this are added.
            failed: Records that may not leave: not looked at. Those with a text that the model
                gives no answer for are added.
            findings: Counted up by entity and treatment verb.
        """
        texts: dict[int, dict[str, None]] = {}
        for index, record in enumerate(records):
            if index not in failed:
                try:
                    texts[index] = self._texts(record)
                except RecordError as error:
                    failed[index] = error
        asked = list(dict.fromkeys(text for seen in texts.values() for text in seen))
        answers = dict(zip(asked, self._model.find(asked), strict=True)) if asked else {}
        for index, seen in texts.items():
            if any(answers[text] is None for text in seen):
                failed[index] = RecordError("model_failed", "gate", "no answer from the model")
            elif any(answers[text] for text in seen):
                before = findings.total()
                try:
                    self._walk(records[index], partial(self._put, answers, findings))
                except Exception as error:  # noqa: BLE001 - what cannot be treated does not leave
                    failed[index] = RecordError.of(error, "gate_failed", "gate")
                if findings.total() > before:
                    changed.add(index)

    def _texts(self, record: Record) -> dict[str, None]:
        """Return the texts of a record that may be prose."""
        seen: dict[str, None] = {}
        self._walk(record, partial(_noted, seen))
        return seen

    def _walk(self, record: Record, change: Callable[[str], str]) -> None:
        if self._scope is None:
            record.value = changed_in(record.value, change, self._treated)
        else:
            for path in self._scope:
                below = self._treated and self._treated.at(path.segments)
                path.update(record.value, partial(changed_in, change=change, treated=below))
        if self._with_key and record.key is not None:
            record.key = changed_in(record.key, change, None)
        for index, (name, raw) in enumerate(record.headers):
            if name not in self._without_headers:
                text = raw.decode("utf-8", "replace")
                new = changed_in(text, change, None)
                if new is not text:
                    record.headers[index] = (name, str(new).encode("utf-8", "replace"))

    def _put(self, answers: Mapping[str, Found], findings: Findings, text: str) -> str:
        found = self._counting(text, answers.get(text) or ())
        pieces: list[str] = []
        end = 0
        for finding in found:
            verb, treat = self._treats.get(finding.entity, self._default)
            findings[finding.entity, verb] += 1
            put = treat(text[finding.start : finding.end], finding.entity)
            pieces += (text[end : finding.start], put if isinstance(put, str) else "")
            end = finding.end
        return "".join((*pieces, text[end:])) if found else text

    def _counting(self, text: str, found: Sequence[Finding]) -> list[Finding]:
        """Return what counts: wanted labels by our names, nothing treated already."""
        written = [one.span() for one in _WRITTEN.finditer(text)]
        kept: list[Finding] = []
        for one in sorted(found, key=lambda one: (one.start, -one.end)):
            entity = self._wanted.get(one.entity)
            free = all(one.end <= start or end <= one.start for start, end in written)
            if entity is not None and free and (not kept or kept[-1].end <= one.start):
                kept.append(Finding(one.start, one.end, entity, one.score))
        return kept


def changed_in(
    value: Any, change: Callable[[str], str], treated: FieldTree | None, depth: int = 0
) -> Any:
    """Return a value with every text changed: the same object where none is.

    Keys of objects are texts, and so is what JSON inside a string holds. What field rules treated
    stays.

    Raises:
        RecordError: It is nested too deeply (`too_deep`).
    """
    if depth > MAX_DEPTH:
        raise RecordError("too_deep", "gate", f"more than {MAX_DEPTH} levels")
    if treated is not None and treated.verb is not None:
        return value
    match value:
        case str():
            return _text(value, change, depth)
        case dict():
            pairs = [
                (
                    change(key) if isinstance(key, str) else key,
                    changed_in(child, change, treated and treated.below(key), depth + 1),
                )
                for key, child in value.items()
            ]
            same = all(
                key is old and child is value[old]
                for (key, child), old in zip(pairs, value, strict=True)
            )
            return value if same else _object(pairs)
        case list():
            new = [
                changed_in(child, change, treated and treated.below(index), depth + 1)
                for index, child in enumerate(value)
            ]
            same = all(one is other for one, other in zip(new, value, strict=True))
            return value if same else new
        case bytes():
            text = value.decode("utf-8", "replace")
            clean = change(text)
            return value if clean is text else clean.encode("utf-8", "replace")
        case _:
            return value


def _text(text: str, change: Callable[[str], str], depth: int) -> str:
    inner = inner_json(text) if depth < MAX_DEPTH else None
    if inner is None:
        return change(text)
    new = changed_in(inner, change, None, depth + 1)
    return text if new is inner else json_text(new)


def _object(pairs: Sequence[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return an object: two names treated alike lose neither value."""
    new: dict[Any, Any] = {}
    for key, child in pairs:
        unlike, alike = key, 1
        while unlike in new:
            alike += 1
            unlike = f"{key}_{alike}"
        new[unlike] = child
    return new


def _noted(seen: dict[str, None], text: str) -> str:
    """Take down a text that may be prose: more than one word, or letters without spaces."""
    bare = text.strip()
    if (" " in bare or not bare.isascii()) and _LETTERS.search(bare) is not None:
        seen[text] = None
    return text

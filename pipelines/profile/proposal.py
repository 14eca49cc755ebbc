"""Proposal: a pipeline and a policy, as YAML, for what a profile found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.profile.field_profile import FieldProfile
from pipelines.profile.profile import HEADER, KEY, Profile

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]*-]*")
_SAFE_NAME = re.compile(r"[^a-z0-9-]+")
_HASHED = ("EMAIL_ADDRESS", "PHONE_NUMBER", "USERNAME", "IP_ADDRESS", "MAC_ADDRESS", "US_SSN")
_MASKED = ("CREDIT_CARD", "IBAN_CODE")

_POLICY = """\
# What happens to what is found in text that no rule names.
policy: {name}
treat:{treat}
unclassified: scan
found:
  CREDIT_CARD: {{mask: {{keep_last: 4}}}}
  default:     {{replace: {{with: "<{{entity}}>"}}}}
"""


@dataclass(frozen=True, slots=True)
class Source:
    """What was profiled.

    Attributes:
        topic: The topic that the pipeline will read.
        value: Its values' format: `json`, `avro` or `text`.
        line_format: The named format that its lines are of, for text.
    """

    topic: str
    value: str
    line_format: str | None = None

    @property
    def name(self) -> str:
        """The pipeline's name."""
        name = _SAFE_NAME.sub("-", self.topic.removesuffix(".raw").lower()).strip("-")[:40]
        return name if name[:1].isalpha() else f"topic-{name}"[:40].rstrip("-")


def pipeline_yaml(profile: Profile, source: Source, extra: Mapping[str, str] | None = None) -> str:
    """Return a pipeline that treats every field which is there to hold personal data.

    What stands somewhere in text is left to the text scan and the policy.

    Args:
        profile: What stands in the records.
        source: What was profiled.
        extra: Further rules: path and treatment as YAML.
    """
    name = source.name
    base = source.topic.removesuffix(".raw")
    publish = "json" if source.line_format else source.value
    lines = [
        f"# Proposed from {profile.records:,} records: read it, and the tests beside it.",
        f"pipeline: {name}",
        f"source: {{topic: {_quoted(source.topic)}, value: {source.value}, key: string}}",
    ]
    if source.line_format:
        lines += [
            "steps:",
            f"  - {{step: parse,  id: line, format: {source.line_format}}}",
            "  - {step: remove, id: text, fields: [line]}",
        ]
    lines += ["privacy:", f"  policy: {name}"]
    rules = {**dict(_rules(profile, source)), **(extra or {})}
    if KEY in rules:
        lines.append(f"  key: {rules.pop(KEY)}")
    headers = {path: rule for path, rule in rules.items() if path.startswith(HEADER)}
    if headers:
        lines.append("  headers:")
        lines += [
            f"    {_quoted(path.removeprefix(f'{HEADER} '))}: {rule}"
            for path, rule in headers.items()
        ]
    fields = {path: rule for path, rule in rules.items() if path not in headers}
    if fields:
        lines.append("  fields:")
        lines += [f"    {_quoted(path)}: {rule}" for path, rule in fields.items()]
    lines += [
        f"publish:     {{topic: {_quoted(f'{base}.clean')}, value: {publish}}}",
        f"dead_letter: {{topic: {_quoted(f'{base}.dead')}, stop_above: 5%}}",
    ]
    return "\n".join(lines) + "\n"


def policy_yaml(source: Source, tags: Mapping[str, str] | None = None) -> str:
    """Return the policy that the proposed pipeline names.

    Args:
        source: What was profiled.
        tags: Treatments of the schema's tags, as YAML.
    """
    treat = "".join(f"\n  {tag}: {treatment}" for tag, treatment in (tags or {}).items())
    return _POLICY.format(name=source.name, treat=treat or " {}")


def keys_needed(profile: Profile, source: Source) -> tuple[str, ...]:
    """Return the names of the keys that the proposed pipeline needs, its dead letters' first."""
    hashes = any("{hash:" in rule for _, rule in _rules(profile, source))
    return ("dead-letters", source.name) if hashes else ("dead-letters",)


def _rules(profile: Profile, source: Source) -> Iterator[tuple[str, str]]:
    """Yield path and treatment of the fields that hold one entity and nothing else."""
    for path, field in profile.fields():
        entity = entity_of(field)
        if entity is None or path.endswith("(name)") or path == "(value)":
            continue
        why = f"{entity} in {field.share(entity):.0%} of values"
        # Avro keeps a field's type, and there is no pseudonym that is a number
        fits = source.value != "avro" or not set(field.kinds) - {"string", "null"}
        treatment = _treatment(entity, source.name) if fits else "{remove: {}}"
        yield path, f"{treatment}  # {why}"


def entity_of(field: FieldProfile) -> str | None:
    """Return the entity that a field is there to hold, the most frequent if several."""
    whole = [entity for entity in field.found if field.is_all(entity)]
    return max(whole, key=lambda entity: field.found[entity].scores, default=None)


def _treatment(entity: str, key: str) -> str:
    if entity in _HASHED:
        return f"{{hash: {{key: {key}}}}}"
    return "{mask: {keep_last: 4}}" if entity in _MASKED else "{redact: {}}"


def _quoted(text: str) -> str:
    """Return text as YAML that reads back the same."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text)

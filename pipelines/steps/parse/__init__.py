"""parse: turn a text field into fields."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.effect import Effect, Written
from pipelines.errors import ConfigError, Problem, RecordError
from pipelines.field_path import MISSING, FieldPath
from pipelines.record import Record
from pipelines.shape import ANY, Shape
from pipelines.step import OneField, Resources, Scope, StepConfig, Transform
from pipelines.steps.parse.access_log import COMBINED, COMMON
from pipelines.steps.parse.format import Format
from pipelines.steps.parse.json_text import JSON
from pipelines.steps.parse.pairs import KEY_VALUE, LOGFMT
from pipelines.steps.parse.pattern import pattern_format
from pipelines.steps.parse.syslog import SYSLOG

FORMATS = {
    "combined": COMBINED,
    "common": COMMON,
    "logfmt": LOGFMT,
    "json": JSON,
    "key_value": KEY_VALUE,
    "syslog": SYSLOG,
}
"""The named formats."""


class Parse(StepConfig):
    """Turn a text field into fields, by a named format or a pattern with named groups.

    - `combined`, `common`: web servers' access logs, into `host ident user timestamp method path
      protocol status size` and (combined) `referer user_agent`; `-` is null. A request that is no
      HTTP request line stands in `path` as a whole.
    - `logfmt`: `key=value key="quoted" flag`; all values are text, a flag is null.
    - `key_value`: `key=value` between blanks, commas, semicolons, `&` or `|`; all values are text.
    - `json`: any JSON; an object where its fields go to the record itself.
    - `syslog`: RFC 5424 and RFC 3164, into `facility severity timestamp host app process_id
      message_id structured_data message`.

    Times become text as RFC 3339 has it (`2026-03-02T08:00:01Z`); `cast` makes timestamps of
    them. The text itself stays where it is: `remove` it when it is no longer needed.
    """

    step: Literal["parse"] = "parse"
    field: OneField = FieldPath("line")
    """Path of the text; the line of a text topic is in `line`."""
    format: Literal["combined", "common", "logfmt", "json", "key_value", "syslog"] | None = None
    """Format of the text. Either this or `pattern`."""
    pattern: Annotated[str, Field(min_length=1)] | None = None
    """RE2 pattern; its named groups `(?P<name>…)` become text fields. It is searched for in the
    text: `^` and `$` tie it to the ends."""
    into: OneField | None = None
    """Path of the object that gets the fields; default: the record itself, whose fields of the
    same names are replaced."""
    on_error: Literal["dead_letter", "keep"] = "dead_letter"
    """What becomes of a record whose text is absent or not of the format: it is dead-lettered
    (`parse_failed`), or goes on as it is."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.format is None) == (self.pattern is None):
            message = "say how the text is written: either `format` or `pattern`"
            raise ValueError(message)
        self._format()
        return self

    def _format(self) -> Format:
        return FORMATS[self.format] if self.format else pattern_format(self.pattern or "")

    def build(self, resources: Resources) -> Transform:
        del resources
        get, read, step_id = self.field.get, self._format().read, self.id
        put = None if self.into is None else self.into.set
        is_lenient = self.on_error == "keep"
        hint = f"{self.field} is not {self.format or 'what the pattern says'}"

        def parse(record: Record) -> None:
            value = record.value
            text = get(value)
            found = read(text, record.timestamp) if isinstance(text, str) else MISSING
            if put is None:
                if isinstance(found, dict) and isinstance(value, dict):
                    value.update(found)
                    return
            elif found is not MISSING and put(value, found):
                return
            if not is_lenient:
                raise RecordError("parse_failed", step_id, hint)

        return parse

    def effects(self, scope: Scope) -> tuple[Effect, ...]:
        source = scope.shape.at(self.field)
        if source is None:
            return ()
        made = self._format()
        sometimes = self.on_error == "keep"
        if self.into is not None:
            whole = Shape("map", items=made.items) if made.fields is None else _object(made)
            whole = ANY if self.format == "json" else whole
            return (Written(self.into, _tagged(whole, source, scope, self.into), sometimes),)
        if made.fields is None:
            if scope.shape.kind != "any" and any(one.tags for _, one in scope.shape.leaves()):
                what = (
                    f"a text of {self.format} names its fields itself, and they could replace "
                    "tagged fields of the record"
                )
                fix = "give it a place of its own with `into`"
                raise ConfigError([Problem(what, code="CW0411", fix=fix)])
            return (Written(FieldPath.of(), ANY, sometimes),)
        paths = {FieldPath.of(name): shape for name, shape in made.fields.items()}
        return tuple(
            Written(path, _tagged(shape, source, scope, path), sometimes)
            for path, shape in paths.items()
        )

    def sentence(self) -> str:
        what = f"as {self.format}" if self.format else "by a pattern"
        where = "the record" if self.into is None else self.into
        otherwise = "is dead-lettered" if self.on_error == "dead_letter" else "goes on as it is"
        return f"Parses {self.field} {what} into {where}; what does not fit {otherwise}."

    def fields_needed(self) -> tuple[FieldPath, ...]:
        return (self.field,)


def _object(made: Format) -> Shape:
    return Shape("object", fields=made.fields or {})


def _tagged(shape: Shape, source: Shape, scope: Scope, path: FieldPath) -> Shape:
    """Return the shape with the tags of the text it came from and of the field it replaces."""
    before = scope.shape.at(path)
    return shape.with_tags(source.tags | (frozenset() if before is None else before.tags))

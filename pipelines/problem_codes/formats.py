"""Formats and schemas."""

from pipelines.problem_code import ProblemCode

_AVRO = "source: {topic: orders.raw, value: avro}\n"
_SCHEMA = (
    "# schemas/orders.raw-value.avsc\n"
    '{"type": "record", "name": "Order", "fields": [{"name": "note", "type": "string"}]}\n'
)

CODES = (
    ProblemCode(
        "CW0601",
        "format-mismatch",
        "Records cannot be published in this format",
        "Avro needs a schema, which only an Avro source has; opaque bytes leave as they come.",
        "publish: {topic: orders.clean, value: avro}\n",
        "publish: {topic: orders.clean, value: json}\n",
    ),
    ProblemCode(
        "CW0602",
        "no-registry",
        "Avro needs a schema registry",
        "CLEARWATER_SCHEMA_REGISTRY names its URL, or a folder with a file `SUBJECT.avsc` per"
        " subject. For trials a folder `schemas` beside the pipelines is enough.",
        _AVRO,
        _AVRO + _SCHEMA,
    ),
    ProblemCode(
        "CW0603",
        "no-schema",
        "The source has no schema",
        "The registry has no subject of this name, or holds another kind of schema there. The"
        " subject is `TOPIC-value`, unless `source.subject` names another.",
        "source: {topic: odrers.raw, value: avro}\n" + _SCHEMA,
        _AVRO + _SCHEMA,
    ),
    ProblemCode(
        "CW0604",
        "invalid-schema",
        "A schema is none",
        "It is no JSON, or no schema as Avro 1.12 has it.",
        _AVRO + '# schemas/orders.raw-value.avsc\n{"type": "recrod", "name": "Order"}\n',
        _AVRO + _SCHEMA,
    ),
    ProblemCode(
        "CW0605",
        "no-derived-schema",
        "No schema can be derived for the destination",
        "The destination's schema follows from the source's, the steps and the treatments."
        " Something a step writes has no type that Avro could hold, or the registry refuses"
        " the schema.",
        _AVRO
        + "steps:\n  - {step: set, id: copy, field: copy, value: 'dyn(message.note)'}\n"
        + _SCHEMA,
        _AVRO + "steps:\n  - {step: set, id: copy, field: copy, value: message.note}\n" + _SCHEMA,
    ),
)

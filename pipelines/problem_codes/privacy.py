"""What is to happen to personal data and never could."""

from pipelines.problem_code import ProblemCode

_SCHEMA = (
    "# schemas/orders.raw-value.avsc\n"
    '{"type": "record", "name": "Order", "fields": [\n'
    '  {"name": "amount", "type": "double"},\n'
    '  {"name": "customer", "type": {"type": "record", "name": "Customer", "fields": [\n'
    '    {"name": "email", "type": "string"},\n'
    '    {"name": "id", "type": "string"}]}, "confluent:tags": ["PII"]}]}\n'
)
_AVRO = "source: {topic: orders.raw, value: avro}\n"
_FOUND = "# policies/strict.yaml\npolicy: strict\n"
_OWN = "detectors:\n  supplier: {entity: SUPPLIER, deny: [Nordwind],"

CODES = (
    ProblemCode(
        "CW0501",
        "rule-without-field",
        "A rule treats a field that no record has",
        "The rule could never apply, and the field it was meant for leaves by other rules. It is"
        " looked for as records are after all steps.",
        _AVRO + "privacy: {fields: {custmer: {redact: {}}}}\n" + _SCHEMA,
        _AVRO + "privacy: {fields: {customer: {remove: {}}}}\n" + _SCHEMA,
    ),
    ProblemCode(
        "CW0502",
        "rules-overlap",
        "Two rules treat one field",
        "One names a field, the other something in it: which one counts would depend on their"
        " order.",
        "privacy: {fields: {customer: {redact: {}}, customer.email: {mask: {}}}}\n",
        "privacy: {fields: {customer.name: {redact: {}}, customer.email: {mask: {}}}}\n",
    ),
    ProblemCode(
        "CW0503",
        "part-of-tagged",
        "A rule treats only a part of a tagged field",
        "The tag is on the whole field. With a rule for a part the rest would need a rule, too: say"
        " for the whole what happens to it.",
        _AVRO
        + "privacy: {policy: strict, fields: {'tags[0]': {mask: {}}}}\n"
        + _FOUND
        + "treat: {PII: {redact: {}}}\n"
        + "# schemas/orders.raw-value.avsc\n"
        '{"type": "record", "name": "Order", "fields": [{"name": "tags",\n'
        '  "type": {"type": "array", "items": "string"}, "confluent:tags": ["PII"]}]}\n',
        _AVRO
        + "publish: {topic: orders.clean, value: json}\n"
        + "privacy: {policy: strict, fields: {tags: {mask: {}}}}\n"
        + _FOUND
        + "treat: {PII: {redact: {}}}\n"
        + "# schemas/orders.raw-value.avsc\n"
        '{"type": "record", "name": "Order", "fields": [{"name": "tags",\n'
        '  "type": {"type": "array", "items": "string"}, "confluent:tags": ["PII"]}]}\n',
    ),
    ProblemCode(
        "CW0504",
        "treatment-misfit",
        "A treatment does not fit the field's type",
        "What the treatment puts in the place of the value is nothing that the Avro schema could"
        " hold there.",
        _AVRO + "privacy: {fields: {amount: {mask: {}}}}\n" + _SCHEMA,
        _AVRO + "privacy: {fields: {amount: {remove: {}}}}\n" + _SCHEMA,
    ),
    ProblemCode(
        "CW0505",
        "unknown-entity",
        "A policy treats an entity that no detector finds",
        "Entity types are spelled as Presidio spells them; `clearwater detectors` lists them. A"
        " detector of the policy's own may bring another.",
        "privacy: {policy: strict}\n" + _FOUND + "found: {EMAIL_ADRESS: {redact: {}}}\n",
        "privacy: {policy: strict}\n" + _FOUND + "found: {EMAIL_ADDRESS: {redact: {}}}\n",
    ),
    ProblemCode(
        "CW0506",
        "scan-without-field",
        "A field to be scanned does not exist",
        "`privacy.scan` names a field that no record has after all steps, so nothing is scanned in"
        " its place.",
        _AVRO + "privacy: {scan: [costumer.email]}\n" + _SCHEMA,
        _AVRO + "privacy: {scan: [customer.email]}\n" + _SCHEMA,
    ),
    ProblemCode(
        "CW0507",
        "opaque-values",
        "Opaque values have no reason to pass",
        "What is read as `bytes` cannot be searched, so it leaves only for a reason that somebody"
        " wrote down.",
        "source: {topic: orders.raw, value: bytes}\n",
        "source: {topic: orders.raw, value: bytes}\n"
        "privacy: {bytes: sealed by the producer already}\n",
    ),
    ProblemCode(
        "CW0508",
        "opaque-keys",
        "Opaque keys have no rule",
        "A key that is read as `bytes` cannot be searched.",
        "source: {topic: orders.raw, value: json, key: bytes}\n",
        "source: {topic: orders.raw, value: json, key: bytes}\nprivacy: {key: {remove: {}}}\n",
    ),
    ProblemCode(
        "CW0509",
        "unfit-detector",
        "A policy's own detector cannot be used",
        "Its pattern is none of RE2's, finds what it must not or misses what it must, or would slow"
        " the whole scan down. Its examples and counterexamples are tried before anything starts.",
        "privacy: {policy: strict}\n" + _FOUND + _OWN + "\n    examples: [from Nord],"
        " counterexamples: [from Sued]}\n",
        "privacy: {policy: strict}\n" + _FOUND + _OWN + "\n    examples: [from Nordwind],"
        " counterexamples: [from Sued]}\n",
    ),
    ProblemCode(
        "CW0510",
        "unused-tag",
        "A policy treats a tag that no field has",
        "Tags are read from the schemas of the pipelines that use the policy. An entry for a tag"
        " that none of them has never applies, often because it is misspelt.",
        _AVRO + "privacy: {policy: strict}\n" + _FOUND + "treat: {PIII: {remove: {}}}\n" + _SCHEMA,
        _AVRO + "privacy: {policy: strict}\n" + _FOUND + "treat: {PII: {remove: {}}}\n" + _SCHEMA,
        severity="warning",
    ),
    ProblemCode(
        "CW0511",
        "scan-of-treated",
        "A field is to be scanned that a rule treats",
        "What a rule treated is not scanned again, so naming it under `scan` has no effect.",
        "privacy: {scan: [note], fields: {note: {redact: {}}}}\n",
        "privacy: {scan: [note], fields: {name: {redact: {}}}}\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0512",
        "idle-detector",
        "A detector searches no field",
        "No pipeline that uses the policy has the text of its records scanned: the detector only"
        " ever sees keys and headers.",
        "privacy: {policy: strict, scan: {nothing: measured values only}}\n"
        + _FOUND
        + _OWN
        + "\n    examples: [from Nordwind], counterexamples: [from Sued]}\n",
        "privacy: {policy: strict}\n"
        + _FOUND
        + _OWN
        + "\n    examples: [from Nordwind], counterexamples: [from Sued]}\n",
        severity="warning",
    ),
)

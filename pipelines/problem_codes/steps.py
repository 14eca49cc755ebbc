"""Steps and their order."""

from pipelines.problem_code import ProblemCode

_TESTS = (
    "# orders.test.yaml\ntests:\n"
    "  - {id: the EU, given: {value: {eu: true}}, expect: [{topic: orders.eu}]}\n"
    "  - {id: the rest, given: {value: {}}, expect: [{topic: orders.all}]}\n"
)

CODES = (
    ProblemCode(
        "CW0401",
        "never-run",
        "A step can never run",
        "An earlier step drops every record that it could be for.",
        "steps:\n  - {step: drop, id: everything, reason: closed}\n"
        "  - {step: remove, id: notes, fields: [note]}\n",
        "steps:\n  - {step: drop, id: tests, when: has(message.test), reason: test_order}\n"
        "  - {step: remove, id: notes, fields: [note]}\n",
    ),
    ProblemCode(
        "CW0402",
        "never-wins",
        "A route can never win",
        "The first route that holds wins, and an earlier one takes every record that this one is"
        " for. Special routes stand before general ones; `copy: true` sends a copy beside.",
        "steps:\n  - {step: route, id: all, to: orders.all}\n"
        "  - {step: route, id: eu, to: orders.eu, when: has(message.eu)}\n" + _TESTS,
        "steps:\n  - {step: route, id: eu, to: orders.eu, when: has(message.eu)}\n"
        "  - {step: route, id: all, to: orders.all}\n" + _TESTS,
    ),
    ProblemCode(
        "CW0403",
        "absent-field",
        "A step works on a field that no record has",
        "The schema, as it is when a record comes to this step, has no such field: the step could"
        " never do anything.",
        "source: {topic: orders.raw, value: text}\n"
        "steps:\n  - {step: remove, id: notes, fields: [note]}\n",
        "source: {topic: orders.raw, value: json}\n"
        "steps:\n  - {step: remove, id: notes, fields: [note]}\n",
    ),
    ProblemCode(
        "CW0404",
        "too-early",
        "A field is read before it is made",
        "Steps run in the order in which they are written. The field is made by a step behind the"
        " one that reads it.",
        "steps:\n"
        '  - {step: drop, id: far, when: message.region == "Asia", reason: far_away}\n'
        "  - {step: enrich, id: geo, table: regions, key: key, into: region}\n"
        "tables: {regions: {inline: {JP: Asia}}}\n",
        "steps:\n"
        "  - {step: enrich, id: geo, table: regions, key: key, into: region, on_missing: drop}\n"
        '  - {step: drop, id: far, when: has(message.region) && message.region == "Asia",'
        " reason: far_away}\n"
        "tables: {regions: {inline: {JP: Asia}}}\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0405",
        "taken-out",
        "A field is used after it was taken out",
        "An earlier `remove`, `keep` or `rename` leaves no record with the field. What stands"
        " behind it never finds it.",
        "steps:\n  - {step: remove, id: notes, fields: [note]}\n"
        "  - {step: rename, id: comment, from: note, to: comment}\n",
        "steps:\n  - {step: rename, id: comment, from: note, to: comment}\n",
    ),
    ProblemCode(
        "CW0406",
        "overwritten",
        "A field is written twice and not read between",
        "Both steps write the field of every record, and nothing reads what the first one wrote.",
        "steps:\n  - {step: set, id: zero, field: total, value: '0'}\n"
        "  - {step: set, id: one, field: total, value: '1'}\n",
        "steps:\n  - {step: set, id: one, field: total, value: '1'}\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0407",
        "sample-of-nothing",
        "A sample lets no record pass",
        "A share of 0 would end every record as sampled out. To end records say so by a `drop` with"
        " its reason.",
        "steps:\n  - {step: sample, id: none, ratio: 0}\n",
        "steps:\n  - {step: sample, id: some, ratio: 0.1}\n",
    ),
    ProblemCode(
        "CW0408",
        "sample-of-everything",
        "A sample lets every record pass",
        "A share of 1 chooses nothing.",
        "steps:\n  - {step: sample, id: all, ratio: 1}\n",
        "steps:\n  - {step: sample, id: some, ratio: 0.1}\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0409",
        "nothing-published",
        "A pipeline publishes nothing",
        "Its last step drops every record that comes to it.",
        "steps:\n  - {step: drop, id: everything, reason: closed}\n",
        "steps:\n  - {step: drop, id: tests, when: has(message.test), reason: test_order}\n",
        severity="warning",
    ),
    ProblemCode(
        "CW0410",
        "steps-on-bytes",
        "Steps stand on opaque bytes",
        "A value that is read as `bytes` has no fields and no text. It passes as it is or not at"
        " all.",
        "source: {topic: orders.raw, value: bytes}\n"
        "privacy: {bytes: sealed by the producer already}\n"
        "steps:\n  - {step: remove, id: notes, fields: [note]}\n",
        "source: {topic: orders.raw, value: bytes}\n"
        "privacy: {bytes: sealed by the producer already}\n",
    ),
    ProblemCode(
        "CW0411",
        "unfit-step",
        "A step does not fit the records that come to it",
        "It is written rightly by itself and cannot do its work on the records as they are here.",
        "source: {topic: orders.raw, value: avro}\n"
        "steps:\n  - {step: parse, id: pairs, field: note, format: logfmt}\n"
        "# schemas/orders.raw-value.avsc\n"
        '{"type": "record", "name": "Order", "fields": [\n'
        '  {"name": "note", "type": "string"},\n'
        '  {"name": "email", "type": "string", "confluent:tags": ["PII.EMAIL"]}]}\n',
        "source: {topic: orders.raw, value: avro}\n"
        "publish: {topic: orders.clean, value: json}\n"
        "steps:\n  - {step: parse, id: pairs, field: note, format: logfmt, into: pairs}\n"
        "# schemas/orders.raw-value.avsc\n"
        '{"type": "record", "name": "Order", "fields": [\n'
        '  {"name": "note", "type": "string"},\n'
        '  {"name": "email", "type": "string", "confluent:tags": ["PII.EMAIL"]}]}\n',
    ),
)

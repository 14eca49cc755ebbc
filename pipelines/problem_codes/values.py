"""Keys and values that the language does not have."""

from pipelines.problem_code import ProblemCode

CODES = (
    ProblemCode(
        "CW0101",
        "unknown-key",
        "A key is unknown",
        "Nothing would read it. A misspelt key that is passed over in silence is how a rule is"
        " thought to be on and is not, so every key must be known.",
        "steps:\n  - {step: drop, id: tests, wen: has(message.test), reason: test_order}\n",
        "steps:\n  - {step: drop, id: tests, when: has(message.test), reason: test_order}\n",
    ),
    ProblemCode(
        "CW0102",
        "missing-key",
        "A key is missing",
        "This key has no default: it must be written.",
        "steps:\n  - {step: drop, when: has(message.test), reason: test_order}\n",
        "steps:\n  - {step: drop, id: tests, when: has(message.test), reason: test_order}\n",
    ),
    ProblemCode(
        "CW0103",
        "unknown-kind",
        "A step, treatment or table is unknown",
        "There is none of that name. `clearwater steps`, `clearwater treatments` and `clearwater"
        " help` list what there is.",
        "steps:\n  - {step: dorp, id: tests, reason: test_order}\n",
        "steps:\n  - {step: drop, id: tests, when: has(message.test), reason: test_order}\n",
    ),
    ProblemCode(
        "CW0104",
        "missing-kind",
        "What kind of step it is stands nowhere",
        "Every step says by `step:` what it does.",
        "steps:\n  - {id: tests, reason: test_order}\n",
        "steps:\n  - {step: drop, id: tests, when: has(message.test), reason: test_order}\n",
    ),
    ProblemCode(
        "CW0105",
        "wrong-type",
        "A value is of another type",
        "A list stands where a text should be, a text where a number should be, and so on. Texts"
        " that look like numbers need quotes; numbers must have none.",
        "steps:\n  - {step: remove, id: notes, fields: note}\n",
        "steps:\n  - {step: remove, id: notes, fields: [note]}\n",
    ),
    ProblemCode(
        "CW0106",
        "unknown-choice",
        "A word is none of the choices",
        "Only some words can stand here.",
        "source: {topic: orders.raw, value: jsno}\n",
        "source: {topic: orders.raw, value: json}\n",
    ),
    ProblemCode(
        "CW0107",
        "out-of-range",
        "A number is out of range",
        "The number is too small or too large for what it says.",
        "steps:\n  - {step: sample, id: some, ratio: 1.5}\n",
        "steps:\n  - {step: sample, id: some, ratio: 0.5}\n",
    ),
    ProblemCode(
        "CW0108",
        "wrong-form",
        "A name does not have the right form",
        "Names of pipelines, steps and reasons become metric labels and header values, names of"
        " topics go to Kafka: each has its form.",
        "steps:\n  - {step: drop, id: Test Orders, when: has(message.test), reason: test_order}\n",
        "steps:\n  - {step: drop, id: test-orders, when: has(message.test), reason: test_order}\n",
    ),
    ProblemCode(
        "CW0109",
        "wrong-value",
        "A value cannot be",
        "The value has the right type and still says nothing that could be done: a duration without"
        " a unit, a path that is none, two keys that exclude each other.",
        "dead_letter: {topic: orders.dead, stop_above: 5}\n",
        "dead_letter: {topic: orders.dead, stop_above: 5%}\n",
    ),
    ProblemCode(
        "CW0110",
        "wrong-length",
        "A text or list is too short or too long",
        "A list that names nothing has no effect, and a reason of three letters is none: an auditor"
        " reads it.",
        "privacy: {scan: {nothing: short}}\n",
        "privacy: {scan: {nothing: measured values only}}\n",
    ),
)

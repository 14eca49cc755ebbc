"""Conditions and other expressions."""

from pipelines.problem_code import ProblemCode


def _drop(condition: str) -> str:
    return f"steps:\n  - step: drop\n    id: some\n    when: {condition}\n    reason: not_wanted\n"


CODES = (
    ProblemCode(
        "CW0301",
        "no-expression",
        "A text is no expression",
        "Conditions and values are CEL: `&&`, `||` and `!`, `==` for equality, texts in quotes."
        " `clearwater help conditions` has the language on a page.",
        _drop("message.a = 1"),
        _drop("has(message.a) && message.a == 1"),
    ),
    ProblemCode(
        "CW0302",
        "unknown-name",
        "A name or function is unknown",
        "An expression knows `message`, `key`, `headers` and `meta`, and the functions that"
        " `clearwater help` lists. Fields are written `message.field`.",
        _drop("amount < 5.0"),
        _drop("has(message.amount) && message.amount < 5.0"),
    ),
    ProblemCode(
        "CW0303",
        "wrong-operands",
        "An operator or function does not take these types",
        "CEL converts nothing by itself: an int and a double are added after `double(…)`, and a"
        " text is never less than a number.",
        _drop('header("x-count") > 5'),
        _drop('int(header("x-count")) > 5'),
    ),
    ProblemCode(
        "CW0304",
        "no-condition",
        "A condition is neither true nor false",
        "`when`, and each side of `&&`, `||` and `!`, must come out true or false.",
        _drop('header("x-test")'),
        _drop('header("x-test") != ""'),
    ),
    ProblemCode(
        "CW0305",
        "unguarded-field",
        "A field may be absent where it is read",
        "The topic has no schema that promises the field. Where it is absent the expression has no"
        " value, and the record is dead-lettered. `has(…)` asks first.",
        _drop("message.amount < 5.0"),
        _drop("has(message.amount) && message.amount < 5.0"),
        severity="warning",
    ),
    ProblemCode(
        "CW0306",
        "unknown-field",
        "The schema has no such field",
        "No record could ever have it, so the expression could never have a value.",
        "source: {topic: orders.raw, value: text}\n" + _drop('message.lien == "-"'),
        "source: {topic: orders.raw, value: text}\n" + _drop('message.line == "-"'),
    ),
    ProblemCode(
        "CW0307",
        "always-true",
        "A condition is always true",
        "It holds for every record, whatever is in it, so it decides nothing. If the step is for"
        " every record, leave `when` out.",
        _drop("1 == 1 || has(message.test)"),
        _drop("has(message.test)"),
        severity="warning",
    ),
    ProblemCode(
        "CW0308",
        "never-true",
        "A condition is never true",
        "Its parts exclude each other, or what is compared can never be equal: no record could ever"
        " meet it, and the step would never run.",
        _drop('has(message.country) && message.country == "DE" && message.country == "FR"'),
        _drop('has(message.country) && message.country in ["DE", "FR"]'),
    ),
    ProblemCode(
        "CW0309",
        "constant-part",
        "A part of a condition decides nothing",
        "One side of `&&` or `||` comes out the same for every record: it can be left out, or it"
        " does not say what was meant.",
        _drop("has(message.test) && (1 < 2 || has(message.trial))"),
        _drop("has(message.test)"),
        severity="warning",
    ),
    ProblemCode(
        "CW0310",
        "too-large-expression",
        "An expression is too long or nested too deeply",
        "Every expression has limits, so that none can hold up a worker.",
        _drop("(" * 90 + "true" + ")" * 90),
        _drop("has(message.test)"),
    ),
    ProblemCode(
        "CW0311",
        "no-pattern",
        "A pattern or time zone is none",
        "Patterns are those of RE2, which run in linear time: they have no back references and no"
        " look-around. Time zones are named as in `Europe/Berlin`.",
        _drop('header("x-id").matches("(")'),
        _drop('header("x-id").matches("^[0-9]+$")'),
    ),
    ProblemCode(
        "CW0312",
        "always-failing",
        "A condition is an error for every record",
        "It can come out neither true nor false, whatever the record: each one would be"
        " dead-lettered.",
        _drop("1 / 0 == 1"),
        _drop("has(message.test)"),
    ),
)

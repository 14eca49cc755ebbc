from __future__ import annotations

import time
from typing import Any

import pytest

from pipelines.condition import CelError, compile_condition, compile_expression
from pipelines.condition.error import CelFailure
from pipelines.condition.evaluate import prepare
from pipelines.condition.limits import MAX_COST
from pipelines.errors import RecordError
from pipelines.record import Record
from pipelines.shape import ANY

pytestmark = pytest.mark.no_cover  # looking on takes ten times as long as the work

MANY: dict[str, Any] = {"many": list(range(1000)), "long": "x" * 900_000}
DOUBLING = "cel.bind(a0, 'xxxxxxxx', " + "".join(
    f"cel.bind(a{place}, a{place - 1} + a{place - 1}, " for place in range(1, 40)
)


@pytest.mark.parametrize(
    "text",
    [
        "many.exists(x, many.exists(y, many.exists(z, x + y + z < 0)))",
        "many.map(x, many.map(y, many.map(z, [x, y, z])))",
        "many.all(x, !long.contains('yz'))",
        "many.all(x, !long.matches('y.*z'))",
        "many.all(x, many.all(y, many == many))",
        "many.map(x, long).join()",
        "'a'.replace('', long).replace('', long)",
        "'%s%s%s'.format([long, long, long])",
        "many.map(x, long.reverse())",
        f"{DOUBLING}size(a39){')' * 40}",
    ],
)
def test_what_costs_too_much_ends_soon_and_in_words(text: str) -> None:
    evaluation = prepare(text, MANY)
    started = time.process_time()
    with pytest.raises(CelFailure, match=f"costs more than {MAX_COST} units"):
        evaluation.run(MANY)
    assert time.process_time() - started < 60


def test_nothing_absorbs_what_costs_too_much() -> None:
    text = "many.all(x, many.all(y, many.all(z, true))) || many.exists(x, x > 5)"
    with pytest.raises(CelFailure, match="costs more"):
        prepare(text, MANY).run(MANY)


def test_a_step_that_costs_too_much_dead_letters_the_record_and_not_the_next() -> None:
    nested = "message.l.all(x, message.l.all(y, message.l.all(z, x + y + z >= 0)))"
    run = compile_condition(nested, "costly", ANY)
    with pytest.raises(RecordError, match="costs more"):
        run(Record({"l": list(range(1000))}))
    assert run(Record({"l": [1, 2]})) is True


def test_each_record_has_the_whole_cost_to_spend() -> None:
    run = compile_expression("message.s + message.s", "twice", ANY)
    record = Record({"s": "x" * (MAX_COST // 3)})
    for _ in range(10):
        assert len(run(record)) == 2 * (MAX_COST // 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(" * 300 + "1" + ")" * 300, "nested deeper"),
        ("[" * 300 + "]" * 300, "nested deeper"),
        ("-" * 9000 + "1", "nested deeper"),
        ("! " * 3000 + "true", "nested deeper"),
        ("cel.bind(x, 1, " * 500 + "x" + ")" * 500, "nested deeper"),
        ("x" + ".?a" * 3000, "nested deeper"),
        ("x" + "[?0]" * 2000, "nested deeper"),
        ("true ? 1 : " * 900 + "1", "nested deeper"),
        ("1 +" * 3000 + "1", "nested deeper"),
        ("'" + "a" * 10_001 + "'", "longer than"),
        ("((" * 40, "nested deeper|ends too early"),
        ("'" * 9_999, "is not closed|ends too early|cannot stand"),
        ('"""' + "\\" * 9_000, "is not closed"),
    ],
    ids=str.__len__,
)
def test_what_is_nested_too_deeply_or_too_long_is_refused(text: str, words: str) -> None:
    started = time.process_time()
    with pytest.raises(CelError, match=words):
        prepare(text, {})
    assert time.process_time() - started < 5


def test_values_nested_too_deeply_are_no_traceback() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    for text in ("x == x", "x == [x]", "x in [x]", "'%s'.format([x])"):
        with pytest.raises(CelFailure, match="nested too deeply"):
            prepare(text, {"x": 0}).run({"x": deep})
    with pytest.raises(RecordError, match="condition_error"):
        compile_condition("message.a == message.b", "deep", ANY)(Record({"a": deep, "b": [deep]}))

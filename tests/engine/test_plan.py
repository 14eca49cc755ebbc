from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.errors import ConfigError
from pipelines.fate import Fate
from pipelines.settings import Settings
from pipelines.wire import avro
from pipelines.wire.file_registry import FileRegistry
from tests.support.planned import HEAD, TAIL, plan_of, raw

STEPS = """\
steps:
  - {step: drop, id: tests, when: 'has(message.test)', reason: test_record}
  - {step: route, id: copy, to: copies, copy: true, when: 'has(message.copy)'}
  - {step: route, id: eu, to: clean.eu, when: 'has(message.country) && message.country == "DE"'}
"""


def test_records_meet_their_fates_in_order(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, STEPS)
    values = [{"a": 1}, {"test": 1}, {"country": "DE"}, {"copy": 1}, {"a": 2}]
    records = [raw(json.dumps(value).encode(), offset=n) for n, value in enumerate(values)]
    outcome = plan.run([*records, raw(b"broken", offset=5)], "raw", 3)

    assert outcome.records_in == 6
    assert outcome.fates == {
        ("publish", Fate.PUBLISHED, ""): 4,
        ("tests", Fate.DROPPED, "test_record"): 1,
        ("decode", Fate.DEAD_LETTERED, "decode_failed"): 1,
    }
    offsets = {topic: [one.offset for one in outs] for topic, outs in outcome.outputs.items()}
    assert offsets == {"clean": [0, 3, 4], "clean.eu": [2], "copies": [3]}
    assert outcome.step_records == {"tests": 1, "copy": 1, "eu": 1}


def test_schema_versions_that_take_turns_leave_in_the_order_of_the_source(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    old = {"type": "record", "name": "A", "fields": [{"name": "n", "type": "long"}]}
    new = {**old, "fields": [*old["fields"], {"name": "m", "type": "long", "default": 0}]}
    for subject, schema in (("raw-value", new), ("older-value", old)):
        (folder / f"{subject}.avsc").write_text(json.dumps(schema), encoding="utf-8")
    ids = [FileRegistry(folder).latest(subject)[0] for subject in ("older-value", "raw-value")]
    (tmp_path / "p.yaml").write_text(HEAD.replace("json", "avro") + TAIL, encoding="utf-8")
    settings = Settings(schema_registry=str(folder))
    plan = Workspace.open(tmp_path, settings).sound().plans["p"]
    writers = [avro.encoder(schema, number) for schema, number in zip((old, new), ids, strict=True)]
    records = [raw(writers[n % 2]({"n": n, "m": n}), offset=n) for n in range(9)]
    for schema_id in plan.unknown_schemas(records):
        assert plan.learn(schema_id) == ()
    outcome = plan.run(records, "raw", 0)

    assert [one.offset for one in outcome.outputs["clean"]] == list(range(9))
    assert outcome.fates == {("publish", Fate.PUBLISHED, ""): 9}


def test_a_tombstone_goes_wherever_its_record_may_have_gone(tmp_path: Path) -> None:
    outcome = plan_of(tmp_path, STEPS).run([raw(None, b"k")], "raw", 0)

    assert set(outcome.outputs) == {"clean", "clean.eu", "copies"}
    assert all(one.value is None and one.key == b"k" for (one,) in outcome.outputs.values())
    assert outcome.fates == {("publish", Fate.PUBLISHED, ""): 1}


def test_a_copy_is_treated_under_its_own_policy(tmp_path: Path) -> None:
    (tmp_path / "strict.yaml").write_text("policy: strict\nfound: {default: {redact: {}}}\n")
    (tmp_path / "stars.yaml").write_text("policy: stars\nfound: {default: {mask: {}}}\n")
    middle = STEPS + "privacy: {policy: strict, destinations: {copies: stars}}\n"
    value = b'{"copy": 1, "note": "ada@example.com"}'
    outcome = plan_of(tmp_path, middle).run([raw(value)], "raw", 0)

    assert b'"<EMAIL_ADDRESS>"' in (outcome.outputs["clean"][0].value or b"")
    assert b'"***************"' in (outcome.outputs["copies"][0].value or b"")


@pytest.mark.parametrize(
    ("head", "value", "code"),
    [
        pytest.param(
            HEAD.replace("json}", "json, max_record: 100B}"), b'"' + b"a" * 100 + b'"',
            "record_too_large", id="too large to be read",
        ),
        pytest.param(
            HEAD, b'{"a": "' + b"b" * 950_000 + b'"}', "output_too_large", id="too large to leave"
        ),
    ],
)  # fmt: skip
def test_sizes_are_bounded(tmp_path: Path, head: str, value: bytes, code: str) -> None:
    outcome = plan_of(tmp_path, head=head).run([raw(value), raw(b"{}", offset=1)], "raw", 0)

    assert [letter.code for letter in outcome.dead_letters] == [code]
    assert [one.offset for one in outcome.outputs["clean"]] == [1]


def test_what_nobody_foresaw_is_a_dead_letter_without_the_value(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "steps: [{step: remove, id: gone, fields: [a]}]\n")
    (step,) = plan.newest.steps
    plan._variants[None] = replace(plan.newest, steps=(replace(step, transform=_chokes),))
    outcome = plan.run([raw(b'{"a": "canary"}'), raw(b"{}", offset=1)], "raw", 0)

    codes = [(letter.code, letter.where) for letter in outcome.dead_letters]
    assert codes == [("unexpected_error", "gone"), ("unexpected_error", "gone")]
    assert "canary" not in repr(outcome)


def test_no_record_is_at_fault_where_memory_runs_out(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "steps: [{step: remove, id: gone, fields: [a]}]\n")
    (step,) = plan.newest.steps
    plan._variants[None] = replace(plan.newest, steps=(replace(step, transform=_out_of_memory),))
    with pytest.raises(MemoryError):
        plan.run([raw(b'{"a": 1}')], "raw", 0)


def _out_of_memory(_: object) -> None:
    raise MemoryError


def _chokes(record: object) -> None:
    int(f"canary {record}")


def test_own_headers_of_a_producer_are_left_out(tmp_path: Path) -> None:
    headers = (("x-clearwater-sample-rate", b"0.5"), ("trace", b"1"))
    outcome = plan_of(tmp_path).run([raw(b"{}", headers=headers)], "raw", 0)

    assert list(outcome.outputs["clean"][0].headers) == [("trace", b"1")]


def test_what_leaves_says_where_it_came_from(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "steps: [{step: route, id: r, to: else, when: message.b, copy: true}]\n",
        tail=TAIL,
    )
    plan.own_headers = (("x-clearwater-revision", b"1"),)
    given = [raw(b'{"b": true}', offset=41, headers=(("trace", b"1"),)), raw(b'{"b": false}')]
    outcome = plan.run(given, "raw", 7)

    own = ("x-clearwater-revision", b"1")
    assert [list(one.headers) for one in outcome.outputs["clean"]] == [
        [("trace", b"1"), own, ("x-clearwater-src", b"raw/7/41/0")],
        [own, ("x-clearwater-src", b"raw/7/0/0")],
    ]
    (copy,) = outcome.outputs["else"]
    assert copy.headers[-1] == ("x-clearwater-src", b"raw/7/41/1")
    sizes = {
        topic: sum(
            len(one.key or b"")
            + len(one.value or b"")
            + sum(len(n) + len(c) for n, c in one.headers)
            for one in outputs
        )
        for topic, outputs in outcome.outputs.items()
    }
    assert outcome.output_bytes == sizes


def test_every_problem_of_a_pipeline_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as failure:
        plan_of(
            tmp_path,
            "steps:\n"
            "  - {step: drop, id: a, when: mesage.x, reason: r}\n"
            "  - {step: set, id: b, field: c, value: 1 + 'x'}\n"
            "  - {step: drop, id: c, when: size('x'), reason: r}\n",
            tail=TAIL,
        )

    paths = [problem.path for problem in failure.value.problems]
    assert paths == ["steps[0].when", "steps[1].value", "steps[2].when"]
    assert [problem.line for problem in failure.value.problems] == [4, 5, 6]


WAITING = """\
steps:
  - {step: set, id: seen, field: seen, value: 'true'}
  - {step: route, id: copy, to: copies, copy: true, when: 'has(message.copy)'}
  - {step: delay, id: settle, for: 30s}
  - {step: drop, id: small, when: 'message.n == 1', reason: small}
  - {step: delay, id: cool, for: 1m, when: 'message.n == 2'}
  - {step: delay, id: last, for: 1m}
"""


def test_records_wait_and_go_on_behind_the_step(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, WAITING)
    values = [{"n": 1}, {"n": 2, "copy": 1}, {"n": 3}, {"m": 1}]
    records = [raw(json.dumps(value).encode(), offset=n) for n, value in enumerate(values)]
    first = plan.run(records, "raw", 0)
    assert first.outputs == {}
    assert first.fates == {("settle", Fate.DELAYED, ""): 4}
    assert [(one.step, one.raw.offset) for one in first.waiting] == [
        ("settle", offset) for offset in range(4)
    ]
    assert first.waiting[0].until == (records[0].timestamp or 0) + 30_000

    second = plan.run([one.raw for one in first.waiting], "raw", 0, "settle")
    assert second.fates == {
        ("small", Fate.DROPPED, "small"): 1,
        ("cool", Fate.DELAYED, ""): 1,
        ("last", Fate.DELAYED, ""): 1,
        ("small", Fate.DEAD_LETTERED, "condition_error"): 1,
    }
    assert second.step_records == {"small": 1, "cool": 1, "last": 1}, "the rest was counted before"

    third = plan.run([second.waiting[0].raw], "raw", 0, "cool")
    assert third.fates == {("last", Fate.DELAYED, ""): 1}
    fourth = plan.run([third.waiting[0].raw], "raw", 0, "last")
    assert {topic: len(outputs) for topic, outputs in fourth.outputs.items()} == {
        "clean": 1,
        "copies": 1,
    }
    assert json.loads(fourth.outputs["clean"][0].value or b"")["seen"] is True


def test_a_throttle_counts_a_record_once_that_waits_behind_it(tmp_path: Path) -> None:
    slow = "  - {step: throttle, id: slow, rate: 2/s, excess: drop}\n"
    plan = plan_of(tmp_path, f"steps:\n{slow}  - {{step: delay, id: settle, for: 30s}}\n")
    records = [raw(b"{}", offset=offset) for offset in range(3)]
    first = plan.run(records, "raw", 0)
    assert first.fates == {
        ("settle", Fate.DELAYED, ""): 2,
        ("slow", Fate.DROPPED, "throttled"): 1,
    }
    second = plan.run([one.raw for one in first.waiting], "raw", 0, "settle")
    assert second.fates == {("publish", Fate.PUBLISHED, ""): 2}


def test_a_tombstone_waits_where_every_record_waits(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, WAITING)
    tombstone = raw(None, b"k", 5)
    first = plan.run([tombstone], "raw", 0)
    assert first.fates == {("settle", Fate.DELAYED, ""): 1}
    second = plan.run([tombstone], "raw", 0, "settle")
    assert second.fates == {("last", Fate.DELAYED, ""): 1}
    third = plan.run([tombstone], "raw", 0, "last")
    assert sorted(third.outputs) == ["clean", "copies"]


def test_what_cannot_stand_in_a_topic_does_not_wait(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, WAITING)
    record = raw(json.dumps({"n": 1, "text": "x" * 925_000}).encode())
    outcome = plan.run([record], "raw", 0)
    assert outcome.fates == {("settle", Fate.DEAD_LETTERED, "delay_too_large"): 1}
    assert outcome.waiting == []


def test_what_nothing_changed_leaves_as_it_came(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "steps:\n  - {step: drop, id: d, when: message.a == 1, reason: one}\n")
    values = [
        b'{"a": 1.50, "b" : [1e3, "\\/"]}',
        b'{"a": 2, "note": "mail ada@example.com"}',
        b'{"a": 3, "note": "mail ada@example.com", "note": "gone"}',
        b'{"a":4,"id":"00112233445566778899aabbccddeeff"}',
    ]
    outcome = plan.run([raw(value, offset=n) for n, value in enumerate(values)], "raw", 0)

    left = [one.value for one in outcome.outputs["clean"]]
    assert left == [
        values[0], b'{"a":2,"note":"mail <EMAIL_ADDRESS>"}', b'{"a":3,"note":"gone"}', values[3],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "middle",
    [
        "privacy: {fields: {a: {mask: {}}}}\n",
        "steps:\n  - {step: set, id: s, field: b, value: '1'}\n",
        "steps:\n  - {step: remove, id: s, fields: [c]}\n",
    ],
)
def test_what_a_rule_or_step_changes_is_written_anew(tmp_path: Path, middle: str) -> None:
    outcome = plan_of(tmp_path, middle).run([raw(b'{"a": "x", "c": 1}')], "raw", 0)

    (output,) = outcome.outputs["clean"]
    assert output.value is not None
    assert b" " not in output.value


def test_avro_that_nothing_changed_leaves_as_it_came(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    schema = {
        "type": "record",
        "name": "A",
        "fields": [{"name": "n", "type": "long"}, {"name": "s", "type": "string"}],
    }
    (folder / "raw-value.avsc").write_text(json.dumps(schema), encoding="utf-8")
    number, _ = FileRegistry(folder).latest("raw-value")
    (tmp_path / "p.yaml").write_text(HEAD.replace("json", "avro") + TAIL, encoding="utf-8")
    plan = Workspace.open(tmp_path, Settings(schema_registry=str(folder))).sound().plans["p"]
    write = avro.encoder(schema, number)
    texts = ["all well", "mail ada@example.com", "done"]
    records = [raw(write({"n": n, "s": one}), offset=n) for n, one in enumerate(texts)]
    for unknown in plan.unknown_schemas(records):
        plan.learn(unknown)
    left = plan.run(records, "raw", 0).outputs["clean"]
    read = avro.decoder(schema)

    assert [read(one.value or b"")["s"] for one in left] == [
        "all well", "mail <EMAIL_ADDRESS>", "done",
    ]  # fmt: skip
    assert (left[0].value or b"")[5:] == (records[0].value or b"")[5:]

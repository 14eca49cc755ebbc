from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import fastavro
import pytest

from pipelines.cli.proposal.samples import Samples, read_samples
from pipelines.errors import ConfigError

WORDS = [{"line": "some words"}, {"line": "more words"}]
LOG = '192.0.2.7 - - [02/Mar/2026:08:00:01 +0000] "GET / HTTP/1.1" 200 7 "-" "curl/8"'
SCHEMA = {"type": "record", "name": "A", "fields": [{"name": "a", "type": "long"}]}


def samples(folder: Path, name: str, content: bytes, most: int = 100) -> Samples:
    (folder / name).write_bytes(content)
    return read_samples(folder / name, most)


def container(*values: Any) -> bytes:
    sink = io.BytesIO()
    fastavro.writer(sink, SCHEMA, values)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "values"),
    [
        ("a.jsonl", b'{"a":1}\n\n{"a":2}\n', [{"a": 1}, {"a": 2}]),
        ("a.json", b'[{"a":1},\n {"a":2}]', [{"a": 1}, {"a": 2}]),
        ("one.json", b'{\n "a": 1\n}', [{"a": 1}]),
        ("a.jsonl.gz", gzip.compress(b'{"a":1}\n{"a":2}'), [{"a": 1}, {"a": 2}]),
        ("try.jsonl", b'{"value":{"a":1},"key":"k"}\n' * 2, [{"a": 1}, {"a": 1}]),
        ("a.csv", b"\xef\xbb\xbfa,b\n1,x\n2,\n", [{"a": "1", "b": "x"}, {"a": "2", "b": ""}]),
        ("a.tsv", b"a\tb\n1\tx\n", [{"a": "1", "b": "x"}]),
        ("a.avro", container({"a": 1}), [{"a": 1}]),
        ("a.txt", b"some words\nmore words\n", WORDS),
        ("a.jsonl", b'"some words"\n"more words"\n', WORDS),
    ],
    ids=["lines", "list", "object", "gzip", "records", "csv", "tsv", "avro", "text", "strings"],
)  # fmt: skip
def test_a_file_is_read_as_what_it_is(
    name: str, content: bytes, values: list[Any], tmp_path: Path
) -> None:
    assert list(samples(tmp_path, name, content).values) == values


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (LOG, "combined"),
        ("<34>1 2026-03-02T08:00:01Z host app - - - it began", "syslog"),
        ('level=info msg="it began" n=3', "logfmt"),
    ],
)
def test_lines_of_a_known_format_become_its_fields(line: str, name: str, tmp_path: Path) -> None:
    found = samples(tmp_path, "a.log", f"{line}\n".encode() * 20 + b"odd\n" * (name == "combined"))
    assert (found.value, found.line_format) == ("text", name)
    assert found.unreadable == (name == "combined")
    quoted = samples(tmp_path, "a.jsonl", (json.dumps(line) + "\n").encode() * 3)
    assert quoted.line_format == name


def test_prose_is_no_logfmt(tmp_path: Path) -> None:
    assert samples(tmp_path, "a.txt", b"it was a dark night\n" * 5).line_format is None


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    assert len(samples(tmp_path, "a.jsonl", b'{"a":1}\n' * 9, most=4).values) == 4
    assert len(samples(tmp_path, "a.csv", b"a\n" + b"1\n" * 9, most=4).values) == 4


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.jsonl", b"\n\n", "no record"),
        ("a.csv", b"a,b\n", "no row"),
        ("a.avro", b"Obj\x01 broken", "no Avro container"),
        ("a.gz", b"broken", "no gzip file"),
    ],
    ids=["empty", "header only", "broken Avro", "broken gzip"],
)
def test_what_holds_nothing_is_told(name: str, content: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=why):
        samples(tmp_path, name, content)

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Sequence
from typing import NamedTuple

import orjson
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.outcome import DeadLettered
from pipelines.errors import ConfigError
from pipelines.runtime.dead_letter import ATTEMPT, LetterUnreadable, Sealer, open_letter
from pipelines.runtime.dead_letter import read_letter as read
from pipelines.runtime.original import Original

KEY = bytes(range(32))
CANARY = b"canary-4929-1234"


class Fetched(NamedTuple):
    offset: int = 7
    timestamp: int | None = 1_700_000_000_000
    key: bytes | None = b"c1"
    value: bytes | None = b'{"a": 1}'
    headers: Sequence[tuple[str, bytes]] = ()


def sealer(*, max_bytes: int = 900_000) -> Sealer:
    return Sealer(
        ("dead-letters", KEY),
        pipeline="orders",
        revision="r1",
        topic="orders.raw",
        max_bytes=max_bytes,
    )


def dead(raw: Fetched, preview: str = "") -> DeadLettered:
    return DeadLettered(raw, "enrich_missing", "geo", preview)


OPTIONAL = st.none() | st.binary(max_size=200)


@given(
    key=OPTIONAL,
    value=OPTIONAL,
    headers=st.lists(st.tuples(st.text(max_size=10), st.binary(max_size=20)), max_size=3),
    preview=st.text(st.characters(), max_size=20),
)
def test_what_is_sealed_opens_to_the_same(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]], preview: str
) -> None:
    letter = dead(Fetched(key=key, value=value, headers=headers), preview)
    sealed = sealer().seal(letter, 3)
    assert open_letter(sealed.value, KEY) == Original(key, value, tuple(headers))


def test_a_header_without_value_and_a_name_that_is_no_utf8_survive() -> None:
    raw = Fetched(headers=[("h", None), ("caf\udce9", b"")])  # type: ignore[list-item] # Kafka has null
    opened = open_letter(sealer().seal(dead(raw), 0).value, KEY)
    assert opened.headers == (("h", None), ("caf\udce9", b""))


def test_any_tool_opens_a_letter_by_the_documented_format() -> None:
    document = json.loads(sealer().seal(dead(Fetched(), "{**}"), 3).value)
    sealed = base64.b64decode(document.pop("original"))
    how = document["encryption"]
    derived = HKDF(SHA256(), 32, base64.b64decode(how["salt"]), b"clearwater dead letter 1").derive(
        KEY
    )
    bound = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    plain = AESGCM(derived).decrypt(base64.b64decode(how["nonce"]), sealed, bound.encode())
    assert plain == b"\0\0\0\x02c1\0\0\0\x08" + b'{"a": 1}'


def test_the_clear_part_and_the_headers_say_where_and_why() -> None:
    sealed = sealer().seal(dead(Fetched(), "{*: *}"), 3)
    letter = read(sealed.value)

    assert (letter.pipeline, letter.step, letter.code) == ("orders", "geo", "enrich_missing")
    assert (letter.topic, letter.partition, letter.offset) == ("orders.raw", 3, 7)
    assert (letter.preview, letter.encryption.key) == ("{*: *}", "dead-letters")
    assert dict(sealed.headers) == {
        "x-clearwater-topic": b"orders.raw",
        "x-clearwater-partition": b"3",
        "x-clearwater-offset": b"7",
        "x-clearwater-timestamp": b"1700000000000",
        "x-clearwater-pipeline": b"orders",
        "x-clearwater-step": b"geo",
        "x-clearwater-code": b"enrich_missing",
        "x-clearwater-revision": b"r1",
        "x-clearwater-attempt": b"1",
    }


def test_nothing_of_the_original_is_in_a_letter_or_in_what_prints_it() -> None:
    raw = Fetched(key=CANARY, value=CANARY, headers=[("note", CANARY)])
    sealed = sealer().seal(dead(raw), 0)
    everything = sealed.value + repr(sealed.headers).encode()

    for form in (CANARY, base64.b64encode(CANARY)[:16], CANARY.hex().encode()):
        assert form not in everything
    assert CANARY.decode() not in repr(open_letter(sealed.value, KEY))
    assert CANARY.decode() not in repr(dead(raw))


def test_the_same_record_never_seals_to_the_same_bytes() -> None:
    one = sealer()
    values = {one.seal(dead(Fetched()), 0).value for _ in range(50)}
    assert len(values) == 50
    assert read(sealer().seal(dead(Fetched()), 0).value).encryption.salt != b""


def test_a_wrong_key_is_named_and_nothing_leaks() -> None:
    sealed = sealer().seal(dead(Fetched(value=CANARY)), 3)
    with pytest.raises(LetterUnreadable, match=r"orders.raw\[3\]@7: the key `dead-letters`") as no:
        open_letter(sealed.value, bytes(32))
    assert CANARY.decode() not in "".join(traceback.format_exception(no.value))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"offset": 8}, id="coordinates"),
        pytest.param({"code": "other"}, id="reason"),
        pytest.param({"preview": "!"}, id="preview"),
        pytest.param({"original": base64.b64encode(b"x" * 40).decode()}, id="ciphertext"),
        pytest.param({"original": ""}, id="no ciphertext"),
    ],
)
def test_a_changed_letter_does_not_open(change: dict[str, object]) -> None:
    document = orjson.loads(sealer().seal(dead(Fetched()), 3).value)
    with pytest.raises(LetterUnreadable, match="was changed"):
        open_letter(orjson.dumps(document | change), KEY)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(CANARY, "no JSON object", id="no JSON"),
        pytest.param(b"{}", "wrong or missing: code", id="empty"),
        pytest.param(b"[1]", "no JSON object", id="list"),
    ],
)
def test_what_is_no_letter_is_refused_without_quoting_it(value: bytes, said: str) -> None:
    with pytest.raises(LetterUnreadable, match=said) as failure:
        read(value)
    assert CANARY.decode() not in str(failure.value)


def test_a_newer_version_is_refused() -> None:
    document = orjson.loads(sealer().seal(dead(Fetched()), 3).value)
    with pytest.raises(LetterUnreadable, match="wrong or missing: version"):
        read(orjson.dumps(document | {"version": 2}))


def test_an_original_too_large_for_kafka_is_left_out_and_said_so() -> None:
    sealed = sealer(max_bytes=5000).seal(dead(Fetched(value=b"x" * 5000)), 3)
    assert len(sealed.value) < 5000
    assert read(sealed.value).original_bytes == 5010
    with pytest.raises(LetterUnreadable, match="5010 bytes was too large"):
        open_letter(sealed.value, KEY)


@given(size=st.integers(2500, 4500))
def test_a_letter_never_exceeds_its_limit(size: int) -> None:
    sealed = sealer(max_bytes=5000).seal(dead(Fetched(value=b"x" * size)), 3)
    assert len(sealed.value) <= 5000


def test_a_missing_key_refuses_to_start() -> None:
    class Empty:
        def key(self, name: str) -> bytes:
            raise ConfigError(f"no key {name}")

    with pytest.raises(ConfigError, match="no key dead-letters"):
        Sealer.of_pipeline(Empty(), "dead-letters", pipeline="p", revision="r", topic="t")


@pytest.mark.parametrize(
    ("said", "attempt"),
    [(None, 1), (b"2", 3), (b"-1", 1), (b"many", 1), (b"", 1), (b"9" * 40, 1)],
    ids=["first", "third", "negative", "no number", "empty", "absurd"],
)
def test_how_often_a_record_failed_is_counted(said: bytes | None, attempt: int) -> None:
    headers = [] if said is None else [(ATTEMPT, said)]
    letter = read(sealer().seal(dead(Fetched(headers=headers)), 3).value)
    assert letter.attempt == attempt

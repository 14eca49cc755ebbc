from __future__ import annotations

import base64
import dataclasses
import gzip
import json
from collections.abc import Callable
from urllib.parse import quote

import cramjam
import pytest

from tests.faults.checker import FULL_CHUNK, REVISION, Mode, Observed, Promise, check
from tests.faults.leaks import leaks
from tests.faults.records import MARK, SRC, card, key_of, phone, value_of, wanted
from tests.support.traffic import Received

COUNT, KEYS, PARTITIONS = 200, 8, 4
RAW = f"{MARK}7@example.com".encode()


def clean(number: int, output: int, revision: bytes = b"r1") -> Received:
    key, in_key = key_of(number, KEYS)
    partition, offset = number % PARTITIONS, number // PARTITIONS
    value = json.dumps({"n": number, "k": key.decode(), "s": in_key}).encode()
    src = f"raw/{partition}/{offset}/{output}".encode()
    return Received(key, value, ((SRC, src), (REVISION, revision)), partition, number, 0)


def letter(number: int) -> Received:
    place = (number % PARTITIONS, number // PARTITIONS)
    names = ("x-clearwater-partition", "x-clearwater-offset")
    headers = tuple((name, b"%d" % at) for name, at in zip(names, place, strict=True))
    return Received(None, b"{}", headers, 0, number, 0)


def good() -> Observed:
    """Return what a worker leaves that makes no mistake."""
    source = [
        Received(
            key_of(one, KEYS)[0], value_of(one, KEYS), (), one % PARTITIONS, one // PARTITIONS, 0
        )
        for one in range(COUNT)
    ]
    outputs = tuple(
        [clean(one, output) for one in range(COUNT) if output in wanted(one).outputs]
        for output in (0, 1)
    )
    letters = [letter(one) for one in range(COUNT) if wanted(one).letter]
    ends = dict.fromkeys(range(PARTITIONS), COUNT // PARTITIONS)
    return Observed(source, (outputs[0], outputs[1]), letters, ends, ends)


def broken(seen: Observed, mode: Mode = "exactly_once", crashes: int = 0) -> dict[str, int]:
    verdict = check(seen, Promise(mode, crashes))
    return {one.invariant: one.times for one in verdict.broken}


def changed(
    seen: Observed, change: Callable[[list[Received]], object], output: int = 0
) -> Observed:
    outputs = [list(one) for one in seen.outputs]
    change(outputs[output])
    return dataclasses.replace(seen, outputs=(outputs[0], outputs[1]))


@pytest.mark.parametrize("mode", ["at_least_once", "exactly_once"])
def test_what_is_right_holds(mode: Mode) -> None:
    assert broken(good(), mode) == {}


def test_a_record_that_is_nowhere_is_lost() -> None:
    assert broken(changed(good(), lambda one: one.pop(9))) == {"I1": 1}
    assert broken(changed(good(), lambda one: one.pop(3), output=1)) == {"I1": 1}
    assert broken(dataclasses.replace(good(), letters=good().letters[1:])) == {"I1": 1}


def test_a_record_that_was_to_be_dropped_and_one_that_nobody_wrote_are_told() -> None:
    assert broken(changed(good(), lambda one: one.insert(3, clean(3, 0)))) == {"I1": 1}
    stranger = clean(COUNT + 4, 0)
    assert broken(changed(good(), lambda one: one.append(stranger))) == {"I1": 1}


def test_a_second_copy_is_allowed_once_per_crash_and_at_least_once_only() -> None:
    twice = changed(good(), lambda one: one.append(one[4]))
    assert broken(twice) == {"I2": 1}
    assert broken(twice, "at_least_once") == {"I2": 1}
    assert broken(twice, "at_least_once", crashes=1) == {}
    assert broken(twice, crashes=1) == {"I2": 1}
    assert check(twice, Promise("at_least_once", 1)).doubled == 1


def test_a_crash_doubles_no_more_than_a_full_chunk() -> None:
    seen = good()
    of_one = [one for one in seen.outputs[0] if (one.header(SRC) or b"").startswith(b"raw/1/")]
    assert len(of_one) > 30
    twice = changed(seen, lambda one: one.extend(of_one[10:20]))
    verdict = check(twice, Promise("at_least_once", crashes=1))
    assert verdict.broken == ()
    size = verdict.longest_again
    assert 1000 < size < FULL_CHUNK
    small = Promise("at_least_once", crashes=1, chunk_bytes=size)
    assert check(twice, small).broken == ()
    more = changed(seen, lambda one: one.extend(of_one[10:21]))
    assert [one.invariant for one in check(more, small).broken] == ["I2"]
    # a second crash that goes back as far is another one
    again = changed(seen, lambda one: one.extend([*of_one[10:20], *of_one[10:20]]))
    found = check(again, dataclasses.replace(small, crashes=2))
    assert (found.broken, found.longest_again) == ((), size)


def test_the_order_of_a_key_is_that_of_first_arrivals() -> None:
    def swap(records: list[Received]) -> None:
        at = next(i for i, one in enumerate(records[1:], 1) if one.key == records[0].key)
        records[0], records[at] = records[at], records[0]

    assert set(broken(changed(good(), swap))) == {"I3"}
    again = changed(good(), lambda one: one.extend(one[:9]))
    assert broken(again, "at_least_once", crashes=1) == {}


def test_offsets_that_are_not_where_the_source_ends_and_transactions_that_hang_are_told() -> None:
    seen = good()
    behind = dataclasses.replace(seen, committed={**seen.committed, 1: 3})
    assert broken(behind) == {"I5": 1}
    assert broken(dataclasses.replace(seen, hanging=["clean[0]"])) == {"I5": 1}


def test_versions_change_as_often_as_the_declaration() -> None:
    def newer(records: list[Received]) -> None:
        records[100:] = [
            one._replace(headers=(one.headers[0], (REVISION, b"r2"))) for one in records[100:]
        ]

    seen = changed(good(), newer)
    # the copy still says the old one: two versions of one offset
    assert "I8" in broken(seen)
    both = changed(seen, lambda one: one.clear(), output=1)
    verdict = check(both, Promise("exactly_once", reloads=1))
    assert {one.invariant for one in verdict.broken} == {"I1"}
    assert {one.invariant for one in check(both, Promise("exactly_once")).broken} == {"I1", "I8"}


def utf16(raw: bytes) -> bytes:
    return raw.decode().encode("utf-16-le")


def escaped(raw: bytes) -> bytes:
    return b"".join(b"\\u%04x" % one for one in raw)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "Base64": base64.b64encode,
    "Base64, URL": base64.urlsafe_b64encode,
    "Base64, from the second byte": lambda raw: base64.b64encode(b"x" + raw),
    "Base64, from the third byte": lambda raw: base64.b64encode(b"xy" + raw),
    "hexadecimal": lambda raw: raw.hex().encode(),
    "URL": lambda raw: quote(raw, safe="").replace("z", "%7A").encode(),
    "JSON": escaped,
    "UTF-16": utf16,
    "gzip": gzip.compress,
    "zstd": lambda raw: bytes(cramjam.zstd.compress(raw)),
    "gzip in Base64": lambda raw: base64.b64encode(gzip.compress(raw)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_canary_is_found_however_it_is_wrapped(way: str) -> None:
    assert leaks(b'{"a": "' + WAYS[way](RAW) + b'"}'), way
    assert leaks(b"x=" + WAYS[way](b"pay with " + card(12).encode()) + b"&"), way


def test_numbers_are_canaries_and_what_is_masked_is_none() -> None:
    assert leaks(f"call {phone(5)} now".encode()) == ["number of 5 (plain)"]
    assert leaks(card(12).encode()) == ["number of 12 (plain)"]
    grouped = " ".join(card(12)[at : at + 4] for at in range(0, 16, 4))
    assert leaks(grouped.encode())
    assert leaks(b"************" + card(12)[-4:].encode()) == []
    assert leaks(b"4111111111111111 1700000000000 <REDACTED>") == []


@pytest.mark.parametrize("place", ["value", "key", "headers"])
def test_a_canary_is_found_in_every_part_of_a_record(place: str) -> None:
    held = {"value": RAW, "key": RAW, "headers": ((SRC, b"raw/0/0/0"), ("contact", RAW))}

    def leak(records: list[Received]) -> None:
        if place == "value":
            held["value"] = json.dumps({"note": RAW.decode()}).encode()
        headers = {"headers": (*records[5].headers, ("contact", RAW))}
        records[5] = records[5]._replace(
            **(headers if place == "headers" else {place: held[place]})
        )

    assert broken(changed(good(), leak))["I4"] == 1


def test_a_canary_is_found_in_dead_letters_and_on_every_surface() -> None:
    seen = good()
    letters = [seen.letters[0]._replace(value=RAW), *seen.letters[1:]]
    assert broken(dataclasses.replace(seen, letters=letters)) == {"I4": 1}
    assert broken(dataclasses.replace(seen, surfaces={"log": b"failed: " + RAW})) == {"I4": 1}

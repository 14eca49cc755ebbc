"""The records of the fault suite: numbered per key, a canary of their own in every field."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

SRC = "x-clearwater-src"
"""Header of every output: where in the source it comes from."""

MARK = "zq-canary-"
"""In every canary of text; nothing else in the world says it."""

_CARD = re.compile(r"40{2}\d{13}")
_PHONE = re.compile(r"491511\d{8}")
_LARGEST = 10_000_000


class Wanted(NamedTuple):
    """What is to become of a record.

    Attributes:
        outputs: Numbers of the outputs it is to reach: 0 is the destination, 1 the copy.
        letter: Whether it is to be dead-lettered.
    """

    outputs: tuple[int, ...]
    letter: bool


def key_of(number: int, keys: int) -> tuple[bytes, int]:
    """Return the key of a record and its number within the key."""
    return b"k%d" % (number % keys), number // keys


def wanted(number: int) -> Wanted:
    """Return what is to become of a record: some are dropped, copied, or cannot be read."""
    if number % 50 == 7:
        return Wanted((), letter=True)
    if number % 10 == 3:
        return Wanted((), letter=False)
    return Wanted((0, 1) if number % 5 == 0 else (0,), letter=False)


def value_of(number: int, keys: int) -> bytes:
    """Return a record's value; where it is to be dead-lettered, one that cannot be read."""
    key, in_key = key_of(number, keys)
    person = f"{MARK}{number}@example.com"
    value = json.dumps(
        {
            "n": number,
            "k": key.decode(),
            "s": in_key,
            "email": person,
            "card": card(number),
            "phone": phone(number),
            "name": f"{MARK}{number} Lovelace",
            "note": f"Write to {person}, or charge {card(number)}.",
            "nested": {"list": [{"mail": person}]},
        }
    ).encode()
    return value[:-2] if wanted(number).letter else value


def headers_of(number: int) -> list[tuple[str, bytes]]:
    """Return a record's headers."""
    return [("contact", f"{MARK}{number}@example.com".encode())]


def card(number: int) -> str:
    """Return a payment card number of a record's own, its check digit right."""
    body = f"400{number:012d}"
    total = 0
    for at, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"


def phone(number: int) -> str:
    """Return a phone number of a record's own."""
    return f"+491511{number:08d}"


def numbers_in(digits: str) -> list[int]:
    """Return the records whose card or phone number stands in a run of digits."""
    found = [int(one[3:-1]) for one in _CARD.findall(digits) if card(int(one[3:-1])) == one]
    found += [int(one[6:]) for one in _PHONE.findall(digits)]
    return [one for one in found if one < _LARGEST]


PIPELINE = """
pipeline: faults
source: {{topic: {source}, value: {value}, key: string}}
steps:
  {first}
  - {{step: drop, id: threes, when: 'has(message.n) && message.n % 10 == 3', reason: {reason}}}
  - {{step: route, id: fives, to: {copy}, copy: true, when: 'has(message.n) && message.n % 5 == 0'}}
privacy:
  fields:
    email: {{tokenize: {{key: customers}}}}
    card:  {{mask: {{keep_last: 4}}}}
    phone: {{redact: {{}}}}
    name:  {{redact: {{}}}}
publish: {{topic: {destination}, value: json}}
dead_letter: {{topic: {dead}}}
delivery: {mode}
"""
"""The pipeline of all scenarios."""

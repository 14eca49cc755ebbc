"""The work that every contender does: 300-byte orders, one drop, two field treatments."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

DROPPED_EVERY = 10
PII_EVERY = 20
KEY = bytes(range(32))
CARDS = ("4111111111111111", "5555555555554444", "378282246310005")
NOTES = (
    "call me at +1 415 555 0133 please",
    "mail second.address@example.org",
    "old card 4012888888881881",
    "from host 203.0.113.77",
)


def orders(count: int, seed: int = 1, pii_every: int = PII_EVERY) -> Iterator[tuple[bytes, bytes]]:
    """Yield key and value of `count` orders of about 300 bytes.

    Each tenth is to be dropped, each twentieth (or as told) has personal data in its free text.
    """
    rng = random.Random(seed)
    for number in range(count):
        customer = f"c-{rng.randrange(20_000):05d}"
        note = (
            rng.choice(NOTES)
            if number % pii_every == 7 % pii_every
            else "leave it at the door, thank you"
        )
        value = {
            "order_id": f"{rng.getrandbits(64):016x}",
            "customer_id": customer,
            "test": number % DROPPED_EVERY == 3,
            "email": f"{customer}@example.com",
            "card": rng.choice(CARDS),
            "amount": round(rng.uniform(1, 900), 2),
            "country": rng.choice(("DE", "FR", "US", "GB")),
            "placed_at": 1_772_438_400_000 + number,
            "sku": f"SKU-{rng.randrange(1000, 9999)}",
            "note": note,
            "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101",
        }
        yield customer.encode(), json.dumps(value).encode()


def events(
    count: int, seed: int = 1, pii_every: int = PII_EVERY
) -> Iterator[tuple[bytes, dict[str, object]]]:
    """Yield key and value of `count` events of a log, each twentieth (or as told) with an e-mail.

    Each holds text of its own and random hexadecimal digits, as most logs do.
    """
    rng = random.Random(seed)
    for number in range(count):
        order = f"{rng.getrandbits(64):016x}"
        took = round(rng.uniform(1, 900), 2)
        yield (
            f"h-{rng.randrange(99):02d}".encode(),
            {
                "ts": 1_772_438_400_000 + number,
                "level": rng.choice(("INFO", "WARN")),
                "logger": "com.acme.shop.Checkout",
                "thread": f"http-nio-8080-exec-{rng.randrange(99)}",
                "message": f"mail to second.address{number}@example.org failed, order {order}"
                if number % pii_every == 7 % pii_every
                else f"order {order} placed in {took} ms, leave it at the door, thank you",
                "trace_id": f"{rng.getrandbits(128):032x}",
                "took": took,
                "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101",
            },
        )


def published(count: int) -> int:
    """Return how many of `count` orders are published."""
    return sum(1 for number in range(count) if number % DROPPED_EVERY != 3)

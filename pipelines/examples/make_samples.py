"""Makes the sample input that ships in `samples/`: invented people, published test numbers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SAMPLES = Path(__file__).parent / "samples"
_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_COUNTS = {"orders": 2500, "weblogs": 4000, "ai-prompts": 1500}
_FIRST = "Ada Bela Carla Daan Emil Fay Gita Hana Igor Jana Kofi Lena Milo Nora Omar Pia Rosa Sven Tara Uwe".split()
_LAST = "Amsel Birch Castro Dekker Evans Fontaine Garcia Hoffmann Ito Jansen Keller Larsen Moreau Novak Okafor Petrov Rossi Silva Tanaka Weber".split()
# the networks' published test numbers
_CARDS = {
    "visa": ("4111111111111111", "4012888888881881"),
    "mastercard": ("5555555555554444", "5105105105105100"),
    "amex": ("378282246310005", "371449635398431"),
}
_COUNTRIES = {
    "DE": "EUR",
    "FR": "EUR",
    "NL": "EUR",
    "GB": "GBP",
    "US": "USD",
    "CA": "CAD",
    "JP": "JPY",
}
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "curl/8.5.0",
)
_NOTES = (
    "Please leave it with the neighbour.",
    "Call me at {phone} before you come.",
    "Invoice to {email}, thank you!",
    "Gift: no price on the slip, please.",
    "My card {card} was charged twice last time.",
    "Refund to {iban} as agreed.",
)
_PATHS = (
    "/",
    "/shop",
    "/shop/lamps?page=2",
    "/cart",
    "/static/app.4f1c.js",
    "/static/site.css",
    "/healthz",
    "/account",
    "/api/orders/{number}",
    "/reset?email={email_quoted}",
    "/login?next=/account&token={token}",
)
_ASKS = (
    "Summarise this ticket: the customer {name} ({email}) cannot log in since Monday.",
    "Write a polite answer to {name}, phone {phone}, whose parcel {number} is late.",
    "Why does `psql postgresql://app:{password}@db.internal:5432/shop` time out?",
    "Translate to French: the meeting moves to 3 pm on Thursday.",
    "Is {card} a valid card number? It was declined.",
    "Explain this log line: 2026-03-02T08:14:55Z GET /cart 200 12ms 6f1c2a90",
    "My deployment fails with access key AKIAIOSFODNN7EXAMPLE, what is wrong with the policy?",
    "What is the difference between at-least-once and exactly-once delivery?",
    "The refund goes to {iban}, held by {name}. Draft the confirmation.",
    "Host {ip} keeps sending requests to /reset; how do I block it in nginx?",
)


def _person(rng: random.Random) -> dict[str, str]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    account = f"{rng.randrange(10**14):014d}"
    bank = f"WEST{account}"
    digits = "".join(str(int(character, 36)) for character in bank + "GB00")
    return {
        "name": f"{first} {last}",
        "email": f"{first}.{last}{rng.randrange(100)}@example.{rng.choice(('com', 'org', 'net'))}".lower(),
        "phone": f"+1 {rng.choice((212, 415, 617, 312))} 555 {rng.randrange(100, 200):04d}",
        "iban": f"GB{98 - int(digits) % 97:02d}{bank}",
        "card": rng.choice(_CARDS[rng.choice(tuple(_CARDS))]),
        "ip": f"{rng.choice(('203.0.113', '198.51.100', '192.0.2'))}.{rng.randrange(1, 255)}",
        "password": f"{rng.choice(('tide', 'brook', 'delta'))}-{rng.randrange(1000, 9999)}",
    }


def _orders(rng: random.Random) -> Iterator[dict[str, object]]:
    people = [_person(rng) for _ in range(400)]
    for number in range(_COUNTS["orders"]):
        index = rng.randrange(len(people))
        person = people[index]
        country = rng.choice(tuple(_COUNTRIES))
        items = [
            {
                "sku": f"SKU-{rng.randrange(100, 999)}",
                "quantity": rng.randint(1, 3),
                "price": round(rng.uniform(0.8, 90), 2),
            }
            for _ in range(rng.choice((1, 1, 1, 2, 3)))
        ]
        amount = sum(float(str(item["price"])) * int(str(item["quantity"])) for item in items)
        network = next(name for name, cards in _CARDS.items() if person["card"] in cards)
        placed = _START + timedelta(seconds=number * 3)
        value = {
            "order_id": f"o-{100000 + number}",
            "customer_id": f"c-{index:04d}",
            "placed_at": placed.isoformat().replace("+00:00", "Z"),
            "customer": {
                "name": person["name"],
                "email": person["email"],
                "phone": person["phone"] if rng.random() < 0.6 else None,
            },
            "card": {"network": network, "number": person["card"]},
            "items": items,
            "amount": round(amount, 2),
            "currency": _COUNTRIES[country],
            "country": country,
            "client_ip": person["ip"] if rng.random() < 0.8 else None,
            "note": rng.choice(_NOTES).format(**person) if rng.random() < 0.3 else None,
        }
        headers = {"x-synthetic": "1"} if rng.random() < 0.04 else {}
        yield {"key": value["customer_id"], "value": value, "headers": headers}


def _weblogs(rng: random.Random) -> Iterator[dict[str, object]]:
    people = [_person(rng) for _ in range(300)]
    for number in range(_COUNTS["weblogs"]):
        person = rng.choice(people)
        path = rng.choice(_PATHS).format(
            number=rng.randrange(10**6),
            email_quoted=person["email"],
            token=f"{rng.getrandbits(96):024x}",
        )
        when = (_START + timedelta(milliseconds=number * 730)).strftime("%d/%b/%Y:%H:%M:%S +0000")
        status = rng.choices((200, 304, 404, 500, 503), (80, 8, 8, 3, 1))[0]
        user = person["name"].split()[0].lower() if rng.random() < 0.1 else "-"
        line = (
            f'{person["ip"]} - {user} [{when}] "{rng.choice(("GET", "GET", "GET", "POST"))} {path} '
            f'HTTP/1.1" {status} {rng.randrange(120, 90000)} "https://shop.example.com/" '
            f'"{rng.choice(_AGENTS)}"'
        )
        if rng.random() < 0.002:
            line = line[: len(line) // 3]  # a line cut off by a crash
        yield {"value": line}


def _prompts(rng: random.Random) -> Iterator[dict[str, object]]:
    for number in range(_COUNTS["ai-prompts"]):
        person = _person(rng)
        facts = {**person, "number": f"{rng.randrange(10**8):08d}"}
        messages = [{"role": "system", "content": "You are a helpful support assistant."}]
        for _ in range(rng.randint(1, 3)):
            messages.append({"role": "user", "content": rng.choice(_ASKS).format(**facts)})
            messages.append({"role": "assistant", "content": "Of course. Here is a first draft."})
        if rng.random() < 0.2:
            arguments = json.dumps({"query": f"orders of {person['email']}", "limit": 5})
            messages.append({"role": "tool", "content": arguments})
        value: dict[str, object] = {
            "id": f"chat-{number:06d}",
            "created_at": int((_START + timedelta(seconds=number * 7)).timestamp()),
            "tenant": rng.choice(("north", "south", "west")),
            "model": rng.choice(("small-3", "large-3")),
            "user": {
                "id": f"u-{rng.randrange(500)}",
                "email": person["email"],
                "name": person["name"],
            },
            "messages": messages,
            "usage": {"total_tokens": rng.randrange(80, 6000)},
            "metadata": {"probe": True} if rng.random() < 0.03 else {"client": "web"},
            "debug": {"session_cookie": f"{rng.getrandbits(128):032x}"},
        }
        yield {"key": value["id"], "value": value}


def main() -> None:
    """Write the three sample files."""
    for name, make in (("orders", _orders), ("weblogs", _weblogs), ("ai-prompts", _prompts)):
        rng = random.Random(name)
        lines = [json.dumps(record, ensure_ascii=False) for record in make(rng)]
        (_SAMPLES / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

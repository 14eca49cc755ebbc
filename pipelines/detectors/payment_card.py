"""Payment card numbers."""

from __future__ import annotations

from pipelines.checksums import luhn_holds
from pipelines.detector import Detector

# issuer prefixes as ranges of the first six digits, and the lengths they issue
_ISSUERS = (
    (400000, 499999, (13, 16, 19)),  # Visa
    (510000, 559999, (16,)),  # Mastercard
    (222100, 272099, (16,)),  # Mastercard
    (340000, 349999, (15,)),  # American Express
    (370000, 379999, (15,)),  # American Express
    (300000, 305999, (14, 16)),  # Diners Club
    (360000, 369999, (14, 16)),  # Diners Club
    (380000, 399999, (14, 16)),  # Diners Club
    (601100, 601199, (16, 19)),  # Discover
    (644000, 659999, (16, 19)),  # Discover
    (352800, 358999, (16, 19)),  # JCB
    (180000, 180099, (15,)),  # JCB
    (213100, 213199, (15,)),  # JCB
    (620000, 629999, (16, 17, 18, 19)),  # UnionPay
    (810000, 817199, (16, 17, 18, 19)),  # UnionPay
    (500000, 509999, (16, 18, 19)),  # Maestro
    (560000, 589999, (16, 18, 19)),  # Maestro
    (670000, 679999, (16, 18, 19)),  # Maestro
    (220000, 220499, (16, 17, 18, 19)),  # Mir
)


def _is_card(candidate: str) -> float:
    digits = "".join(filter(str.isdigit, candidate))
    prefix = int(digits[:6])
    issued = any(
        low <= prefix <= high and len(digits) in lengths for low, high, lengths in _ISSUERS
    )
    return 1.0 if issued and len(set(digits)) > 1 and luhn_holds(digits) else 0.0


PAYMENT_CARD = Detector(
    name="payment_card",
    entity="CREDIT_CARD",
    pattern=(
        r"(?:^|[^0-9A-Za-z.\-])(?P<found>4\d{12}|1800\d{11}|[2-6]\d{13,18}|8[01]\d{14,17}"
        r"|[2-68]\d{3}(?:[ \-]\d{4}){3}(?:[ \-]\d{1,3})?|3\d{3}[ \-]\d{6}[ \-]\d{4,5})"
        r"(?:$|[^0-9A-Za-z])"
    ),
    accept=_is_card,
    score=1.0,
    source="ISO/IEC 7812-1 (Luhn, annex B); issuer ranges as the networks publish them",
    examples=("card 4111 1111 1111 1111", "378282246310005", "5555-5555-5555-4444"),
    counterexamples=("4111 1111 1111 1112", "1772438400000", "9111111111111111"),
)


def _is_named_card(candidate: str) -> float:
    digits = "".join(filter(str.isdigit, candidate))
    return 0.9 if len(set(digits)) > 1 and luhn_holds(digits) else 0.0


_WORDS = (
    r"(?i:\b(?:cards?|cc|ccn|credit|debit|visa|mastercard|amex|maestro|kreditkarte|kartennummer|karte"
    r"|carte|tarjeta|carta|cartao|kaart|pan)(?:\b|_|number|nummer))[^0-9]{0,40}"
)
NAMED_CARD = Detector(
    name="named_card",
    entity="CREDIT_CARD",
    # the word is part of the pattern: many a record has a field `card` that holds none
    pattern=(
        rf"{_WORDS}(?P<found>(?:1800|2131|[2-6]\d{{3}})\d{{8,15}}"
        r"|[2-6]\d{3}(?:[ \-]\d{4}){2,3}(?:[ \-]\d{1,4})?)(?:$|[^0-9A-Za-z])"
    ),
    quick=rf"{_WORDS.removesuffix('{0,40}')}*[1-6]\d{{3}}[ \-]?\d{{4}}[ \-]?\d{{4}}",
    accept=_is_named_card,
    source="ISO/IEC 7812-1 (12 to 19 digits, Luhn of annex B), whoever issued it",
    examples=("card number 630490017740", "my credit card: 6759649826438453"),
    counterexamples=("order 630490017740", "card number 630490017741"),
)

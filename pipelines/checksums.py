"""Check digits."""

from __future__ import annotations

_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")


def luhn_holds(digits: str) -> bool:
    """Return True if these are ASCII digits that pass the Luhn check (ISO/IEC 7812-1, annex B)."""
    if not digits.isascii() or not digits.isdigit():
        return False
    raw = digits.encode()
    total = sum(raw[-1::-2]) + sum(raw[-2::-2].translate(_DOUBLED)) - len(raw) * ord("0")
    return total % 10 == 0

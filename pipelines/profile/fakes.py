"""Fakes: made-up values of the same shape, so that samples can be shown and kept."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase, ascii_uppercase, digits

from pipelines.detector import Finding
from pipelines.privacy.scan import Scan

_TRIES = 300  # a checksum of two digits holds for one in a hundred
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNIT = re.compile(
    r"(?P<protocol>\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|HTTP/\d(?:\.\d)?|true|false|null)\b)"
    rf"|(?<!\d)(?:(?P<date>\d{{4}}-\d\d-\d\d)|(?P<day>\d\d/(?:{'|'.join(_MONTHS)})/\d{{4}}))"
    r"(?:(?P<between>[T :])(?P<time>[0-2]\d:[0-5]\d(?::[0-5]\d)?)(?P<zone>(?:\.\d+)?Z?))?(?!\d)"
    r"|\w+"
)
_ALPHABETS = (
    (ascii_lowercase, str.islower),
    (digits, str.isdecimal),
    (ascii_uppercase, str.isupper),
)
_FIRST_YEAR, _YEARS = 1960, 60


class Fakes:
    """Makes fakes. Equal values get equal fakes, so what could be joined still can."""

    def __init__(self, secret: bytes, scan: Scan) -> None:
        """Take what fakes are made from.

        Args:
            secret: Random bytes, forgotten afterwards: without them a fake tells nothing.
            scan: Finds what must stay what it is: the fake of a card number is one.
        """
        self._secret = secret
        self._scan = scan
        self._known: dict[tuple[str, str], str] = {}

    def text(self, text: str, salt: int = 0) -> str:
        """Return a text of the same shape: letters for letters, digits for digits, a date for one.

        Args:
            text: What it stands for.
            salt: Another number gives another fake.
        """
        pick = self._picks(text, salt)
        faked = "".join(_like(one, pick) for one in text)

        def moment(match: re.Match[str]) -> str:
            year, month, day = _FIRST_YEAR + pick(_YEARS), pick(12), 1 + pick(28)
            date = f"{year}-{month + 1:02}-{day:02}"
            if match["day"]:
                date = f"{day:02}/{_MONTHS[month]}/{year}"
            if match["time"] is None:
                return date
            clock = f"{pick(24):02}:{pick(60):02}:{pick(60):02}"[: len(match["time"])]
            return f"{date}{match['between']}{clock}{match['zone']}"

        for match in _UNIT.finditer(text):
            if match["date"] or match["day"]:
                faked = faked[: match.start()] + moment(match) + faked[match.end() :]
            elif match["protocol"]:
                faked = faked[: match.start()] + match[0] + faked[match.end() :]
        return faked

    def number(self, number: float, salt: int = 0) -> int | float:
        """Return a number with as many digits."""
        text = repr(number)
        if not any(one in "123456789" for one in text) or "e" in text or "n" in text:
            return number  # nothing that could tell who it is
        faked = self.text(text, salt).lstrip("0") or "1"
        return type(number)(faked if not faked.startswith((".", "-.")) else f"0{faked}")

    def personal(self, text: str, name: str) -> tuple[str, list[tuple[str, str]]]:
        """Return a text in which all that detectors find is a fake of its kind.

        Args:
            text: The text.
            name: The path of its field.

        Returns:
            The text, and each original with its fake.
        """
        replaced: list[tuple[str, str]] = []
        # from the end, so that earlier offsets stay true
        for finding in sorted(self._scan.find(text, name), key=lambda one: -one.start):
            original = text[finding.start : finding.end]
            fake = self._of_kind(text, name, finding)
            replaced.append((original, fake))
            text = text[: finding.start] + fake + text[finding.end :]
        return text, replaced

    def _of_kind(self, text: str, name: str, finding: Finding) -> str:
        original = text[finding.start : finding.end]
        if (finding.entity, original) not in self._known:
            self._known[finding.entity, original] = next(
                (
                    fake
                    for fake in self._candidates(original, finding.entity)
                    if fake != original and self._is_alike(fake, text, name, finding)
                ),
                self.text(original),
            )
        return self._known[finding.entity, original]

    def _is_alike(self, fake: str, text: str, name: str, finding: Finding) -> bool:
        """Return True if a fake is found wherever the original is: in its text, and alone."""
        start, end = finding.start, finding.start + len(fake)
        whole = text[:start] + fake + text[finding.end :]
        found = [(one.start, one.end, one.entity) for one in self._scan.find(whole, name)]
        if (start, end, finding.entity) not in found:
            return False
        alone = {one.entity for one in self._scan.find(text[finding.start : finding.end])}
        return alone <= {one.entity for one in self._scan.find(fake)}

    def _candidates(self, original: str, entity: str) -> Iterator[str]:
        """Yield what may stand for a finding: the same shape first, published examples last."""
        head, dot, tail = original.rpartition(".")
        for salt in range(_TRIES):
            yield self.text(original, salt)
            if "@" in head:  # an address whose last part is none that there is, is no address
                yield self.text(head, salt) + dot + tail
                yield self.text(head.partition("@")[0], salt) + "@example.org"
        for detector in self._scan.detectors:
            for example in detector.examples if detector.entity == entity else ():
                for one in self._scan.find(example):
                    if one.entity == entity:
                        yield example[one.start : one.end]

    def _picks(self, text: str, salt: int) -> Callable[[int], int]:
        """Return a function that gives numbers below a bound, the same again for the same text."""
        key = f"{salt} {text}".encode("utf-8", "surrogatepass")
        seed = hmac.new(self._secret, key, hashlib.sha256).digest()
        state = int.from_bytes(hashlib.shake_256(seed).digest(64 + 2 * len(text)))

        def pick(bound: int) -> int:
            nonlocal state
            state, picked = divmod(state, bound)
            return picked

        return pick


def _like(character: str, pick: Callable[[int], int]) -> str:
    for alphabet, is_in in _ALPHABETS:
        if is_in(character):
            return alphabet[pick(len(alphabet))]
    return ascii_lowercase[pick(26)] if character.isalpha() else character


def units(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words and moments of a text stand; words of a protocol are left out."""
    return (match.span() for match in _UNIT.finditer(text) if not match["protocol"])

"""US social security numbers."""

from __future__ import annotations

from stdnum.us import ssn

from pipelines.detector import Detector

_SOURCE = "US Social Security Administration, number structure and areas never issued"


def _is_ssn(candidate: str) -> float:
    return 0.9 if ssn.is_valid(candidate.replace(" ", "-")) else 0.0


def _is_written(candidate: str) -> float:
    """Accept what a word calls one, even of an area never issued: a slip of the pen is one, too."""
    digits = [one for one in candidate if one.isdigit()]
    return 0.85 if len(set(digits)) > 1 and not candidate.startswith(("000", "666")) else 0.0


US_SSN = Detector(
    name="us_ssn",
    entity="US_SSN",
    pattern=(
        r"(?:^|[^0-9A-Za-z+.\-])(?P<found>\d{3}-\d{2}-\d{4})"
        r"(?:$|[^0-9A-Za-z\-])"
    ),
    accept=_is_ssn,
    source=_SOURCE,
    examples=("ssn 536-90-4399", "SSN: 536-90-4399"),
    counterexamples=("000-12-3456", "666-12-3456", "123-456-789", "1536-90-4399"),
)
US_SSN_SPACED = Detector(
    name="us_ssn_spaced",
    entity="US_SSN",
    # no other number beside it
    pattern=(
        r"(?:^[^0-9A-Za-z+.\-]?|[^0-9][^0-9A-Za-z+.\-])"
        r"(?P<found>\d{3} \d{2} \d{4}|\d{3}\.\d{2}\.\d{4})"
        r"(?:$|[.,;!?)](?:$|[^0-9])| ?[A-Za-z(])"
    ),
    quick=r"\d{3} \d{2} \d{4}|\d{3}\.\d{2}\.\d{4}",
    accept=lambda candidate: 0.7 * (_is_ssn(candidate.replace(".", "-")) > 0),
    score=0.7,
    source=_SOURCE,
    examples=("it is 536 90 4399.", "536.90.4399"),
    counterexamples=("12 536 90 4399", "536 90 4399 12", "000 12 3456", "536.90 4399"),
)
US_SSN_BARE = Detector(
    name="us_ssn_bare",
    entity="US_SSN",
    pattern=r"(?:^|[^0-9A-Za-z+.\-])(?P<found>\d{9}|\d{3}[. \-]\d{2}[. \-]\d{4})(?:$|[^0-9A-Za-z])",
    accept=_is_written,
    score=0.85,
    context=(
        "ssn", "social security", "socialsecurity", "social security number", "soc sec",
        "social no",
        "social number", "my social", "his social", "her social", "their social", "your social",
    ),
    source=_SOURCE,
    examples=("my SSN is 536904399", "social security 536 90 4399"),
    counterexamples=("order 536904399", "SSN 000123456", "social insurance 123456782"),
)  # fmt: skip

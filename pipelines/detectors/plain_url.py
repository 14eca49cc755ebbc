"""Web addresses of any kind: found by `clearwater detect`, not by the gate, which keeps them."""

from __future__ import annotations

from pipelines.detector import Detector


def _without_end(candidate: str) -> tuple[int, int] | None:
    """Return the address without the sentence's punctuation behind it."""
    end = len(candidate.rstrip(".,;:!?'\")]}>"))
    return (0, end) if end else None


PLAIN_URL = Detector(
    name="plain_url",
    entity="URL",
    pattern=(
        r"(?:^|[^A-Za-z0-9])(?P<found>(?i:https?|ftps?|wss?)://[A-Za-z0-9\x80-\xff]"
        r"[^\s\"'<>`|\\^{}]*)"
    ),
    part=_without_end,
    score=0.9,
    source="RFC 3986 sections 3.1 and 3.2; RFC 9110 section 4.2",
    examples=("see https://www.example.com/a?b=c.",),
    counterexamples=("www example com", "http://", "xhttps:// and"),
)

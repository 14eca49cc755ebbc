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
_TOP = (
    "com|org|net|edu|gov|mil|int|info|biz|app|dev|cloud|shop|store|online|site|eu|uk|de|fr|es|it"
    "|nl|be|ch|at|dk|se|fi|pl|cz|pt|ie|gr|ru|ua|tr|il|in|jp|cn|kr|au|nz|ca|us|mx|br|ar|cl|za"
)
BARE_DOMAIN = Detector(
    name="bare_domain",
    entity="URL",
    pattern=(
        r"(?:^|[ \n\t\"'<:,])(?P<found>(?:[a-z0-9][a-z0-9\-]{0,62}\.){1,4}"
        rf"(?:com?|org?|net|edu|gov|ac)(?:\.(?:{_TOP}))?(?:/[^\s\"'<>`|\\^{{}}]*)?"
        rf"|www\.(?:[a-z0-9\-]{{1,63}}\.){{1,3}}(?:{_TOP})(?:/[^\s\"'<>`|\\^{{}}]*)?)"
        r"(?:$|[ \n\t\"')>,;!?]|[.:](?:$|[^A-Za-z0-9]))"
    ),
    part=_without_end,
    accept=lambda candidate: 0.0 if candidate.endswith((".co", ".or", ".ac")) else 0.6,
    score=0.6,
    source="RFC 1034 section 3.5; the root zone of the domain name system",
    examples=("on example.com and example.co.uk", "www.example.de"),
    counterexamples=("self.assertEqual(a.net)", "os.path", "ada@example.com", "version 1.2.3"),
)

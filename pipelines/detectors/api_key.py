"""API keys that carry their vendor's prefix."""

from __future__ import annotations

from pipelines.detector import Detector

_START = r"(?:^|[^A-Za-z0-9_\-])"
_END = r"(?:$|[^A-Za-z0-9_\-])"


def _placeholder(candidate: str) -> float:
    body = candidate.rsplit("_", 1)[-1].lower()
    return 0.0 if len(set(body)) <= 3 else 1.0  # noqa: PLR2004 - xxxx and 0000 are no keys


AWS_KEY = Detector(
    name="aws_access_key",
    entity="API_KEY",
    pattern=rf"{_START}(?P<found>(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{{16}}){_END}",
    accept=_placeholder,
    source="AWS IAM user guide, unique identifiers",
    examples=("key AKIAIOSFODNN7EXAMPLE here",),
    counterexamples=("AKIA1234", "xAKIAIOSFODNN7EXAMPLE"),
)
GITHUB_TOKEN = Detector(
    name="github_token",
    entity="API_KEY",
    pattern=(
        rf"{_START}(?P<found>gh[pousr]_[A-Za-z0-9]{{36,255}}|github_pat_[A-Za-z0-9_]{{40,255}}){_END}"
    ),
    accept=_placeholder,
    source="GitHub documentation, token formats",
    examples=("ghp_1234567890abcdefghijKLMNOPQRSTUVWXYZ",),
    counterexamples=("ghp_short", "ghp_" + "x" * 36),
)
SLACK_TOKEN = Detector(
    name="slack_token",
    entity="API_KEY",
    pattern=(
        rf"{_START}(?P<found>xox[abeoprs]-[A-Za-z0-9\-]{{10,255}}|xapp-\d-[A-Za-z0-9\-]{{20,255}}){_END}"
        r"|(?:^|[^A-Za-z0-9.\-])hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_]{20,255}"
    ),
    source="Slack API documentation, token types and incoming webhooks",
    examples=("xoxb-123456789012-abcdefGHIJKL",),
    counterexamples=("xoxz-123456789012", "xoxb-1"),
)
STRIPE_KEY = Detector(
    name="stripe_key",
    entity="API_KEY",
    pattern=rf"{_START}(?P<found>(?:[srp]k_(?:live|test)|whsec)_[A-Za-z0-9]{{16,255}}){_END}",
    accept=_placeholder,
    source="Stripe documentation, API keys",
    examples=("sk_test_4eC39HqLyjWDarjtT1zdp7dc",),
    counterexamples=("sk_test_short", "task_live_1234567890abcdef"),
)
GOOGLE_KEY = Detector(
    name="google_key",
    entity="API_KEY",
    pattern=(
        rf"{_START}(?P<found>AIza[A-Za-z0-9_\-]{{35}}|GOCSPX-[A-Za-z0-9_\-]{{28}}"
        rf"|ya29\.[A-Za-z0-9_\-]{{20,512}}){_END}"
    ),
    source="Google Cloud documentation, API keys and OAuth client secrets",
    examples=("AIzaSyA1234567890abcdefghijklmnopqrstuv",),
    counterexamples=("AIzaShort",),
)

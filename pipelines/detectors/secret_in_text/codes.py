"""Codes of digits that a text says are secret: PINs, one-time codes, security codes of cards."""

from __future__ import annotations

from pipelines.detector import Detector

_IS = r"(?: (?:is|was|ist|lautet|es|est|è|number|no\.?|#))*(?: ?[:=])? {1,2}"
_END = r"(?:$|[^0-9A-Za-z.,\-/:%]|[.,](?:$|[^0-9]))"
_ONE_TIME = (
    r"(?:otp(?: code)?|one[- ]time (?:code|pin|pass(?:word|code))|(?:verification|confirmation"
    r"|security|authentication|auth|authorization|access|login|log-in|sign-in|2fa|mfa) ?code"
    r"|passcode"
    r"|pin(?: ?code)?|tan|mtan|sms[- ]code|bestätigungscode|sicherheitscode|code de vérification"
    r"|código de verificación|codice di verifica)"
)

SPOKEN_CODE = Detector(
    name="spoken_code",
    entity="PASSWORD",
    pattern=rf"(?i:\b{_ONE_TIME}{_IS})(?P<found>\d{{4,8}}){_END}",
    score=0.75,
    source="NIST SP 800-63B section 5.1 (memorised secrets, out-of-band codes)",
    examples=(
        "my PIN is 7788, please",
        "Your verification code is 482913.",
        "OTP: 482913",
    ),
    counterexamples=(
        "pin 7 is high",
        "pin 1.2345",
        "access code 2026-03-02",
        "the spin 4321",
        "PIN 4 of 1024",
    ),
)
CARD_CODE = Detector(
    name="card_code",
    entity="PASSWORD",
    pattern=rf"(?i:\b(?:cvv2?|cvc2?|csc|cvn|card security code){_IS})(?P<found>\d{{3,4}}){_END}",
    score=0.75,
    source="ISO/IEC 7813; security codes as the card networks call them",
    examples=("exp 12/27, cvv 123", "CVC: 4321"),
    counterexamples=("cvv 12", "cvv 12345", "csc 12.5"),
)
CODES = (SPOKEN_CODE, CARD_CODE)

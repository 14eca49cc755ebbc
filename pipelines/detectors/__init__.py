"""What the text scan finds.  Add a detector: write its file, list it here."""

from __future__ import annotations

from pipelines.detector import Detector, NamedField
from pipelines.detectors.api_key import (
    AWS_KEY,
    GITHUB_TOKEN,
    GOOGLE_KEY,
    SLACK_TOKEN,
    STRIPE_KEY,
)
from pipelines.detectors.email import EMAIL
from pipelines.detectors.iban import IBAN
from pipelines.detectors.ip_address import IP_V4, IP_V6
from pipelines.detectors.jwt import JWT
from pipelines.detectors.mac_address import MAC_ADDRESS
from pipelines.detectors.named_numbers import NUMBER_FIELDS
from pipelines.detectors.named_people import PEOPLE_FIELDS
from pipelines.detectors.named_secrets import SECRET_FIELDS
from pipelines.detectors.national_number import DE_TAX_ID, NL_BSN, UK_NHS
from pipelines.detectors.payment_card import PAYMENT_CARD
from pipelines.detectors.phone import PHONE_IN_CONTEXT, PHONE_INTERNATIONAL, PHONE_NATIONAL
from pipelines.detectors.private_key import PRIVATE_KEY
from pipelines.detectors.url_credentials import URL_PASSWORD, URL_TOKEN
from pipelines.detectors.us_ssn import US_SSN, US_SSN_BARE

DETECTORS: tuple[Detector, ...] = (
    EMAIL, PAYMENT_CARD, IBAN, US_SSN, US_SSN_BARE, UK_NHS, NL_BSN, DE_TAX_ID,
    PHONE_INTERNATIONAL, PHONE_NATIONAL, PHONE_IN_CONTEXT, IP_V4, IP_V6, MAC_ADDRESS,
    URL_PASSWORD, URL_TOKEN, JWT, PRIVATE_KEY,
    AWS_KEY, GITHUB_TOKEN, SLACK_TOKEN, STRIPE_KEY, GOOGLE_KEY,
)  # fmt: skip
"""Every detector; this tuple is the registry."""

FIELDS: tuple[NamedField, ...] = (*SECRET_FIELDS, *NUMBER_FIELDS, *PEOPLE_FIELDS)
"""Every kind of field that its name tells; the surest first."""

"""What the text scan finds.  Add a detector: write its file, list it here."""

from __future__ import annotations

from pipelines.detector import Detector, NamedField
from pipelines.detectors.address import ADDRESSES
from pipelines.detectors.birth_date import BIRTH_DATE, BIRTH_FIELD
from pipelines.detectors.crypto import BITCOIN, ETHEREUM
from pipelines.detectors.document_number import DOCUMENT_NUMBERS
from pipelines.detectors.email import EMAIL
from pipelines.detectors.iban import IBAN, IBAN_LOWER
from pipelines.detectors.ip_address import IP_V4, IP_V6
from pipelines.detectors.jwt import JWT
from pipelines.detectors.mac_address import MAC_ADDRESS
from pipelines.detectors.named_addresses import NETWORK_FIELDS
from pipelines.detectors.named_numbers import NUMBER_FIELDS
from pipelines.detectors.named_people import PEOPLE_FIELDS
from pipelines.detectors.named_places import PLACE_FIELDS
from pipelines.detectors.named_secrets import SECRET_FIELDS
from pipelines.detectors.national_numbers import NATIONAL_NUMBERS
from pipelines.detectors.password_hash import PASSWORD_HASH
from pipelines.detectors.payment_card import NAMED_CARD, PAYMENT_CARD
from pipelines.detectors.person import PERSONS
from pipelines.detectors.phone import PHONES
from pipelines.detectors.plain_url import BARE_DOMAIN, PLAIN_URL
from pipelines.detectors.private_key import PRIVATE_KEY
from pipelines.detectors.secret_in_text import SECRETS
from pipelines.detectors.telling_number import TELLING_NUMBERS
from pipelines.detectors.uk_nhs import UK_NHS
from pipelines.detectors.url_credentials import PARAMETER_PASSWORD, URL_PASSWORD, URL_TOKEN
from pipelines.detectors.us_ssn import US_SSN, US_SSN_BARE, US_SSN_SPACED
from pipelines.detectors.user_name import USER_NAMES
from pipelines.detectors.vendor_key import VENDOR_KEY

DETECTORS: tuple[Detector, ...] = (
    EMAIL, PAYMENT_CARD, NAMED_CARD, IBAN, IBAN_LOWER, US_SSN, US_SSN_SPACED, US_SSN_BARE, UK_NHS,
    *PHONES, IP_V4, IP_V6, MAC_ADDRESS,
    URL_PASSWORD, PARAMETER_PASSWORD, URL_TOKEN, JWT, PRIVATE_KEY, PASSWORD_HASH,
    VENDOR_KEY, *SECRETS,
    *PERSONS, *ADDRESSES, *USER_NAMES,
    BIRTH_DATE, BITCOIN, ETHEREUM, *DOCUMENT_NUMBERS, *NATIONAL_NUMBERS,
    *TELLING_NUMBERS,
)  # fmt: skip
"""Every detector; this tuple is the registry."""

REPORTED: tuple[Detector, ...] = (PLAIN_URL, BARE_DOMAIN)
"""What a report names beside, and the gate keeps: it is nobody's secret by itself."""

FIELDS: tuple[NamedField, ...] = (
    *SECRET_FIELDS, *NUMBER_FIELDS, *NETWORK_FIELDS, *PEOPLE_FIELDS, BIRTH_FIELD, *PLACE_FIELDS,
)  # fmt: skip
"""Every kind of field that its name tells; the surest first."""

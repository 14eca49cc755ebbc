"""Fields that say on which network somebody is reached: e-mail, IP and hardware addresses.

What has the usual form is found without a name; these are the others.
"""

from __future__ import annotations

import re

from pipelines.detector import NamedField
from pipelines.field_vocabulary import names_of

_MAIL = re.compile(
    r"(?:mailto:)?[^\s@,;<>]{1,64}(?: ?@ ?|%40| ?[(\[{<] ?at ?[)\]}>] ?| at )[^\s@,;<>]{2,190}"
    r"(?: ?[(\[{<]? ?dot ?[)\]}>]? ?[a-z]{2,12})?",
    re.IGNORECASE,
)
_QUAD = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|0x[0-9a-fA-F]{8}")
_NUMBER = re.compile(r"\d{8,10}")
_LEAST_IP, _MOST_IP = 1 << 24, (1 << 32) - 1  # 1.0.0.0, as a number
_MAC = re.compile(r"[0-9a-fA-F]{2}(?:[:\-. ]?[0-9a-fA-F]{2}){5}(?:(?:[:\-. ]?[0-9a-fA-F]{2}){2})?")


def _is_mail(value: str) -> bool:
    return _MAIL.fullmatch(value) is not None


def _is_ip(value: str) -> bool:
    if _NUMBER.fullmatch(value) is not None:
        return _LEAST_IP <= int(value) <= _MOST_IP
    return _QUAD.fullmatch(value) is not None


def _is_mac(value: str) -> bool:
    return _MAC.fullmatch(value) is not None


EMAIL_FIELD = NamedField(
    entity="EMAIL_ADDRESS",
    names=names_of("email"),
    accept=_is_mail,
    is_firm=True,
)
IP_FIELD = NamedField(
    entity="IP_ADDRESS",
    names=names_of("ip"),
    accept=_is_ip,
    score=0.8,
    starts=r"[0-9]",
    is_firm=True,
)
MAC_FIELD = NamedField(
    entity="MAC_ADDRESS",
    names=names_of("mac"),
    accept=_is_mac,
    score=0.8,
    starts=r"[0-9a-fA-F]",
    is_firm=True,
)
NETWORK_FIELDS = (EMAIL_FIELD, IP_FIELD, MAC_FIELD)

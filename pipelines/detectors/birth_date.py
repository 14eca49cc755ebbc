"""Dates of birth: a date where the words around it speak of somebody's birth."""

from __future__ import annotations

import re

from pipelines.detector import Detector, NamedField
from pipelines.field_vocabulary import names_of

_MONTH = (
    r"(?i:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fév|avr"
    r"|juin|juil|août|gen|mag|giu|lug|set|ott|fev|mei|maa|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis"
    r"|gru)[A-Za-z\x80-\xff]{0,8}"
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_DATE = (
    r"(?:18|19|20)\d\d[\-/. ]{1,2}(?:0?[1-9]|1[0-2])[\-/. ]{1,2}(?:[12]\d|3[01]|0?[1-9])"
    rf"|{_DAY}[\-/. ]{{1,2}}(?:1[0-2]|{_DAY})[\-/. ]{{1,2}}(?:(?:18|19|20)\d\d|\d\d)"
    rf"|{_DAY}(?:st|nd|rd|th|\.)?[ \-](?:of |de )?{_MONTH}\.?,?[ \-](?:de )?(?:18|19|20)?\d\d"
    rf"|{_MONTH}\.? (?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?,? (?:18|19|20)\d\d"
)

BIRTH_DATE = Detector(
    name="birth_date",
    entity="DATE_OF_BIRTH",
    pattern=rf"(?:^|[^0-9A-Za-z.\-/])(?P<found>{_DATE})(?:$|[^0-9A-Za-z\-/])",
    context=(
        "born", "dob", "d.o.b", "birth", "date of birth", "birth date", "birthdate", "birthday",
        "bday", "geboren",
        "geburtsdatum", "geburtstag", "geb", "naissance", "date de naissance", "nacimiento",
        "nacido", "nacida",
        "fecha de nacimiento", "nascita", "nato", "nata", "data di nascita", "nascimento",
        "nascido", "nascida", "nació", "nacio", "nasceu", "nasci", "nací", "urodzona", "urodzil",
        "urodził", "urodziła", "geboren op", "född", "født", "syntynyt", "narozen", "született",
        "doğum", "lahir",
        "geboortedatum", "urodzenia", "urodzony", "data urodzenia", "né le", "née le",
        "дата рождения", "родился",
        "出生日期", "生年月日",
    ),
    score=0.9,
    source="45 CFR 164.514(b)(2)(i)(C), dates directly related to an individual",
    examples=(
        "born on 12 March 1984", "DOB: 1984-03-12", "Geburtsdatum 12.03.1984", "dob 3/12/84",
    ),
    counterexamples=("released on 12 March 1984", "born in the west", "due 1984-03-12"),
)  # fmt: skip
# neither a year alone nor one with a month behind it: `generalize` leaves these
_VALUE = re.compile(
    r"\d{1,4}[-/. ]{1,2}(?:\d{1,2}|[^\W\d_]{3,10})[-/., ]{1,2}\d{2,4}(?:[T ][\d:.,+Z\-]*)?"
    r"|[^\W\d_]{3,10}\.?,? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?\.? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?\d{4}"
    r"|\d{1,2}[^\W\d_]{3}(?:\d{4}|\d{2})|-?\d{5}|-?(?!18|19|20)\d{4}"  # days since 1970 are short
    r"|\d{8}|-?\d{6,13}|\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}년 ?\d{1,2}월 ?\d{1,2}일"
    r"|(?:0?[1-9]|1[0-2])[-/.](?:18|19|20)\d\d"
    r"|[^\W\d_]{3,10}\.? (?:18|19|20)\d\d"
)


def _is_date(value: str) -> bool:
    return _VALUE.fullmatch(value) is not None


BIRTH_FIELD = NamedField(
    entity="DATE_OF_BIRTH",
    names=names_of("birth"),
    accept=_is_date,
    starts=r"[0-9A-Za-z\x80-\xff\-]",
    score=0.95,
    is_firm=True,
)

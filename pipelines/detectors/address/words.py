"""What addresses are made of: pieces of patterns, and where an address ends."""

from __future__ import annotations

import re

UPPER = r"[A-Z\x80-\xff]"
WORD = r"[A-Za-z0-9\x80-\xff.'\-#º°/]+"
CAPITAL = rf"{UPPER}[A-Za-z0-9\x80-\xff.'\-/]*"
SMALL = (
    r"(?:de|del|della|delle|dei|di|da|do|dos|das|du|des|la|las|le|les|los|y|e|of|the|and|am|an der"
    r"|auf dem|im|zum|zur|van|von|der|den|het|sur|upon|na|nad|u|v|i|el|al)"
)
NAME = rf"{CAPITAL}(?:,? (?:{SMALL} ){{0,2}}{CAPITAL}){{0,5}}"
"""Capitalised words, small ones between them."""

SUFFIX = (
    r"(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square"
    r"|sq|terrace|ter|way|circle|cir|parkway|pkwy|highway|hwy|trail|trl|alley|crescent|cres"
    r"|close|grove|row|walk|plaza|loop|run|path|pike|mews|gardens|hill|view|rise|quay|esplanade"
    r"|parade|turnpike|crossing|ridge|green|wharf|bypass)"
)
"""Behind a street's name, of USPS Publication 28, appendix C1, and its British kin."""
STREET_WORD = (
    r"(?i:rue|avenue|boulevard|place|chemin|impasse|allée|quai|cours|route|calle|avenida|avda\.?|av\."
    r"|plaza|paseo|carrer|carretera|camino|via|viale|corso|piazza|piazzetta|largo|vicolo|strada"
    r"|rua|travessa|praça|estrada|alameda|ulica|ul\.|aleja|al\.|plac|os\.|strada|jalan|jl\.|calea"
    r"|c/|c\.|glorieta|ronda|rambla|pasaje|pasadizo|cuesta|urbanizaci[oó\x80-\xff]+n|pol[ií\x80-\xff]+gono|acceso"
    r"|contrada|borgo|rotonda|canale|incrocio|vico|salita|passage|sentier|faubourg|esplanade)"
)
"""Before a street's name."""
COMPOUND = (
    r"(?i:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ufer|damm|chaussee|steig|brücke|markt|straat"
    r"|pfad|stieg|graben|boulevard|plantsoen|kamp|baan|tuin"
    r"|laan|gracht|plein|kade|singel|dijk|dreef|steenweg|gatan|vägen|gränd|torget|vej|gade|stræde"
    r"|plads|veien|vegen|vei|gata|gaten|bakken|svingen|haugen|terrasse|katu|kuja|tie|polku"
    r"|vegur|braut|stræti|straeti|maantee|tänav|utca|útja|körút|tér)"
)
"""At the end of a street's name, one word with it or apart."""
UNIT_WORD = (
    r"(?i:studio|appartamento|apt|apartment|suite|ste|unit|flat|floor|room|appt?|piso|wohnung|top"
    r"|lok|m\.)"
)
UNIT = (
    rf"(?:,? (?:{UNIT_WORD}\.? ?#?|#) ?[A-Za-z0-9][A-Za-z0-9\-]{{0,5}}\b|-[IVX]{{1,4}}\b"
    r"|,? \d{1,3}(?:st|nd|rd|th) (?i:floor)|, ?\d{1,2}\W{1,3} ?[A-Z]\b)"
)
NUMBER = r"\d{1,5}(?:[A-Za-z]|[\-/]\d{1,4}|,? bis|,? ter)?"
POSTCODE = (
    r"(?:[A-Z]{1,2}-?\d{4,6}|\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{3} \d{2}|\d{2}-\d{3}|\d{3})"
)
TAIL = rf"(?:[ ,\n\\]+(?:{UNIT_WORD}\.? \w{{1,6}}|{POSTCODE}\b|{CAPITAL}|{SMALL}\b)){{0,10}}"
"""Whatever may follow a street: a flat, a place, a postcode, a country."""
START = r"(?:^|\n\n|[>?] *|[^0-9A-Za-z.\-/])"
"""The place before an address; part of the candidate, since a line's beginning changes its end."""

_BEGIN = re.compile(r"[0-9A-Za-z\u0080-\U0010ffff]")
_OTHER = re.compile(
    r"[\s,.\\]+(?:I|Please|The|This|That|These|We|You|It|He|She|They|My|Our|And|In|On|At|By|But|For"
    r"|Is|If|Mobile|Phones?|Tel|Telephone|Fax|E-?mail|Office|Desk|Thanks?|Regards|Call|Contact|Was"
    r"|Has|There|When|Where|What|Hello|Hi|Dear|From|To|Name|Date|Website|URL|Order|Card|SSN|DOB|NHS"
    r"|MRN|IBAN|VAT|Passport|Account|Acct|Steuer|Steuernummer|Kunde|Kundennummer|DNI|NIF|NIE|NIR|CPF"
    r"|Policy|Invoice|Customer|Member|Patient|Age|Aged|Born|Geb|Geboren)\b"
)
# a line of digits in groups is a telephone's, unless a place stands behind a postcode of two
_PHONE_LINE = re.compile(
    r"\n[>? ]*(?!\d{3} \d{2} [^\W\d])\(?\+?\d+(?:[ .\-/()]+\d|\)|(?<=\n\d\d\d)\b)|\n\d{2,3}$"
)
_UNIT_LINE = re.compile(rf"\n[>? ]*{UNIT_WORD}\.? ?\w")
_TELLING = re.compile(r"\d|\b[A-Z]{2}\b")
_NO_PART = re.compile(
    r"[\s,](?:is|are|was|were|for|from|last|next|with|by|or|that|which|until|since|in (?=\d{4})"
    r"|has|have|had|will|can|people|days|hours|minutes|times|of our|of my|AM|PM)\b"
)
_WEAK = re.compile(
    r"\d+\w*,? (?:[^\W\d]+ ){1,4}(?:run|path|pike|view|loop|walk|way|green|ridge|row|hill|rise"
    r"|close|place|square|circle|crossing|plaza|trail)|(?:19|20)\d\d (?:[^\W\d]+ )+[^\W\d]+",
    re.IGNORECASE,
)
_LAST_SMALL = re.compile(r"(?:[\s,\\]+(?:" + SMALL[3:-1] + r"))+$")
_MONTH = re.compile(
    r"\d,? (?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?,? ?\d",
    re.IGNORECASE,
)


def end_of_address(text: str) -> tuple[int, int] | None:
    """Return the address in a candidate that begins with what stands before it.

    Lines of their own, as on an envelope, are findings of their own. Inside a sentence the address
    goes on as long as a flat, a postcode or a state follows; a place alone is another finding.
    """
    first = _BEGIN.search(text)
    if first is None or _MONTH.search(text) or _NO_PART.search(text):
        return None
    start = first.start()
    stop = len(text)
    other = _OTHER.search(text, start)
    if other is not None:
        stop = other.start()
    phone = _PHONE_LINE.search(text, start, stop)
    if phone is not None:
        stop = phone.start()
    alone = start == 0 or text.startswith(("\n\n", ">", "?"))
    line = _UNIT_LINE.search(text, start, stop)
    if alone and line is not None:
        stop = line.start()
    elif "\n" not in text[start:stop]:
        stop = _last_telling(text, start, stop)
    body = _LAST_SMALL.sub("", text[start:stop].rstrip(" ,.\n\\>?"))
    if _WEAK.fullmatch(body):
        return None
    named = any(one.islower() for one in body) or body[:1].isdigit()  # no code of capitals
    letters = sum(one.isalpha() for one in body)
    return (start, start + len(body)) if named and letters > 3 else None  # noqa: PLR2004 - more than `St`


def _last_telling(text: str, start: int, stop: int) -> int:
    """Return the end of the last stretch between commas that holds a digit or a state."""
    ends = [index for index in range(start, stop) if text[index] == ","]
    ends.append(stop)
    for before, end in reversed(list(zip([start, *ends], ends, strict=False))):
        if before == start or _TELLING.search(text, before, end):
            return end
    return stop

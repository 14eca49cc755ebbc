"""Names of people in prose: words of a list of names, and what introduces a person."""

from __future__ import annotations

import re
from functools import cache

from pipelines.detector import Detector
from pipelines.name_list import (
    all_names,
    is_given_name,
    is_surname,
    may_be_given_name,
    may_be_surname,
)

_UPPER = (
    r"(?:[A-Z]|\xc3[\x80-\x9e]|\xc4[\x80-\xbf]|\xc5[\x80-\xbd]|\xce[\x91-\xa9]|\xd0[\x90-\xaf])"
)
_LETTER = r"[A-Za-z\x80-\xff]"
_WORD = rf"{_UPPER}(?:{_LETTER}|['`\-]{_UPPER})*{_LETTER}"
_JOINT = (
    r"(?:van der|van den|van de|von der|de la|de los|del|della|van|von|de|da|dos|di|du|le|la|bin"
    r"|ibn|al|el|y|ter|ten|af|zu|O'|Mc)"
)
_NAMES = rf"{_WORD}(?:[ ](?:{_JOINT} )?(?:{_WORD}|{_UPPER}\.?)){{0,5}}"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Sir|Madam|Lady|Lord|Herr|Herrn|Frau|Doktor|Señor"
    r"|Señora|Sr|Sra|Don|Doña"
    r"|Monsieur|Madame|Mme|Mlle|Signor|Signora|Dott|Ing|Rev|Capt|Sgt|Lt|Col|Gen|President|Senator"
    r"|Judge|Nurse)"
)
_NOT_NAMES = frozenset({
    "the", "a", "an", "and", "or", "but", "if", "then", "so", "we", "i", "you", "he", "she", "it",
    "they", "this", "that", "these", "those", "my", "your", "his", "her", "our", "their", "mr",
    "mrs", "ms", "miss", "dr", "prof", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december", "street", "avenue", "road", "lane",
    "drive", "boulevard", "court", "place", "square", "north", "south", "east", "west", "new",
    "old", "saint", "st", "mount", "lake", "river", "port", "fort", "city", "county", "island",
    "university", "college", "school", "hospital", "church", "bank", "company", "corporation",
    "inc", "ltd", "llc", "gmbh", "group", "association", "institute", "museum", "library", "park",
    "hotel", "airport", "station", "centre", "center", "hall", "house", "theatre", "team", "club",
    "league", "union", "council", "committee", "ministry", "department", "office", "act", "law",
    "bill", "party", "king", "queen", "prince", "princess", "president", "minister", "dear",
    "hello", "hi", "hey", "thanks", "thank", "regards", "sincerely", "best", "please", "yes",
    "no", "not", "all", "any", "some", "every", "each", "other", "another", "more", "most", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue",
    "wed", "thu", "fri", "sat", "sun", "sir", "madam", "ma'am", "unknown", "none", "null", "true",
    "false", "southern", "northern", "eastern", "western", "royal", "english", "german", "french",
    "spanish", "italian", "dutch", "polish", "address", "retrying", "management", "filter",
    "classvar", "server", "client", "manager", "orchestra", "symphony", "band", "records",
    "magazine", "news", "times", "post", "journal", "review", "press", "weekly", "daily",
    "united", "states", "apt", "suite", "box", "unit", "floor", "po", "apo", "fpo", "psc", "in",
    "on", "at", "by", "for", "from", "to", "with", "of", "as", "is", "was", "are", "were", "be",
    "been", "have", "has", "had", "will", "would", "can", "could", "should", "might", "must",
    "do", "does", "did", "what", "who", "whom", "whose", "which", "when", "where", "why", "how",
    "song", "songs", "album", "single", "movie", "film", "book", "series", "game", "app",
    "windows", "linux", "mac", "android", "apple", "google", "microsoft", "amazon", "facebook",
    "twitter", "oracle", "java", "python", "mozilla", "chrome", "safari", "firefox", "gecko",
    "kafka", "error", "warning", "info", "debug", "exception", "http", "das", "die", "ein", "eine",
    "mein", "meine", "kannst", "konto", "kunde", "bitte", "les", "une", "ma", "notre",
    "cuenta", "iva", "vat", "sale", "tax", "spring", "winter", "autumn",
})  # fmt: skip
_COMPANY = frozenset({
    "inc", "ltd", "llc", "gmbh", "ag", "corp", "corporation", "plc", "limited", "co", "sarl", "srl",
    "kg", "oy", "ab", "bv", "nv", "spa", "group", "holdings", "partners", "solutions", "systems",
    "technologies", "industries", "consulting", "bank", "university", "hospital",
})  # fmt: skip
"""Behind what looks like a name, these make it a company's."""
_PLACES = frozenset({
    "berlin", "paris", "london", "vienna", "wien", "rome", "roma", "milan", "madrid", "lisbon",
    "dublin", "oslo", "zurich", "geneva", "brussels", "amsterdam", "prague", "warsaw", "athens",
    "moscow", "kyiv", "cairo", "delhi", "tokyo", "sydney", "boston", "houston", "austin",
    "dallas", "denver", "chicago", "orlando", "hamburg", "munich", "cologne", "frankfurt",
    "stuttgart", "lyon", "nice", "toulouse", "israel", "china", "india", "kenya", "england",
    "france", "germany", "italy", "spain", "portugal", "poland", "sweden", "norway", "denmark",
    "finland", "ireland", "scotland", "america", "europe", "africa", "asia", "canada", "mexico",
    "brazil", "chile", "peru", "cuba", "jordan", "georgia", "virginia", "carolina", "dakota",
    "montana", "florida", "texas", "washington", "lincoln", "jersey", "cambridge", "oxford",
    "costa", "montenegro", "salvador", "irish", "marino", "rica", "austria", "belgium", "albania",
    "algeria", "angola", "argentina", "armenia", "australia", "bahamas", "bangladesh", "belarus",
    "bolivia", "bosnia", "bulgaria", "cambodia", "cameroon", "colombia", "croatia", "cyprus",
    "ecuador", "egypt", "estonia", "ethiopia", "ghana", "greece", "guatemala", "haiti", "honduras",
    "hungary", "iceland", "indonesia", "iran", "iraq", "jamaica", "japan", "korea", "kosovo",
    "latvia", "lebanon", "libya", "lithuania", "luxembourg", "macedonia", "malaysia", "malta",
    "moldova", "monaco", "mongolia", "morocco", "nepal", "netherlands", "nicaragua", "nigeria",
    "pakistan", "panama", "paraguay", "philippines", "qatar", "romania", "russia", "rwanda",
    "serbia", "singapore", "slovakia", "slovenia", "somalia", "sudan", "switzerland", "syria",
    "taiwan", "tanzania", "thailand", "tunisia", "turkey", "uganda", "ukraine", "uruguay",
    "venezuela", "vietnam", "wales", "yemen", "zambia", "zimbabwe", "navarra", "granada",
    "york", "lancaster", "bristol", "manchester", "jenkins", "docker", "linux", "kafka", "apache",
    "oracle", "nokia", "intel", "cisco", "kent", "devon", "essex", "dover",
})  # fmt: skip
_PIECE = re.compile(r"[^\W\d_](?:[^\W\d_]|['`\-])*\.?")
_SMALL = frozenset({
    "van", "der", "den", "de", "von", "la", "los", "del", "della", "da", "dos", "di", "du", "le",
    "bin", "ibn", "al", "el", "y", "ter", "ten", "af", "zu",
})  # fmt: skip
_MOST_WORDS = 5


_CAPITALISED = re.compile(rb"[A-Z][A-Za-z]*(?:['`\-][A-Z][A-Za-z]*)*")
_INITIAL = re.compile(rb" [A-Z]\.? ")


@cache
def _listed() -> frozenset[bytes]:
    """Return all names that may be somebody's, as they stand in ASCII text, lower case."""
    return frozenset(name.encode() for name in all_names() - _NOT_NAMES if name.isascii())


def _may_name_somebody(view: bytes) -> bool:
    """Return False for text in which no capitalised word is a name, and no initial stands."""
    if not view.isascii():
        return True
    words = {word.lower() for word in _CAPITALISED.findall(view)}
    return not words.isdisjoint(_listed()) or _INITIAL.search(view) is not None


def _pieces(text: str) -> list[tuple[int, int, str]]:
    return [(one.start(), one.end(), one[0].rstrip(".").lower()) for one in _PIECE.finditer(text)]


def _full_name(text: str) -> tuple[int, int] | None:
    """Return the part of some capitalised words that is the name of a person.

    Words that are no names may stand before one: `Employee Ada Lovelace`.
    """
    pieces = _pieces(text)
    words = [word for _, _, word in pieces]
    known = next((at for at, word in enumerate(words) if _may_be_name(word)), 0)
    sure = next((at for at, word in enumerate(words) if is_given_name(word)), -1)
    skipped = sure if known == sure and len(words) > sure + 1 else 0
    for index, (start, _, word) in enumerate(pieces):
        if index < skipped or word in _NOT_NAMES or word in _SMALL or len(word) == 1:
            continue
        last = index
        for behind in range(index + 1, min(len(pieces), index + _MOST_WORDS)):
            if pieces[behind][2] in _COMPANY:
                return None
            if pieces[behind][2] in _NOT_NAMES:
                break
            last = behind
        while last > index and (pieces[last][2] in _SMALL or len(pieces[last][2]) == 1):
            last -= 1
        rest = [piece[2] for piece in pieces[index + 1 : last + 1]]
        if rest and _is_named(word, rest):
            return start, pieces[last][1]
    return None


def _may_be_name(word: str) -> bool:
    return word not in _NOT_NAMES | _SMALL and (may_be_given_name(word) or may_be_surname(word))


def _is_named(first: str, rest: list[str]) -> bool:
    """Return True if a first word and those behind it are a person's name."""
    if any(len(one) == 1 for one in rest[:-1]):
        return True  # an initial in the middle
    if is_given_name(first):
        return True
    return any(is_surname(one) for one in rest) or (
        may_be_given_name(first) and any(may_be_surname(one) for one in rest)
    )


def _single_name(text: str) -> tuple[int, int] | None:
    """Return a single word that is a given name and hardly anything else."""
    pieces = _pieces(text)
    if len(pieces) != 1:
        return None
    word = pieces[0][2]
    if word not in _NOT_NAMES and word not in _PLACES and (is_given_name(word) or is_surname(word)):
        return pieces[0][0], pieces[0][1]
    return None


def _introduced(text: str) -> tuple[int, int] | None:
    """Return a name that words before it introduce: no list needs to know it."""
    pieces = _pieces(text)
    last = -1
    for index, (start, end, word) in enumerate(pieces[:_MOST_WORDS]):
        is_code = any(one.isupper() for one in text[start + 2 : end]) and "'" not in word
        if word in _NOT_NAMES or (is_code and not word.startswith("mc")):
            break
        last = index
    if last < 0 or len(pieces[0][2]) == 1:
        return None
    return pieces[0][0], pieces[last][1]


FULL_NAME = Detector(
    family="prose",
    name="full_name",
    entity="PERSON",
    pattern=(
        rf"(?:^|[^A-Za-z0-9\x80-\xff_/.@\-])(?P<found>{_WORD}[ ](?:(?:{_JOINT} )?(?:{_WORD}"
        rf"|{_UPPER}\.?)[ ]?){{1,6}})(?:$|[^A-Za-z*])"
    ),
    part=_full_name,
    likely=_may_name_somebody,
    score=0.75,
    source="US census 1990, frequent names; lists of common names by country",
    examples=("yesterday Ada Lovelace wrote", "for Donald van der Voet"),
    counterexamples=("The United States", "Mozilla Firefox and Google Chrome", "New York Times"),
)
SINGLE_NAME = Detector(
    family="prose",
    name="single_name",
    entity="PERSON",
    # inside a sentence: a small word before or behind it
    pattern=(rf"(?:[a-z,;] |[a-z]'s )(?P<found>{_WORD})(?:$|[ .,;!?]|'s)"),
    part=_single_name,
    likely=_may_name_somebody,
    score=0.6,
    source="US census 1990, frequent given names; lists of common given names by country",
    examples=("but Tamara just has to go", "call Ahmed."),
    counterexamples=("in Berlin.", "the Monday meeting", "a Java program"),
)
FIRST_WORD = Detector(
    family="prose",
    name="first_word",
    entity="PERSON",
    pattern=rf"(?:^|[.!?;] |\n|, )(?P<found>{_WORD})(?:(?:'s)? [a-z]|[:,] )",
    quick=rf"(?:^|[\"\n]|[.!?;] |, |  ){_WORD}(?:(?:'s)? [a-z]|[:,] )",
    part=_single_name,
    likely=_may_name_somebody,
    score=0.6,
    source="US census 1990, frequent given names; lists of common given names by country",
    examples=("Tamara just has to go", "It rained. Ahmed went home"),
    counterexamples=("Berlin is large", "Monday was fine", "Java runs"),
)
INTRODUCED_NAME = Detector(
    family="prose",
    name="introduced_name",
    entity="PERSON",
    pattern=(
        rf"(?:(?:^|[^A-Za-z]){_TITLE}\.? |(?i:\b(?:(?:my |full |last |first |sur|real )?name(?: "
        rf"is|'s|:)"
        r"|i am called|this is|i'm|ich heiße|ich bin|mein name ist|je m'appelle|me llamo|mi chiamo"
        r"|meu nome é|ik heet|sincerely|regards|cheers|thanks|dear|hi|hello|hallo|attn|patient"
        rf"|kunde|cardholder|beneficiary|recipient)[:,]? {{1,2}}))(?P<found>{_NAMES})(?:$"
        rf"|[^A-Za-z*])"
    ),
    part=_introduced,
    score=0.65,
    source="forms of address and of introduction in English, German, French, Spanish, Italian",
    examples=("Dr. Szöllösy will see you", "my name is Krisztina Vass", "Herr Achterberg"),
    counterexamples=("my name is unknown", "Dear Sir", "doctor who", "name: WindowsUpdateAgent"),
)
PERSONS = (FULL_NAME, SINGLE_NAME, FIRST_WORD, INTRODUCED_NAME)

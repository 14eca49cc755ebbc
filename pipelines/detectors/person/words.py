"""Words that are no names of people, or not only: those of companies, places and between names."""

from __future__ import annotations

NOT_NAMES = frozenset({
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
COMPANY = frozenset({
    "inc", "ltd", "llc", "gmbh", "ag", "corp", "corporation", "plc", "limited", "co", "sarl", "srl",
    "kg", "oy", "ab", "bv", "nv", "spa", "group", "holdings", "partners", "solutions", "systems",
    "technologies", "industries", "consulting", "bank", "university", "hospital",
})  # fmt: skip
"""Behind what looks like a name, these make it a company's."""
PLACES = frozenset({
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
SMALL = frozenset({
    "van", "der", "den", "de", "von", "la", "los", "del", "della", "da", "dos", "di", "du", "le",
    "bin", "ibn", "al", "el", "y", "ter", "ten", "af", "zu",
})  # fmt: skip
"""Between the words of a name."""

"""Fields that say where somebody lives or was born: addresses, postcodes, towns."""

from __future__ import annotations

import re

from pipelines.detector import NamedField

_PEOPLE = (
    "customer", "client", "user", "person", "people", "patient", "contact", "employee", "member",
    "owner", "holder", "cardholder", "subscriber", "guest", "passenger", "recipient", "sender",
    "buyer", "seller", "payer", "payee", "beneficiary", "applicant", "candidate", "student",
    "tenant", "visitor", "participant", "shopper", "borrower", "insured", "kunde", "nutzer",
    "mitarbeiter", "cliente", "usuario", "persona", "empleado", "employe", "utente", "paziente",
    "klant", "klient", "empfaenger", "profile", "identity", "resident", "traveler", "traveller",
    "consignee", "destinataire", "titular", "titulaire", "osoba", "lead",
)  # fmt: skip
_HOMES = (
    "address", "shipping", "billing", "delivery", "home", "residence", "mailing", "postal",
    "location",
    "addresses", "adresse", "anschrift", "direccion", "indirizzo", "endereco", "adres", "birth",
    "domicile", "ship", "bill", "deliver", "residential", "permanent",
    "wohnort", "lieferadresse", "rechnungsadresse", *_PEOPLE,
)  # fmt: skip
_ZIP = re.compile(
    r"(?i)[A-Z]{0,2}[- ]?\d{3,6}(?:[- ]?\d{2,4})?"
    r"|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}"
)
_NO_ADDRESS = re.compile(
    r"(?i)0x[0-9a-f]+|\w+://.*|[\d.:a-f]+|[^ ]+@[^ ]+|[^ ]+\.[a-z]{2,}(?::\d+)?|[0-9a-f\-]{16,}"
)
_LEAST_ADDRESS = 4
_CITY = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'\u2019`\-()/&])*")
_MOST_CITY = 80


def _is_address(value: str) -> bool:
    words = value.split()
    told = any(one.isdigit() for one in value) or len(words) > 1 or len(value) >= 6  # noqa: PLR2004
    return (
        len(value) >= _LEAST_ADDRESS
        and any(one.isalpha() for one in value)
        and told
        and _NO_ADDRESS.fullmatch(value) is None
    )


def _is_zip(value: str) -> bool:
    return len(value) <= 11 and _ZIP.fullmatch(value) is not None  # noqa: PLR2004 - ZIP+4 with a country


def _is_city(value: str) -> bool:
    """Accept words of letters, commas and dashes between them."""
    return 1 < len(value) <= _MOST_CITY and _CITY.fullmatch(value) is not None


ADDRESS_FIELD = NamedField(
    entity="ADDRESS",
    names=(
        "address", "addr", "street", "street address", "street name", "address line",
        "addressline", "address 1", "home address", "postal address", "mailing address",
        "shipping address", "billing address", "delivery address", "residence",
        "residential address", "ship to", "bill to", "adresse", "anschrift", "strasse", "straße",
        "strassenname", "wohnadresse", "postanschrift", "lieferadresse", "lieferanschrift",
        "rechnungsadresse", "wohnanschrift", "rue", "adresse postale", "voie", "domicile",
        "adresse de livraison", "adresse de facturation", "direccion", "calle", "domicilio",
        "direccion postal", "indirizzo", "residenza", "endereco", "logradouro", "rua", "morada",
        "adres", "straat", "straatnaam", "woonadres", "ulica", "gatuadress", "gade", "katuosoite",
        "osoite", "residential addr", "home addr", "street line", "streetline", "address street",
        "address full", "full address", "permanent address", "current address", "billing street",
        "shipping street", "property address", "service address", "registered address",
        "addr line", "gatu adr", "gatuadr", "hemadress", "bostadsadress", "hjemmeadresse",
        "gateadresse", "bydliste", "adresa", "ulice", "trvale bydliste", "lakcim",
        "adres zamieszkania", "ulica i numer", "huisadres", "bezoekadres", "straat huisnummer",
        "strasse hausnr", "strasse hausnummer", "strassehausnr", "str nr", "hausanschrift",
        "meldeadresse", "via residenza", "indirizzo residenza", "domicilio calle", "calle numero",
        "calle y numero", "direccion domicilio", "direccion residencia", "adresse ligne",
        "adresse complete", "adresse domicile", "rue numero", "endereco residencial",
        "endereco completo", "rua numero", "alamat", "alamat rumah", "dia chi", "cadde",
        "ev adresi", "ikametgah", "diefthynsi", "адреса", "место жительства", "διεύθυνση",
        "العنوان", "כתובת", "ที่อยู่", "पता", "番地", "dirección", "endereço", "адрес", "улица",
        "地址", "住所", "주소",
    ),
    accept=_is_address,
)  # fmt: skip
LINE_FIELD = NamedField(
    entity="ADDRESS",
    names=("line 1", "line 2", "suite", "apartment", "apt", "house number"),
    accept=_is_address,
    below=_HOMES,
    score=0.8,
)
ZIP_FIELD = NamedField(
    entity="ZIP_CODE",
    names=(
        "zip", "postcd", "post cd", "zip postal", "codepostal", "zip code", "zipcode",
        "postal code", "postalcode", "postcode", "post code", "plz",
        "postleitzahl", "code postal", "codigo postal", "cod postal", "codice postale", "cap",
        "cep", "kod pocztowy", "postnummer", "postnr", "postinumero", "psc", "pin code",
        "pincode", "postal", "cp", "postal cd", "zip5", "zip4", "zip plus4", "ort plz", "plz ort",
        "cap residenza", "cod postale", "cep residencial", "postcode nr", "kodpocztowy",
        "iranyitoszam", "posta kodu", "postakodu", "smerovaci cislo", "cod postal residencia",
        "kode pos", "postleitzahl ort", "código postal", "индекс", "почтовый индекс", "邮编",
        "郵便番号", "우편번호",
    ),
    accept=_is_zip,
)  # fmt: skip
CITY_FIELD = NamedField(
    entity="LOCATION",
    names=(
        "city", "town", "stadt", "ort", "wohnort", "ville", "ciudad", "citta", "cidade", "stad",
        "plaats", "woonplaats", "miasto", "localidad", "municipio", "commune", "comune",
        "ship to city", "city of residence", "town of residence", "home city", "home town",
        "hometown", "ship city", "bill city", "mesto", "sehir", "kota", "varos", "kommune",
        "postort", "paikkakunta",
    ),
    accept=_is_city,
    below=_HOMES,
    score=0.7,
)  # fmt: skip
BIRTHPLACE_FIELD = NamedField(
    entity="LOCATION",
    names=(
        "place of birth", "birthplace", "birth place", "birth city", "city of birth", "pob",
        "geburtsort", "lieu de naissance", "lieu naissance", "ville de naissance",
        "lugar de nacimiento", "lugar nacimiento", "luogo di nascita", "luogo nascita",
        "comune nascita", "local de nascimento", "naturalidade", "geboorteplaats",
        "miejsce urodzenia", "misto narozeni", "fodelseort", "fodested", "dogum yeri",
    ),
    accept=_is_city,
    score=0.75,
)  # fmt: skip
PLACE_FIELDS = (ADDRESS_FIELD, LINE_FIELD, ZIP_FIELD, CITY_FIELD, BIRTHPLACE_FIELD)

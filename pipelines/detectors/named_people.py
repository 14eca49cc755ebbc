"""Fields that say who somebody is: names, user names, dates of birth, addresses."""

from __future__ import annotations

import re

from pipelines.detector import NamedField
from pipelines.name_list import may_be_given_name, may_be_surname

_PEOPLE = (
    "customer", "client", "user", "person", "people", "patient", "contact", "employee", "member",
    "owner",
    "holder", "cardholder", "subscriber", "guest", "passenger", "recipient", "sender", "buyer",
    "seller", "payer", "payee", "beneficiary", "applicant", "candidate", "student", "teacher",
    "doctor", "tenant", "visitor", "participant", "author", "manager",
    "cardholder", "shopper", "borrower", "insured", "claimant", "spouse", "kunde", "nutzer",
    "benutzer", "mitarbeiter", "patienten",
    "cliente", "usuario", "persona", "empleado", "utilisateur", "employe", "personne", "utente",
    "paziente", "klant", "gebruiker", "klient", "pracownik", "kontakt", "empfaenger", "inhaber",
    "shipping", "billing", "profile", "identity", "father", "mother", "parent", "child",
    "partner", "supervisor",
    "attendee", "traveler", "traveller", "resident", "lead", "prospect", "staff", "nurse",
    "physician",
    "emergency", "consignee", "invitee", "kontoinhaber", "destinataire", "titular", "titulaire",
)  # fmt: skip
_HOMES = (
    "address", "shipping", "billing", "delivery", "home", "residence", "mailing", "postal",
    "location",
    "addresses", "adresse", "anschrift", "direccion", "indirizzo", "endereco", "adres", "birth",
    "domicile",
    "wohnort", "lieferadresse", "rechnungsadresse", *_PEOPLE,
)  # fmt: skip
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'\u2019`\-()/&])*")
_MOST_NAME, _MOST_WORDS = 80, 7
_PARTICLES = frozenset(
    {"de", "van", "der", "den", "von", "la", "del", "da", "dos", "di", "du", "le", "bin", "al"}
)
_DATE = re.compile(
    r"\d{1,4}[-/. ]{1,2}(?:\d{1,2}|[^\W\d_]{3,10})[-/., ]{1,2}\d{2,4}(?:[T ][\d:.,+Z\-]*)?"
    r"|[^\W\d_]{3,10}\.?,? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?\.? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?\d{4}"
    r"|\d{8}|-?\d{6,13}|\d{4}年\d{1,2}月\d{1,2}日"
)
_ZIP = re.compile(
    r"(?i)[A-Z]{0,2}[- ]?\d{3,6}(?:[- ]?\d{2,4})?"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}"
)
_USER = re.compile(r"[^\s:/,;]{2,64}")
_NO_ADDRESS = re.compile(
    r"(?i)0x[0-9a-f]+|\w+://.*|[\d.:a-f]+|[^ ]+@[^ ]+|[^ ]+\.[a-z]{2,}(?::\d+)?|[0-9a-f\-]{16,}"
)
_LEAST_ADDRESS = 4


def _is_name(value: str) -> bool:
    words = value.split()
    return (
        len(value) <= _MOST_NAME
        and len(words) <= _MOST_WORDS
        and _NAME.fullmatch(value) is not None
        and not (value.isascii() and value.isupper() and "_" in value)
    )


def _is_known_name(value: str) -> bool:
    words = [word for word in re.split(r"[ ,]+", value) if len(word.rstrip(".")) > 1]
    if not 2 <= len(words) <= _MOST_WORDS or not _is_name(value):  # noqa: PLR2004 - a name of one word is no evidence
        return False
    words = [word for word in words if word.lower() not in _PARTICLES]
    named = sum(may_be_given_name(word) or may_be_surname(word) for word in words)
    return words[0][0].isupper() and named * 2 > len(words) and any(map(may_be_given_name, words))


def _is_date(value: str) -> bool:
    return _DATE.fullmatch(value) is not None


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
    return len(value) > 1 and _is_name(value)


def _is_user(value: str) -> bool:
    return _USER.fullmatch(value) is not None and any(one.isalpha() for one in value)


PERSON_FIELD = NamedField(
    entity="PERSON",
    names=(
        "first name", "firstname", "fname", "given name", "given names", "forename",
        "christian name",
        "last name", "lastname", "lname", "surname", "family name", "middle name", "maiden name",
        "full name", "fullname", "real name", "legal name", "birth name", "name on card",
        "customer name", "client name", "patient name", "contact name", "cardholder",
        "cardholder name", "card holder", "account holder", "account holder name", "employee name",
        "recipient name", "sender name", "receiver name", "beneficiary name", "beneficiary",
        "payee", "payee name", "next of kin", "emergency contact name", "contact person",
        "passenger name", "guest name", "doctor name", "physician", "attending physician",
        "owner name", "member name", "person name",
        "buyer name", "seller name", "mother maiden name", "mothers maiden name", "spouse name",
        "manager name", "addressee", "attn",
        "vorname", "nachname", "familienname", "zuname", "geburtsname", "vollstaendiger name",
        "kundenname", "ansprechpartner", "kontoinhaber", "karteninhaber", "empfaengername",
        "rufname", "maedchenname",
        "prenom", "nom de famille", "nom complet", "nom client", "nom du client", "nom usage",
        "nom de naissance", "titulaire",
        "nombre completo", "primer nombre", "segundo nombre", "apellido", "apellidos",
        "nombre cliente",
        "primer apellido", "segundo apellido", "nombre del cliente", "nombre y apellidos",
        "titular",
        "cognome", "nome completo", "nome cliente", "nome e cognome", "intestatario", "nominativo",
        "sobrenome", "primeiro nome", "ultimo nome", "apelido", "nome do cliente", "nome da mae",
        "nome mae",
        "voornaam", "achternaam", "familienaam", "tussenvoegsel", "volledige naam", "klantnaam",
        "voorletters",
        "imie", "nazwisko", "imie i nazwisko", "imię", "förnamn", "efternamn", "fornavn",
        "etternavn", "efternavn",
        "etunimi", "sukunimi", "jmeno", "prijmeni", "ad soyad", "soyad", "имя", "фамилия",
        "отчество", "фио",
        "姓名", "氏名", "名前", "이름", "성명",
    ),
    accept=_is_name,
    score=0.9,
)  # fmt: skip
NAME_FIELD = NamedField(
    entity="PERSON",
    names=("name", "nom", "nome", "nombre", "naam", "names", "namn", "navn", "nimi"),
    accept=_is_name,
    below=_PEOPLE,
)
FIRST_LAST_FIELD = NamedField(
    entity="PERSON",
    names=("first", "last", "middle", "given", "family", "display", "formatted", "full"),
    accept=_is_name,
    below=("name", "names", "nom", "nome", "nombre", "naam", "fullname"),
)
KNOWN_NAME_FIELD = NamedField(
    entity="PERSON",
    names=(
        "name", "nom", "nome", "nombre", "naam", "display name", "author", "owner", "assignee",
        "assigned to", "reporter", "sender", "recipient",
        "customer", "client", "patient", "contact", "employee", "user", "person", "kunde",
        "cliente", "caller", "member", "manager",
        "approver", "approved by", "created by", "updated by", "reviewer", "signed by",
        "requested by", "supervisor", "doctor", "driver", "passenger",
        "guest", "attendee", "participant", "requester", "submitter", "provider name",
        "referred by",
    ),
    accept=_is_known_name,
    score=0.8,
    starts=r'[A-Z\x80-\xff][^" ]*[ ,]',
)  # fmt: skip
USERNAME_FIELD = NamedField(
    entity="USERNAME",
    names=(
        "username", "user name", "login", "login name", "login id", "user login", "user handle",
        "handle", "nickname", "nick name", "nick",
        "screen name", "account name", "benutzername", "nutzername", "anmeldename",
        "nom utilisateur", "nom d utilisateur",
        "identifiant", "pseudo", "nombre de usuario", "nombre usuario", "usuario", "nome utente",
        "nome de usuario", "nome usuario",
        "utente", "gebruikersnaam", "inlognaam", "nazwa uzytkownika", "logon",
        "sam account name", "samaccountname", "upn",
        "twitter", "instagram", "telegram", "skype", "github", "discord", "slack handle",
        "uname", "usr", "user principal name", "имя пользователя", "用户名", "ユーザー名",
    ),
    accept=_is_user,
    score=0.8,
)  # fmt: skip
BIRTH_FIELD = NamedField(
    entity="DATE_OF_BIRTH",
    names=(
        "dob", "date of birth", "birth date", "birthdate", "birthday", "bday", "born", "born on",
        "birth dt", "dateofbirth", "birth",
        "geburtsdatum", "geburtstag", "geboren", "geboren am", "geb datum", "gebdat", "geb dat",
        "date de naissance", "date naissance", "naissance",
        "ne le", "fecha de nacimiento", "fecha nacimiento", "nacimiento", "fec nac",
        "data di nascita", "data nascita", "nascita", "nato il",
        "data de nascimento", "data nascimento", "nascimento", "dt nasc", "nasc",
        "geboortedatum", "geboorte", "data urodzenia",
        "urodzenia", "födelsedatum", "fodselsdato", "syntymaaika", "dogum tarihi",
        "datum narozeni", "дата рождения", "出生日期", "生年月日", "생년월일",
    ),
    accept=_is_date,
    starts=r"[0-9A-Za-z\x80-\xff\-]",
    score=0.95,
)  # fmt: skip
ADDRESS_FIELD = NamedField(
    entity="ADDRESS",
    names=(
        "address", "addr", "street", "street address", "street name", "address line",
        "addressline", "address 1", "home address", "postal address",
        "mailing address", "shipping address", "billing address", "delivery address",
        "residence", "residential address", "ship to", "bill to",
        "adresse", "anschrift", "strasse", "straße", "strassenname", "wohnadresse",
        "postanschrift", "lieferadresse", "lieferanschrift",
        "rechnungsadresse", "wohnanschrift", "rue", "adresse postale", "voie", "domicile",
        "adresse de livraison", "adresse de facturation", "direccion", "calle", "domicilio",
        "direccion postal", "indirizzo", "residenza", "endereco", "logradouro", "rua", "morada",
        "adres", "straat", "straatnaam",
        "woonadres", "ulica", "gatuadress", "gade", "katuosoite", "osoite", "dirección",
        "endereço", "адрес", "улица", "地址", "住所", "주소",
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
        "zip", "zip code", "zipcode", "postal code", "postalcode", "postcode", "post code",
        "plz", "postleitzahl", "code postal",
        "codigo postal", "cod postal", "codice postale", "cap", "cep", "kod pocztowy",
        "postnummer", "postnr", "postinumero", "psc", "pin code", "pincode", "postal",
        "código postal", "индекс", "почтовый индекс", "邮编", "郵便番号", "우편번호",
    ),
    accept=_is_zip,
)  # fmt: skip
CITY_FIELD = NamedField(
    entity="LOCATION",
    names=(
        "city", "town", "stadt", "ort", "wohnort", "ville", "ciudad", "citta", "cidade", "stad",
        "plaats", "woonplaats", "miasto", "localidad", "municipio", "commune", "comune",
        "place of birth", "birthplace", "birth place",
    ),
    accept=_is_city,
    below=_HOMES,
    score=0.7,
)  # fmt: skip
PEOPLE_FIELDS = (
    PERSON_FIELD, NAME_FIELD, FIRST_LAST_FIELD, USERNAME_FIELD, KNOWN_NAME_FIELD, BIRTH_FIELD,
    ADDRESS_FIELD, LINE_FIELD, ZIP_FIELD, CITY_FIELD,
)  # fmt: skip

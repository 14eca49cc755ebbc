"""Fields that say who somebody is: names and user names."""

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
    "shipping", "billing", "ship", "bill", "voter", "agent", "caller",
    "insurer", "dependent", "signer",
    "reporter", "requester", "approver", "payor", "debtor", "creditor", "donor", "volunteer",
    "patientin", "kundin", "paciente", "titolare", "assicurato", "locataire",
    "salarie", "pasajero", "pasagero", "cursist", "medewerker", "osoba", "zakaznik", "musteri",
    "profile", "identity", "father", "mother", "parent", "child",
    "partner", "supervisor",
    "attendee", "traveler", "traveller", "resident", "lead", "prospect", "staff", "nurse",
    "physician",
    "emergency", "consignee", "invitee", "kontoinhaber", "destinataire", "titular", "titulaire",
)  # fmt: skip
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'\u2019`\-()/&])*")
_MOST_NAME, _MOST_WORDS = 80, 7
_PARTICLES = frozenset(
    {"de", "van", "der", "den", "von", "la", "del", "da", "dos", "di", "du", "le", "bin", "al"}
)
_PLAIN_USER = re.compile(r"[a-z]{3,}(?:[._-]?[a-z]{2,}){0,3}[._]?\d{0,4}", re.IGNORECASE)
_SYSTEM = frozenset({
    "root", "admin", "administrator", "system", "guest", "nobody", "postgres", "mysql", "oracle",
    "service", "daemon", "user", "unknown", "none", "null", "anonymous", "default", "test",
    "public", "internal", "external", "true", "false", "active", "inactive", "new", "returning",
    "premium", "basic", "free", "member", "owner", "viewer", "editor", "bot", "assistant",
})  # fmt: skip
_USER = re.compile(r"[^\s:/,;]{2,64}")


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


def _is_user(value: str) -> bool:
    return _USER.fullmatch(value) is not None and any(one.isalpha() for one in value)


def _is_plain_user(value: str) -> bool:
    """Accept what people choose for a name, not a system's account and not an id."""
    return _PLAIN_USER.fullmatch(value) is not None and value.lower() not in _SYSTEM


PERSON_FIELD = NamedField(
    entity="PERSON",
    names=(
        "first name", "signed by", "signer", "approved by name", "reviewed by name",
        "created by name", "updated by name", "requested by name", "assigned to name",
        "nome proprio", "attendee", "invitee name", "consignee name", "holder full name",
        "firstname", "fname", "given name", "given names", "forename",
        "christian name", "last name", "lastname", "lname", "surname", "family name",
        "middle name", "maiden name", "full name", "fullname", "real name", "legal name",
        "birth name", "name on card", "customer name", "client name", "patient name",
        "contact name", "cardholder", "cardholder name", "card holder", "account holder",
        "account holder name", "employee name", "recipient name", "sender name", "receiver name",
        "beneficiary name", "beneficiary", "payee", "payee name", "next of kin",
        "emergency contact name", "contact person", "passenger name", "guest name", "doctor name",
        "physician", "attending physician", "owner name", "member name", "person name",
        "buyer name", "seller name", "mother maiden name", "mothers maiden name", "spouse name",
        "manager name", "addressee", "attn", "vorname", "nachname", "familienname", "zuname",
        "geburtsname", "vollstaendiger name", "kundenname", "ansprechpartner", "kontoinhaber",
        "karteninhaber", "empfaengername", "rufname", "maedchenname", "prenom", "nom de famille",
        "nom complet", "nom client", "nom du client", "nom usage", "nom de naissance",
        "titulaire", "nombre completo", "primer nombre", "segundo nombre", "apellido",
        "apellidos", "nombre cliente", "primer apellido", "segundo apellido",
        "nombre del cliente", "nombre y apellidos", "titular", "cognome", "nome completo",
        "nome cliente", "nome e cognome", "intestatario", "nominativo", "sobrenome",
        "primeiro nome", "ultimo nome", "apelido", "nome do cliente", "nome da mae", "nome mae",
        "voornaam", "achternaam", "familienaam", "tussenvoegsel", "volledige naam", "klantnaam",
        "voorletters", "imie", "nazwisko", "imie i nazwisko", "imię", "förnamn", "efternamn",
        "fornavn", "etternavn", "efternavn", "etunimi", "sukunimi", "jmeno", "prijmeni",
        "ad soyad", "soyad", "имя", "фамилия", "отчество", "фио", "given nm", "family names",
        "familynames", "forenames", "othernames", "other names", "surnm", "surnames",
        "middle initial", "preferred name", "salutation name", "signer name", "cust name",
        "borrower name", "insured name", "policy holder", "policyholder", "policyholder name",
        "subscriber name", "account owner", "owner full name", "driver name", "rider name",
        "caller name", "student name", "teacher name", "parent name", "guardian name", "guardian",
        "partner name", "child name", "dependent name", "agent name", "applicant name",
        "candidate name", "tenant name", "landlord", "visitor name", "attendee name",
        "user full name", "display full name", "billing name", "shipping name", "deliver to",
        "ship to name", "bill to name", "nominee", "nominee name", "witness", "witness name",
        "author name", "reporter name", "person full name", "vname", "nname", "vor nachname",
        "vor und nachname", "vorname nachname", "nachname vorname", "versicherungsnehmer",
        "fahrer", "mieter", "patientenname", "mitarbeitername", "prenoms", "nom prenom",
        "nom et prenom", "nom famille", "nom patient", "nom utilisateur complet", "nombres",
        "nombre apellido", "nombre apellidos", "apellido paterno", "apellido materno",
        "nombre pila", "nombre de pila", "nombre paciente", "nombre empleado", "nombre titular",
        "nome paziente", "nome dipendente", "nome titular", "nome completo cliente", "primo nome",
        "nome mae completo", "nome paciente", "nome funcionario", "nome beneficiario", "voorn",
        "achtern", "roepnaam", "meisjesnaam", "naam klant", "contactpersoon", "imiona",
        "drugie imie", "nazwisko panienskie", "imie nazwisko", "namn kund", "fullt namn",
        "fulde navn", "mellomnavn", "mellannamn", "krestni", "krestni jmeno", "jmeno prijmeni",
        "meno", "priezvisko", "ime", "prezime", "ime prezime", "prenume", "nume complet",
        "nume familie", "keresztnev", "vezeteknev", "csaladnev", "teljes nev", "soyadi", "isim",
        "ho ten", "ho va ten", "nama", "nama lengkap", "nama depan", "nama belakang", "onoma",
        "eponymo", "familiya", "imya", "otchestvo", "фамилия имя", "прізвище", "імя",
        "по батькові", "όνομα", "επώνυμο", "الاسم", "اسم", "שם", "שם משפחה", "ชื่อ", "नाम",
        "名字", "姓", "氏", "お名前", "フリガナ", "성함", "이름", "姓名", "氏名", "名前", "성명",
    ),
    accept=_is_name,
    score=0.9,
)  # fmt: skip
NAME_FIELD = NamedField(
    entity="PERSON",
    names=("name", "given", "nom", "nome", "nombre", "naam", "names", "namn", "navn", "nimi"),
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
        "assigned to", "reporter", "sender", "recipient", "customer", "client", "patient",
        "contact", "employee", "user", "person", "kunde", "cliente", "caller", "member",
        "manager", "approver", "approved by", "created by", "updated by", "reviewer", "signed by",
        "requested by", "supervisor", "doctor", "driver", "passenger", "guest", "attendee",
        "participant", "requester", "submitter", "provider name", "referred by", "landlord",
        "guardian", "nominee", "witness", "halter", "fahrer", "mieter", "signatory",
        "policyholder", "emergency contact",
    ),
    accept=_is_known_name,
    score=0.8,
    starts=r'[A-Z\x80-\xff][^" ]*[ ,]',
)  # fmt: skip
USERNAME_FIELD = NamedField(
    entity="USERNAME",
    names=(
        "username", "user name", "login", "login name", "login id", "user login", "user handle",
        "handle", "nickname", "nick name", "nick", "screen name", "account name", "benutzername",
        "nutzername", "anmeldename", "nom utilisateur", "nom d utilisateur", "identifiant",
        "pseudo", "nombre de usuario", "nombre usuario", "usuario", "nome utente",
        "nome de usuario", "nome usuario", "utente", "gebruikersnaam", "inlognaam",
        "nazwa uzytkownika", "logon", "sam account name", "samaccountname", "upn", "twitter",
        "instagram", "telegram", "skype", "github", "discord", "slack handle", "uname", "usr",
        "user nm", "username login", "login user", "db user", "dbuser", "dbusername",
        "db username", "account login", "user alias", "screenname", "anvandarnamn", "brukernavn",
        "brugernavn", "kayttajatunnus", "uzivatelske jmeno", "nutzerkennung", "benutzerkennung",
        "kullanici adi", "felhasznalonev", "nombre de cuenta", "usuario nombre", "nome login",
        "nazwa konta", "login uzytkownika", "логин", "ユーザ名", "아이디", "user principal name",
        "имя пользователя", "用户名", "ユーザー名",
    ),
    accept=_is_user,
    score=0.8,
)  # fmt: skip
PLAIN_USER_FIELD = NamedField(
    entity="USERNAME",
    names=("user", "actor", "remote user", "current user", "os user", "logged in as"),
    accept=_is_plain_user,
    score=0.7,
    starts=r"[A-Za-z]",
)
PEOPLE_FIELDS = (
    PERSON_FIELD, NAME_FIELD, FIRST_LAST_FIELD, USERNAME_FIELD, KNOWN_NAME_FIELD, PLAIN_USER_FIELD,
)  # fmt: skip

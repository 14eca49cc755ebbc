"""Short words: how the words of field names are shortened and spelled, so that one stands for all.

Only inside of names of several words: `first nm` is a name, `nm` alone is nothing.
"""

from __future__ import annotations

_SAME = """
number no nr num nbr nmbr nummer numero nro numer cislo nomor numb
name nm nme namn navn
code cd kod codigo codice cod
date dt dte data datum fecha fec dat
address addr adr adrs addrs adres adresse
phone ph phn fone telephone tel telefon telefono telefone telefoon phoneno
customer cust
user usr
account acct acc acnt
password passwd pwd passwrd pswd pword
token tok tkn
mobile mob mbl mobil mobiel cell cel
birth brth bth
naissance naiss
nascita nascimento nasc nascto
nacimiento nac nacim
first frst fst
last lst
security sec secu
social soc
license licence lic
passport ppt pspt passpt
routing rtg rtng
insurance ins insur
member mbr memb
patient pt pat
medical med
emergency emerg emer
contact cntct kontakt
holder hldr
employee emp empl
secret scrt
fiscale fisc
street str strasse
residence residencia residenza
postal pst post
beneficiary benef bene
recipient rcpt recip
identity ident identidad identite
"""
_CANONICAL = {word: line.split(" ", 1)[0] for line in _SAME.split("\n") for word in line.split(" ")}
_SPELLINGS = {line.split(" ", 1)[0]: tuple(line.split(" ")) for line in _SAME.split("\n") if line}


def canonical(word: str) -> str:
    """Return the word that stands for a word's spellings: `number` for `nbr`; else the word."""
    return _CANONICAL.get(word, word)


def spellings(word: str) -> tuple[str, ...]:
    """Return all ways in which a word of a name is written, itself among them."""
    return _SPELLINGS.get(canonical(word), (word,))

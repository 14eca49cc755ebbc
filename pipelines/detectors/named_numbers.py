"""Fields that say whose number stands in them: phones, accounts, documents, national numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from pipelines.detector import NamedField

_PHONE = re.compile(
    r"(?:tel:)?[+(]?\+?\d[\d ()./\-]{4,24}(?:\s?(?:x|ext\.?|#|,)\s?\d{1,6})?", re.IGNORECASE
)
_LEAST_PHONE, _MOST_PHONE = 6, 20
_DIGITS, _ALSO_LETTERS = r"[0-9(\x80-\xff]", r"[0-9A-Za-z\x80-\xff#(]"
_SEPARATED = re.compile(r"[ .\-/]")


def _is_phone(value: str) -> bool:
    digits = sum(one.isdigit() for one in value)
    return _LEAST_PHONE <= digits <= _MOST_PHONE and _PHONE.fullmatch(value) is not None


def _fits(value: str, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(_SEPARATED.sub("", value)) is not None


def _number(pattern: str) -> Callable[[str], bool]:
    """Return a check of the form without its spaces, dots, dashes and slashes; any case."""
    return partial(_fits, pattern=re.compile(pattern, re.IGNORECASE))


PHONE_FIELD = NamedField(
    entity="PHONE_NUMBER",
    names=(
        "phone", "contact phone", "home phone", "work phone", "emergency phone", "customer phone",
        "alt phone", "alternate phone", "primary phone", "secondary phone", "alt contact",
        "callback", "call back number", "recipient phone", "sender phone", "phone home",
        "from number", "to number", "telefonni cislo", "telefon cislo", "telefoni", "telefonszam",
        "mobilszam", "puhelinnro", "hem tel", "tel prive", "tel privat", "tel contato",
        "tel contacto", "num telephone", "no tel", "nro telefono", "nr telefono", "cep telefonu",
        "cep tel", "ceptel", "telpon", "nomor telepon", "nomor hp", "no hp", "dien thoai",
        "so dien thoai", "telefono fijo", "telefono movil", "gsm nummer", "telefone celular",
        "tilefono", "kinito", "моб телефон", "τηλέφωνο", "κινητό", "هاتف", "جوال", "טלפון",
        "โทรศัพท์", "फ़ोन", "연락처", "휴대폰", "電話", "联系电话", "phone number", "phonenumber",
        "telephone", "telephone number", "tel", "tel no", "telno", "telephone no", "mobile",
        "mobile number", "mobile phone", "cell", "cell phone", "cellphone", "fax", "fax number",
        "msisdn", "whatsapp", "contact number", "contact no", "phone no", "sms number", "sms to",
        "callback number", "caller id", "caller number", "calling number", "called number",
        "telefon", "telefonnummer", "telefonnr", "tel nr", "handy", "handynummer", "handynr",
        "mobil", "mobilnummer", "mobiltelefon", "rufnummer", "faxnummer", "festnetz", "telefono",
        "numero de telefono", "numero telefono", "numero di telefono", "movil", "celular",
        "cellulare", "numero de telephone", "numero telephone", "portable", "telefone",
        "telemovel", "numero de telefone", "telefoonnummer", "telefoon", "mobiel", "telnummer",
        "gsm", "numer telefonu", "puhelin", "puhelinnumero", "mobilnr", "komorka", "téléphone",
        "teléfono", "móvil", "телефон", "номер телефона", "电话", "手机", "手机号", "電話番号",
        "携帯", "전화번호",
    ),
    accept=_is_phone,
    score=0.9,
    starts=r"[+(0-9\x80-\xfft]",
)  # fmt: skip
_TABLE: tuple[tuple[str, str, str], ...] = (
    # entity, form, names apart by commas
    (
        "US_SSN", r"\d{7,9}",
        (
            "ssn,social security,social security number,social security no,socialsecuritynumber,"
            "ss number,ss no,ssn number,social"
        ),
    ),
    ("US_ITIN", r"9\d{8}", "itin"),
    (
        "CREDIT_CARD", r"\d{12,19}",
        (
            "card number,card no,cardnumber,card num,credit card,creditcard,credit card number,"
            "creditcardnumber,cc number,cc num,ccnum,ccn,pan,primary account number,debit card,"
            "debit card number,payment card,card,kartennummer,kreditkarte,kreditkartennummer,"
            "numero de carte,carte bancaire,carte,numero carte,numero de tarjeta,tarjeta,"
            "tarjeta de credito,numero carta,carta di credito,cartao,numero do cartao,"
            "cartao de credito,kaartnummer,creditcardnummer,numer karty,номер карты,银行卡号"
        ),
    ),
    ("IBAN_CODE", r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", "iban,iban number,iban code,iban no"),
    (
        "BANK_ACCOUNT", r"[A-Z]{0,4}\d{5,24}",
        (
            "account number,account no,account num,accountnumber,acct number,acct no,acct num,"
            "acctno,acct,bank account,bank account number,bank account no,checking account,"
            "acct nbr,account nbr,account holder number,iban account,beneficiary account,"
            "benef acct,debit account,credit account,payout account,deposit account number,"
            "num compte,numero compte,numero cuenta,num cuenta,nro cuenta,lon konto,lonekonto,"
            "konto,kontonummer bank,"
            "cislo uctu,szamlaszam,hesap no,nomor rekening,no rekening,so tai khoan,счет,"
            "номер счета,口座番号,银行账号,계좌번호,"
            "savings account,deposit account,kontonummer,konto nr,kontonr,bankkonto,"
            "bankverbindung,numero de compte,compte bancaire,numero de cuenta,cuenta bancaria,"
            "numero conto,conto corrente,conta bancaria,numero da conta,conta corrente,"
            "rekeningnummer,bankrekening,numer konta,clabe,account iban"
        ),
    ),
    (
        "ABA_ROUTING_NUMBER", r"\d{9}",
        (
            "rtg nbr,rtg no,aba no,bank routing,"
            "routing number,routing no,routing,aba,aba number,aba routing,aba rtn,"
            "routing transit number,rtn,bank routing number"
        ),
    ),
    (
        "BIC", r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?",
        "bic,swift,swift code,swift bic,bic code,bic swift,bicswift",
    ),
    (
        "PASSPORT", r"[A-Z0-9]{6,12}",
        (
            "pass no,num passeport,numero pasaporte,ppt no,passport nbr,pasaport no,pasaport,"
            "cestovni pas,cislo pasu,utlevelszam,passnr,"
            "travel document number,travel document,"
            "passport,passport number,passport no,passport num,passportno,passportnumber,"
            "passnummer,pass nr,reisepass,reisepassnummer,reisepass nr,passeport,"
            "numero de passeport,numero passeport,pasaporte,numero de pasaporte,passaporto,"
            "numero passaporto,passaporte,paspoort,paspoortnummer,numer paszportu,paszport,"
            "номер паспорта,паспорт,护照"
        ),
    ),
    (
        "DRIVER_LICENSE", r"(?=.*\d)[A-Z0-9*]{5,20}",
        (
            "dl nbr,driver lic no,drv lic,license nbr,driving permit,driver permit,"
            "driver license,drivers license,driver licence,driving licence,driving license,"
            "drivers licence,driver license number,drivers license number,"
            "driving licence number,driverlicense,driverslicense,dl number,dl no,dln,"
            "license number,licence number,license no,fuehrerschein,fuehrerscheinnummer,"
            "fuhrerschein,führerschein,permis de conduire,permis conduire,numero de permis,"
            "num permis,licencia conducir,licencia de conducir,permiso de conducir,"
            "carnet de conducir,patente,"
            "patente di guida,carteira de motorista,cnh,carta de conducao,rijbewijs,"
            "rijbewijsnummer,prawo jazdy"
        ),
    ),
    (
        "LICENSE_PLATE", r"(?=.*\d)[A-ZÄÖÜ0-9]{3,10}",
        (
            "kfz kennz,kfzkennz,kfz,immat,plate nbr,reg no,vehicle plate,vehicle reg,"
            "registration mark,plaka,plaka no,spz,"
            "rendszam,numero plaque,num immat,numero targa,nummerplade,"
            "license plate,licence plate,plate,plate number,plate no,number plate,"
            "vehicle registration,registration plate,car plate,reg number,kennzeichen,"
            "kfz kennzeichen,nummernschild,plaque,plaque immatriculation,immatriculation,"
            "matricula,placa,targa,kenteken,numer rejestracyjny,vrn,vrm,"
            "registration number vehicle"
        ),
    ),
    (
        "VEHICLE_ID", r"[A-HJ-NPR-Z0-9]{17}",
        (
            "vin,vehicle identification number,chassis number,fahrgestellnummer,fin nummer,"
            "vehicle id number"
        ),
    ),
    (
        "MEDICAL_RECORD", r"(?=.*\d)[A-Z#:]{0,8}\d[A-Z0-9]{2,15}",
        (
            "mrn no,mrn number,pat id,patient nbr,hospital no,chart no,nhc,med rec no,"
            "mrn,medical record,medical record number,medical record no,medicalrecordnumber,"
            "patient id,patient number,patient no,patientid,chart number,health record,"
            "health record number,hospital number,patientennummer,patienten id,fallnummer,"
            "krankenaktennummer,numero de dossier medical,dossier medical,historia clinica,"
            "numero de historia,cartella clinica,prontuario,patientnummer,health id"
        ),
    ),
    (
        "HEALTH_INSURANCE", r"(?=.*\d)[A-Z0-9]{6,20}",
        (
            "insurance member id,ins member id,ins member,insurance member,insurance member number,"
            "policy number,insurance policy no,plan member id,"
            "health insurance number,health insurance id,health insurance,insurance number,"
            "insurance id,insurance policy number,member number,medicare,medicare number,"
            "medicaid,medicaid id,mbi,krankenversicherungsnummer,krankenversichertennummer,"
            "versichertennummer,kvnr,carte vitale,tarjeta sanitaria,tessera sanitaria,"
            "zorgverzekeringsnummer,health card number,health card,hicn,policy holder number,"
            "subscriber number,cns,sus"
        ),
    ),
    ("US_NPI", r"[12]\d{9}", "npi,npi number,national provider identifier,provider npi"),
    ("MEDICAL_LICENSE", r"[A-Z]{2}\d{7}", "dea,dea number,dea no"),
    ("UK_NHS", r"\d{10}", "nhs,nhs number,nhs no,nhsnumber"),
    (
        "UK_NINO", r"[A-Z]{2}\d{6}[A-D]?",
        "nino,national insurance,national insurance number,ni number,nationalinsurancenumber",
    ),
    (
        "TAX_ID", r"(?=.*\d)[A-Z]{0,4}\d[A-Z0-9]{4,16}",
        (
            "tax id,taxid,tax number,tax no,tin,tin number,tax identification number,"
            "taxpayer id,taxpayer number,taxpayer identification number,ein,"
            "employer identification number,vat,vat id,vat number,vat no,vatin,vatid,steuer id,"
            "steuerid,steuernummer,steueridentifikationsnummer,steuer identifikationsnummer,"
            "idnr,ust id,ustid,ust idnr,umsatzsteuer id,numero fiscal,numero fiscale,nif,siret,"
            "siren,siren number,numero tva,tva,cif,rfc,cuit,cuil,partita iva,p iva,piva,cnpj,"
            "nipc,contribuinte,btw nummer,btw,rsin,nip,regon,gst,gstin,gst number,abn,utr,inn,"
            "инн,税号"
        ),
    ),
    (
        "IT_FISCAL_CODE", r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]",
        "codice fiscale,codicefiscale,cod fiscale",
    ),
    (
        "NATIONAL_ID", r"(?=.*\d)[A-Z]{0,5}\d[A-Z0-9+]{4,18}",
        (
            "personal code,personalcode,tax identity,pan no,pan card no,num secu,"
            "numero secu,no secu,num dni,nro dni,cod numeric personal,rodnecislo,rodne c,rc cislo,"
            "adoazonosito,szemelyi szam,personal id,personalid,person number,person nr,"
            "cccd,cmnd,so cccd,no ktp,aadhaar no,aadhar number,identitetsnummer,"
            "legitimacion,numero identidad,numero de identidad,tipo documento numero,ssnr,"
            "иин,id kart no,身份证号码,"
            "national id,nationalid,national id number,national identity number,national number,"
            "identity number,identity card,identity card number,id card,id card number,"
            "id card no,id number,government id,govt id,personal id number,"
            "personal identity number,personal identification number,personal number,citizen id,"
            "citizen number,resident id,civil id,nid,nin,sin,social insurance number,"
            "personnummer,personennummer,ausweisnummer,ausweis nr,personalausweis,"
            "personalausweisnummer,sozialversicherungsnummer,sv nummer,svnr,"
            "rentenversicherungsnummer,ahv nummer,ahvnummer,numero de securite sociale,"
            "securite sociale,numero secu,insee,nir,carte identite,numero carte identite,cni,"
            "dni,nie,dni number,cedula,cedula de identidad,documento de identidad,"
            "documento identidad,numero documento,curp,rut,run,carta identita,carta d identita,"
            "numero carta identita,cpf,rg,cartao cidadao,bilhete identidade,niss,nis,pis,"
            "burgerservicenummer,bsn,sofinummer,id kaart,rijksregisternummer,pesel,numer dowodu,"
            "dowod osobisty,hetu,henkilotunnus,cpr,cpr nummer,cpr number,fodselsnummer,fnr,"
            "isikukood,asmens kodas,personas kods,rodne cislo,cnp,egn,jmbg,oib,emso,amka,"
            "aadhaar,aadhar,aadhaar number,pan number,pan card,nric,fin number,nric fin,mykad,"
            "ic number,rrn,resident registration number,my number,mynumber,hkid,tc kimlik,"
            "tc kimlik no,tckn,kimlik no,snils,снилс,emirates id,iqama,nik,ktp,teudat zehut,"
            "citizenship number,tfn,tax file number,ird,ird number,"
            "身份证,身份证号,マイナンバー,주민등록번호"
        ),
    ),
    (
        "CUSTOMER_NUMBER", r"(?=.*\d)[A-Z]{0,6}\d[A-Z0-9]{2,18}",
        (
            "kd nr,kdnr,kunden nummer,"
            "customer number,customer no,client number,kundennummer,kunden nr,kundennr,"
            "numero client,numero de client,numero de cliente,numero cliente,klantnummer,"
            "numer klienta,codice cliente"
        ),
    ),
    (
        "CRYPTO", r"[A-Z0-9:]{25,110}",
        (
            "btc addr,eth addr,wallet addr,deposit address,payout address,crypto addr,"
            "wallet,wallet address,btc address,bitcoin address,eth address,ethereum address,"
            "crypto address,crypto wallet,btc,bitcoin,xmr address"
        ),
    ),
    ("IMEI", r"\d{14,16}", "imei,imei number,device imei"),
)  # fmt: skip
NUMBER_FIELDS = (
    PHONE_FIELD,
    *(
        NamedField(
            entity=entity,
            names=tuple(names.split(",")),
            accept=_number(form),
            score=0.85,
            starts=_DIGITS if form[0] in r"\9[1" and "A-" not in form else _ALSO_LETTERS,
        )
        for entity, form, names in _TABLE
    ),
)
"""Check digits are not asked for: the name says what the number is, right or mistyped."""

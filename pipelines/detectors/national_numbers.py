"""National, tax, company and bank numbers of some seventy countries: a table, one kind a line.

The check of each is python-stdnum's; a word or a field's name must say what the number is.
"""

from __future__ import annotations

import re
from functools import cache, partial
from importlib import import_module
from typing import Protocol, cast

from pipelines.detector import Detector

_TABLE = """
ad.nrt|TAX_ID|nrt,registre tributari,andorra tax,andorran tax|U-832989-X
al.nipt|TAX_ID|nipt,nuis,albanian tax,personin e tatueshem|AL J 94800609 L
ar.cuit|TAX_ID|cuit,cuil,identificacion tributaria,argentinian tax,argentine tax|20-05806662-2
ar.dni|NATIONAL_ID|documento nacional de identidad,argentinian national,argentine national|26.401.250
ar.cbu|BANK_ACCOUNT|cbu,clave bancaria|2806597980077669079007
at.tin|TAX_ID|abgabenkontonummer,austrian tax,osterreichische steuernummer|09-176/7210
at.uid|TAX_ID|umsatzsteuer,umsatzsteuer identifikationsnummer,austrian vat,ust id|AT U73900326
at.vnr|NATIONAL_ID|vnr,svnr,vsnr,versicherungsnummer,sozialversicherungsnummer,sv nummer,austrian social security,austrian insurance|6837 119174
at.businessid|TAX_ID|firmenbuchnummer,austrian company,firmenbuch|FN 156669m
au.abn|AU_ABN|abn,australian business|41 254 171 993
au.acn|AU_ACN|acn,australian company|481 387 615
au.tfn|AU_TFN|tfn,tax file number,tax file,australian tax|528 864 742
az.voen|TAX_ID|voen,vöen,azerbaijan tax,azerbaijani tax|141 758 7591
be.bis|NATIONAL_ID|bis,bis number,belgian bis|62 47 58 994 61
be.eid|NATIONAL_ID|eid,eid number,belgian electronic identity,identity card,identiteitskaart|127-0515027-06
be.nn|NATIONAL_ID|niss,rijksregisternummer,registre national,numero national,belgian national,rrn,national register|88 09 54 033 64
be.ssn|NATIONAL_ID|insz,niss,belgian social security,ssn|77 07 32 973 24
be.vat|TAX_ID|btw,tva,ondernemingsnummer,belgian enterprise,numero entreprise,nwst,belgian vat|BE 428771276
bg.egn|NATIONAL_ID|egn,егн,единен граждански номер,bulgarian personal,bulgarian identity|8008196023
bg.pnf|NATIONAL_ID|pnf,лнч,личен номер,bulgarian number|6321 064 127
bg.vat|TAX_ID|bulgarian vat,идентификационен номер,ддс,bulgarian tax|616032710
br.cnpj|TAX_ID|cnpj,pessoa juridica,brazilian company|30.798.291/7104-67
br.cpf|NATIONAL_ID|cpf,pessoas fisicas,pessoa fisica,brazilian national,brazilian tax|970.553.637-64
by.unp|TAX_ID|unp,унп,belarus vat,belarus tax|670709120
ca.bc_phn|NATIONAL_ID|phn,bc phn,personal health number,british columbia|9498 158 963
ca.bn|TAX_ID|canadian business,business number|75601 0732
ca.sin|CA_SIN|social insurance,the sin,my sin,your sin,his sin,her sin,sin is,sin was,social insurance number,sin number,canadian sin,sin card,sin no,canadian social|153-456-322
ch.ssn|NATIONAL_ID|ahv,ahv nummer,sozialversicherungsnummer,swiss social security,avs,numero avs,navs13|7569216086763
ch.uid|TAX_ID|unternehmens identifikationsnummer,swiss business|CHE-038.035.283
ch.vat|TAX_ID|mwst,mehrwertsteuernummer,swiss vat,tva,iva|CHE-293.186.577 IVA
cl.rut|NATIONAL_ID|rut,rol unico tributario,chilean national,chilean tax|16096437-5
cn.ric|NATIONAL_ID|ric,resident identity,resident id,chinese resident,chinese id,身份证,identity card|360426315911210935
cn.uscc|TAX_ID|uscc,unified social credit,统一社会信用代码,china tax|99182121123137341L
co.nit|TAX_ID|nit,identificacion tributaria,colombian identity,colombian tax|220.123.434-1
cr.cpf|NATIONAL_ID|persona fisica,costa rica physical|1-0486-0175
cr.cpj|TAX_ID|cpj,persona juridica,costa rica tax,cedula juridica|3-107-981714
cr.cr|NATIONAL_ID|cedula de residencia,costa rica foreigners|120742232417
cu.ni|NATIONAL_ID|numero de identidad,cuban identity,carne de identidad|61081565775
cy.vat|TAX_ID|cypriot vat,cyprus vat,φπα,φ.π.α|CY-10229050P
cz.dic|TAX_ID|dic,dič,danove identifikacni,daňové identifikační,czech vat,czech tax|CZ12345679
cz.rc|NATIONAL_ID|rodne cislo,rodné číslo,czech birth,rč,birth number|812512/0795
cz.bankaccount|BANK_ACCOUNT|cislo uctu,číslo účtu,czech bank|58878-7665544020/2100
de.idnr|DE_TAX_ID|idnr,steuer,steuerid,steuer id,steuerliche identifikationsnummer,steueridentifikationsnummer,identifikationsnummer,taxpayer's identification,taxpayer identification,german personal tax,german tax,tax id,tax identification,tin|54 379 260 809
de.stnr|DE_TAX_NUMBER|steuernummer,st nr,steuer nr,german tax|181/405/9877 5
de.vat|DE_VAT_ID|ust id,ust idnr,ustid,umsatzsteuer,umsatzsteur,umsatzsteuer identifikationsnummer,german vat|DE366697876
de.handelsregisternummer|DE_HANDELSREGISTER|handelsregisternummer,handelsregister,german company register|Aachen HRA 51558
dk.cpr|NATIONAL_ID|cpr,cpr nummer,danish citizen,danish personal|261092-9159
dk.cvr|TAX_ID|cvr,momsregistreringsnummer,danish vat,se nummer|DK 26582628
do.cedula|NATIONAL_ID|cedula de identidad,dominican republic national,dominican cedula,dominicana,cedula personal|05263379603
do.rnc|TAX_ID|rnc,registro nacional del contribuyente,dominican republic tax|1-01-01604-3
dz.nif|TAX_ID|identification fiscale,algeria tax,algerian tax|528701009733157
ec.ci|NATIONAL_ID|cedula,cedula de identidad,ecuadorian personal|175437315-5
ec.ruc|TAX_ID|ruc,unico de contribuyentes,ecuadorian company|1703013316-355
ee.ik|NATIONAL_ID|isikukood,estonian personal,estonian id|35808180152
ee.kmkr|TAX_ID|kmkr,kaibemaksukohuslase,käibemaksukohuslase,estonian vat|430214149
ee.registrikood|TAX_ID|registrikood,estonian organisation,estonian company|12423013
eg.tn|TAX_ID|egypt tax,tax registration,egyptian tax,الرقم الضريبي|810-507-381
es.ccc|BANK_ACCOUNT|cuenta corriente,spanish bank|4734-1724-52 2734461842
es.cif|ES_NIF|cif,identificacion fiscal,spanish company,identificación fiscal|J99486482
es.dni|ES_NIF|dni,documento nacional,documento nacional de identidad,spanish personal,spanish id|08366662-K
es.nie|ES_NIE|nie,identificacion de extranjero,identificación de extranjero,spanish foreigner,extranjero|x-0487970w
es.nif|ES_NIF|nif,identificacion fiscal,identificación fiscal,spanish vat,spanish tax|B25817032
es.referenciacatastral|TAX_ID|referencia catastral,catastral|4A08169P03PRAT0001LR
es.cae|TAX_ID|actividad y establecimiento|ES00007V1383Q
es.cups|NATIONAL_ID|cups,punto de suministro|ES 1244-593286725302-JY
eu.at_02|BANK_ACCOUNT|sepa,creditor identifier,at 02|ES 90 ZZZ 47696558N
eu.vat|TAX_ID|vat,vat number,vat id,vatin,value added tax,european union vat,btw,tva,iva,moms,ust id|BE486445892
fi.alv|TAX_ID|alv,arvonlisaveronumero,arvonlisäveronumero,finnish vat|FI 45475747
fi.hetu|FI_PERSONAL_IDENTITY_CODE|hetu,henkilotunnus,henkilötunnus,finnish personal,sotu,personal identity code|181112-007T
fi.veronumero|TAX_ID|veronumero,finnish individual tax,finnish tax|159679203170
fi.ytunnus|TAX_ID|y tunnus,ytunnus,finnish business|9917421-0
fo.vn|TAX_ID|vinnutal,faroe,v number|193677
fr.nif|TAX_ID|nif,immatriculation fiscale,french tax,numero fiscal,numéro fiscal,spi|3028206971020
fr.nir|NATIONAL_ID|nir,french personal,securite sociale,sécurité sociale,insee,french social security,carte vitale|2 95 57 67 183 876 10
fr.siren|TAX_ID|siren,french company|464493543
fr.siret|TAX_ID|siret,french company,etablissement|49982962025336
fr.tva|TAX_ID|tva,valeur ajoutee,valeur ajoutée,french vat,intracommunautaire|22219175254
fr.accise|TAX_ID|accise,french number|FR026001N7266
gb.utr|UK_UTR|utr,unique taxpayer,taxpayer reference|1354829621
gb.vat|TAX_ID|vat,united kingdom vat,uk vat,vat registration|GB 324 9926 88
gb.upn|NATIONAL_ID|upn,unique pupil,english unique pupil|B821976028703
gh.tin|TAX_ID|tin,ghana tax,taxpayer identification|C0045642931
gn.nifp|TAX_ID|nifp,guinea tax,fiscale permanent|093962645
gr.amka|NATIONAL_ID|amka,αμκα,αριθμός μητρώου,greek social security|01058933167
gr.vat|TAX_ID|fpa,φπα,αφμ,afm,greek vat,greek tax|EL 094756233
gt.nit|TAX_ID|nit,identificacion tributaria,guatemala tax,tributaria|575352-K
hr.oib|NATIONAL_ID|oib,osobni identifikacijski,croatian identification,croatian personal|HR 13292905231
hu.anum|TAX_ID|anum,adoszam,adószám,kozossegi adoszam,közösségi,hungarian vat,hungarian tax|HU-36908552
id.nik|NATIONAL_ID|nik,induk kependudukan,indonesian identity,ktp|3198401709380941
id.npwp|TAX_ID|npwp,wajib pajak,indonesian vat,indonesian tax|91.870.543.5-592.890
ie.pps|NATIONAL_ID|pps,ppsn,pps number,personal public service,irish personal|6433435F
ie.vat|TAX_ID|irish tax,irish vat,ireland vat,vat|IE 6433435F
il.hp|TAX_ID|israeli company,מספר חברה,ח.פ,company number|556153153
il.idnr|NATIONAL_ID|mispar zehut,teudat zehut,מספר זהות,israeli identity,israeli id,identity number|5936760-7
imei|IMEI|imei,equipment identity|34608800-801111-59
imsi|IMSI|imsi,mobile subscriber|412046746368890
in_.aadhaar|IN_AADHAAR|aadhaar,aadhar,uidai,indian personal|238462307776
in_.epic|IN_VOTER|epic,voter,voter id,electoral photo,indian voter|WKH1751254
in_.gstin|IN_GSTIN|gstin,gst,goods and services tax,indian vat|27AAPFU0337F9ZV
in_.pan|IN_PAN|permanent account,permanent account number,indian income tax,pan card,pan,pan no|ACUPA5984R
in_.vid|IN_AADHAAR|vid,virtual identity,indian personal virtual|2934184633467241
is_.kennitala|NATIONAL_ID|kennitala,icelandic personal,icelandic id|450401-3150
is_.vsk|TAX_ID|vsk,virdisaukaskattsnumer,virðisaukaskattsnúmer,icelandic vat|IS 20422
it.codicefiscale|IT_FISCAL_CODE|codice fiscale,italian tax code,fiscal code,tax code|RCCMNL83S18D969H
it.iva|TAX_ID|partita iva,iva,p iva,italian vat|IT 22743020459
jp.cn|TAX_ID|法人番号,hojin bango,hōjin bangō,japanese corporate,corporate number|7-8352-6442-9206
jp.in_|NATIONAL_ID|個人番号,マイナンバー,my number,kojin bango,japanese individual,individual number|5794 7762 0297
ke.pin|TAX_ID|kra pin,kenya tax,kra,kenyan tax,personal identification number|P651664147M
kr.brn|KR_BRN|brn,business registration,사업자 등록 번호,사업자등록번호,south korea business|326-80-32796
kr.rrn|KR_RRN|rrn,resident registration,주민등록번호,korean rrn,south korean resident|930413-9252972
li.peid|TAX_ID|peid,liechtenstein tax|10049334367
lt.asmens|NATIONAL_ID|asmens kodas,lithuanian personal,lithuanian|92702441060
lt.pvm|TAX_ID|pvm,pridetines vertes,pridėtinės vertės,lithuanian vat|119511515
lu.tva|TAX_ID|tva,luxembourgian vat,luxembourg vat,valeur ajoutée|LU 750 224 43
lv.pvn|TAX_ID|pvn,pievienotas vertibas,pievienotās vērtības,latvian vat,personas kods,latvian personal|LV 4256 3322 600
ma.ice|TAX_ID|identifiant commun,morocco tax,moroccan tax|000761172509966
mc.tva|TAX_ID|tva,monacan vat,monaco vat|59 0005 05806
md.idno|TAX_ID|idno,moldavian company,moldovan company|7071405259417
me.pib|TAX_ID|pib,poreski identifikacioni,montenegro tax|02653702
mk.edb|TAX_ID|едб,даночен број,macedonia tax,macedonian tax|2080671565577
mt.vat|TAX_ID|maltese vat,malta vat|MT 1166-2812
mx.curp|NATIONAL_ID|curp,registro de poblacion,mexican personal,registro de población|BOXW380820HNERXN16
mx.rfc|TAX_ID|rfc,federal de contribuyentes,mexican tax|VACE-170430-SX6
my.nric|NATIONAL_ID|nric,mykad,malaysian national,ic number,ic no|790501-02-7234
mz.nuit|TAX_ID|nuit,mozambique tax,identificacao tributaria|663839780
nl.bsn|NATIONAL_ID|bsn,burgerservicenummer,sofinummer,burger service nummer,dutch citizen|1613.87.354
nl.btw|TAX_ID|btw,btw identificatienummer,omzetbelastingnummer,dutch vat,btw nummer|807795444B01
nl.identiteitskaartnummer|PASSPORT|identiteitskaartnummer,paspoortnummer,paspoort,dutch passport|EM9077762
nl.onderwijsnummer|NATIONAL_ID|onderwijsnummer,dutch student|1015.22.387
no.fodselsnummer|NATIONAL_ID|fodselsnummer,fødselsnummer,fnr,personnummer,norwegian birth,norwegian national,birth number,national identity|131286 08758
no.kontonr|BANK_ACCOUNT|konto nr,kontonr,kontonummer,norwegian bank|1021 81 17347
no.mva|TAX_ID|mva,merverdiavgift,norwegian vat|NO 995 683 652 MVA
no.orgnr|TAX_ID|orgnr,organisasjonsnummer,norwegian organisation,org nr|185 007 952
nz.ird|TAX_ID|ird,inland revenue,ird number|4279629-8
nz.bankaccount|BANK_ACCOUNT|new zealand bank,bank account|01-1162-3939499-01
pe.cui|NATIONAL_ID|unica de identidad,peruvian identity|40758330
pe.ruc|TAX_ID|ruc,unico de contribuyentes,peruvian company|10114003072
pk.cnic|NATIONAL_ID|cnic,nadra,pakistani computerised,national identity|34603-4501201-7
pl.nip|TAX_ID|nip,identyfikacji podatkowej,polish vat,polish tax|PL 8538249225
pl.pesel|PL_PESEL|pesel,polish national|97041400902
pl.regon|TAX_ID|regon,gospodarki narodowej,polish register|892792875
pt.cc|NATIONAL_ID|cartao de cidadao,cartão de cidadão,cartao cidadao,portuguese identity,bilhete de identidade|46005605 7 ZZ3
pt.nif|TAX_ID|nif,contribuinte,identificacao fiscal,identificação fiscal,portuguese vat,portuguese tax|PT 532 767 713
py.ruc|TAX_ID|ruc,paraguay tax,unico de contribuyentes|50200916-0
ro.cf|TAX_ID|cod de inregistrare,romanian vat,cif,cod fiscal|RO 147 622 358
ro.cnp|NATIONAL_ID|cnp,cod numeric personal,romanian numerical,romanian personal|9680315422461
ro.cui|TAX_ID|cui,cif,codul unic,romanian company|685 470 75
ro.onrc|TAX_ID|onrc,registrul comertului,registrul comerţului,romanian trade|J52/352/2022
rs.pib|TAX_ID|pib,poreski identifikacioni,serbian tax|353132653
ru.inn|TAX_ID|inn,инн,идентификационный номер,russian tax|551296960187
ru.ogrn|TAX_ID|ogrn,огрн,psrn,огрнип,ogrnip,state registration,russian primary|1026193520814
se.orgnr|SE_ORGANISATIONSNUMMER|orgnr,organisationsnummer,org nr,swedish company|6208105657
se.personnummer|SE_PERSONNUMMER|personnummer,pnr,swedish personal,samordningsnummer|010322-0026
se.vat|TAX_ID|moms,mervardesskatt,mervärdesskatt,swedish vat,momsregistreringsnummer|SE 823052306301
sg.uen|SG_UEN|uen,unique entity|27446806M
si.ddv|TAX_ID|ddv,davcna stevilka,davčna številka,slovenian vat,slovenian tax|SI 5184 7132
si.emso|NATIONAL_ID|emso,emšo,enotna maticna,enotna matična,unique master citizen,jmbg|0501306271090
si.maticna|TAX_ID|maticna stevilka,matična številka,corporate registration|1111302703
sk.dph|TAX_ID|ic dph,ič dph,pridanej hodnoty,slovak vat,slovak tax|SK 193 082 91 31
sk.rc|NATIONAL_ID|rodne cislo,rodné číslo,slovak birth,rč|219313/0995
sn.ninea|TAX_ID|ninea,senegal tax|397 9757
sv.nit|TAX_ID|nit,el salvador tax,identificacion tributaria,tributaria|0646-318100-100-9
th.moa|TAX_ID|moa,memorandum of association|0032053158221
th.pin|TH_TNIN|thai id,thailand personal,thai national,national id,personal identification,เลขประจำตัวประชาชน|2069621185510
th.tin|TAX_ID|thai tax,thailand taxpayer,taxpayer identification|1-0644-03398-33-1
tn.mf|TAX_ID|matricule fiscal,tunisia tax,tunisian tax|3244363/M/A/E/510
tr.tckimlik|TR_NATIONAL_ID|kimlik,tc kimlik,tckn,tc no,turkish personal,turkish id,kimlik no|17296417030
tr.vkn|TAX_ID|vkn,vergi kimlik,vergi no,turkish tax|4549106970
tw.ubn|TAX_ID|ubn,unified business,統一編號,taiwanese tax|02510444
ua.edrpou|TAX_ID|edrpou,єдрпоу,enterprises and organizations in ukraine|32805968
ua.rntrc|NATIONAL_ID|rntrc,рнокпп,ukraine,individual taxpayer|4952443776
us.atin|US_ITIN|atin,adoption taxpayer|183-00-2869
us.ein|US_EIN|ein,employer identification,fein,federal tax id,employer id|95-9261693
us.itin|US_ITIN|itin,individual taxpayer identification|912-70-3466
us.ptin|US_PTIN|ptin,preparer tax|P-03654672
us.tin|TAX_ID|taxpayer id,us tin,tin number|120-44-1785
uy.rut|TAX_ID|rut,registro unico tributario,uruguay tax|01-111244-001-6
ve.rif|TAX_ID|rif,identificacion fiscal,información fiscal,venezuelan vat,registro de informacion fiscal,registro de identificación fiscal|V-11356003-3
vn.mst|TAX_ID|mst,ma so thue,mã số thuế,vietnam tax|2502236588
za.idnr|ZA_ID_NUMBER|south african id,south african identity,rsa id,id number,identity number,identity document,id no|5501201049147
za.tin|TAX_ID|south african tax,income tax reference,tax reference|1921339030
"""  # noqa: E501, RUF001 - one kind of number after the other
"""Module of python-stdnum, entity, words, and a number made up that passes its check."""

_NUMBER = (
    r"(?P<found>(?:[A-Z][A-Za-z]{0,9}[ .\-/]?|[a-z]{1,2}-?){0,2}\d[\dA-Za-z]*"
    r"(?:[ ./\-+]{1,2}(?:\d[\dA-Za-z]*|[A-Za-z]{1,4}\d*[A-Z]{0,2}))*)(?:$|[^0-9A-Za-z])"
)
# a number is not cut into: no digit and separator before it
_CANDIDATE = rf"(?:^[^0-9A-Za-z]?|[^0-9][^0-9A-Za-z]){_NUMBER}"
_PRINTED = (
    ("cedula", "cédula"), ("numero", "número"), ("cion", "ción"), ("cao", "ção"),
    ("unico", "único"), ("rodne cislo", "rodné číslo"),
)  # fmt: skip
_TOKEN = re.compile(r"[0-9A-Za-z]+")
_MOST_TOKENS, _SHORTEST = 12, 6


class _Checks(Protocol):
    def is_valid(self, number: str) -> bool: ...


@cache
def _module(name: str) -> _Checks:
    return cast("_Checks", import_module(f"stdnum.{name}"))


def _first_number(tokens: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Return the tokens up to the word that stands between two numbers."""
    seen = False
    for index, (start, end) in enumerate(tokens):
        word = text[start:end]
        if seen and word.isalpha() and word.islower():
            return tokens[:index]
        seen = seen or not word.isalpha()
    return tokens


def _part(text: str, *, module: str) -> tuple[int, int] | None:
    """Return the longest run of tokens that passes the check: words may stand around it."""
    is_valid = _module(module).is_valid
    tokens = _first_number([match.span() for match in _TOKEN.finditer(text)][:_MOST_TOKENS], text)
    for start in range(min(3, len(tokens))):
        if start and any(one.isdigit() for one in text[slice(*tokens[start - 1])]):
            break  # a number is not cut into
        for end in range(len(tokens), start, -1):
            number = text[tokens[start][0] : tokens[end - 1][1]]
            if len(number) >= _SHORTEST and is_valid(number):
                return tokens[start][0], tokens[end - 1][1]
            if any(one.isdigit() for one in text[slice(*tokens[end - 1])]):
                break
    return None


def _written(word: str) -> tuple[str, str]:
    """Return a word as given, and with the marks that its letters have in print."""
    marked = word
    for plain, printed in _PRINTED:
        marked = marked.replace(plain, printed)
    return word, marked


def _detector(row: str) -> Detector:
    module, entity, words, example = row.split("|")
    context = tuple(dict.fromkeys(form for one in words.split(",") for form in _written(one)))
    return Detector(
        name=module.replace("_.", ".").replace(".", "_"),
        entity=entity,
        pattern=_CANDIDATE,
        quick=rf"(?:^|[^0-9A-Za-z]){_NUMBER}",
        part=partial(_part, module=module),
        context=context,
        source=f"python-stdnum {module}, after the rules that its documentation names",
        examples=(f"{context[0]}: {example}",),
        counterexamples=(f"value {example}",),
    )


NATIONAL_NUMBERS = tuple(_detector(row) for row in _TABLE.strip().split("\n"))

"""Readings of Italian: days with a dot, classes, doses a day, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.labels import LABELLED
from campaign.speech.languages.it.numbers import cardinal, ordinal, year
from campaign.speech.languages.it.times import LONG_MONTHS, TIMES
from campaign.speech.languages.it.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, roman_value, shared
from campaign.speech.languages.shaping import any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_MONTHS: Final = any_of(cldr.months("it"))
WAYS: Final = Ways(
    code="it",
    months=rf"(?!(?:set|mar|ago)\s(?!\d{{4}}\b))(?:{any_of({*cldr.months('it'), 'sett'})})",
    weekdays="(?i:lun|mar|mer|gio|ven|sab|dom)",
    units=UNITS,
    joints=("a", "al", "all'", "e", "e il", "e l'", "o"),
    sure=(
        "L'", "l'", "L’", "l’","dal ", "Dal ", "dall'", "Dall'", "giorni ", "giorno ", "dall’",
        "Dall’", "tra il ", "fra il "),
    likely=(
        "il ", "Il ", "al ", "l'", "L'", "l’", "L’", "all'", "all’", "dell'", "dell’", "nell'", "del ", "entro ",
        "lunedì, ", "martedì, ", "mercoledì, ", "giovedì, ", "venerdì, ", "sabato, ", "domenica, ", "Data: ", "data: ",
        "Lunedì, ", "Martedì, ", "Mercoledì, ", "Giovedì, ", "Venerdì, ", "Sabato, ", "Domenica, ", "data ", "Data ",
        "Scadenza: ", "scadenza ", "scadenza: ", "da ", "per il ", "Appuntamento: ", "oggi ", "oggi, ",
        "Oggi, ", "domani, ", "Oggi ", "domani ",
    ),
    day=("il ", "Il ", "al ", "Al ", "del ", "Del ", "sul ", "Sul ", "l'", "L'", "l’", "L’"),
    of="d[ei]|del|della|delle|dei|degli|dello",
    acts=(
        "Legge ", "legge ", "L. ", "D.Lgs. ", "D.lgs. ", "d.lgs. ", "D.P.R. ", "DPR ", "D.M. ", "D.L. ",
        "DL ", "Decreto ", "decreto ", "Regolamento ", "regolamento ", "Direttiva ", "Delibera ",
        "delibera ", "sentenza ", "Sentenza ", "legge n. ", "Legge n. ", "decreto n. ", "UE ",
        "Circolare ",
    ),
    act_link="del",
    steps=(
        "Passo ", "passo ", "Pagina ", "pagina ", "pag. ", "Rata ", "rata ", "Rata n. ", "rata n. ",
        "Fase ", "fase ", "Avviso ", "avviso ", "Tentativo ", "tentativo ", "Seduta ", "seduta ", "Dose ",
        "dose ", "Messaggio ", "Promemoria ", "Parte ",
    ),
    step_link="di",
    marks=heads(
        "voto punteggio valutazione giudizio media dolore",
        " ", ": ", " di ", " è ", " è di ", " è stato ", " è stata ",
    ),
    chapters={"cap.": "capitolo", "Cap.": "capitolo", "vol.": "volume", "tit.": "titolo",
    "Tit.": "titolo", "art.": "articolo", "lib.": "libro", "all.": "allegato", "All.": "allegato"},
    part_of="di",
    at="alle ore|alle|ore|h|dalle",
    spans={
        "h": "ore", "ore": "ore", "gg": "giorni", "giorni": "giorni", "min": "minuti", "minuti": "minuti",
        "settimane": "settimane", "mesi": "mesi", "anni": "anni", "gocce": "gocce", "volte": "volte",
        "persone": "persone",
    },
    or_range="o",
    every="ogni",
    lasting=re.compile(
        r"(?:\bdur\w*|attesa|viaggio|tragitto|tempo|circa|quasi|\bper|dopo|durante|ogni|ritardo|seduta|lezione|esame)"
        r"(?:\s(?:di|è|circa|media|prevista|massima|minima|massimo))*\W+$", re.I,
    ),
    ranked=(
        "secolo", "trimestre", "semestre", "quadrimestre", "bimestre", "piano", "edizione", "anniversario", "congresso",
        "giornata", "premio", "grado", "livello", "fascia", "settimana", "elementare", "media", "superiore", "liceo",
        "sezione", "rata", "anno", "[Gg]uerra", "[Ss]ecolo", "[Ee]dizione", "[Cc]ongresso", "[Cc]oncorso",
        "[Ff]estival",
        "[Mm]unicipio", "[Cc]ircoscrizione", "[Rr]epubblica", "[Cc]onvegno", "[Mm]ostra", "[Ff]iera", "[Rr]assegna",
    ),
    counted=tuple(f"(?i:{name})" for name in sorted(cldr.months("it")) if len(name) > 3),
    daily="die|dì|giorno|settimana|mese|anno|notte|ora|persona",
    signs=r"€|\$|£|Fr\.|CHF",
)  # fmt: skip


def _class(found: Occurrence) -> TypedValue:
    """`classe IV B`, `reparto III`, `1°C`."""
    numeral = re.match(r"[IVX]+|\d+", found.written)
    assert numeral is not None
    value = int(numeral[0]) if numeral[0].isdecimal() else roman_value(numeral[0])
    gender = (
        "f"
        if re.search(r"(?:classe|sezione|fascia|scala|rata|elementare|media)\s$", found.left, re.I)
        else "m"
    )
    section = found.written[numeral.end() :].strip(" °ª^")
    return in_words(found.written, f"{ordinal(value, gender=gender)} {section}".strip())


def _caret(found: Occurrence) -> TypedValue:
    """`5^ elementare`, `2a rata`, `3o piano`."""
    feminine = found.written[-1] in "^a"
    return in_words(found.written, ordinal(int(found.written[:-1]), gender="f" if feminine else "m"))


def _rank_or_warmth(found: Occurrence) -> TypedValue:
    """`al 22°` after `Siamo al 21° posto`: a place in an order, but `il termometro è salito al 38°`."""
    if found.written != "1°" and _WARMTH.search(found.left):
        return typed(Kind.UNIT, found.written)
    if found.left.endswith(("'", "’")):
        return typed(Kind.ORDINAL, found.written)
    return typed(Kind.ORDINAL, found.written, gender="f" if found.left.endswith("a ") else "m")


_WARMTH: Final = re.compile(
    r"\b(?:temperatur|febbre|febbrile|gradi\b|forno|acqua|termometr|termostat|caldai|minim[ae]"
    r"|massim[ae]|clima|gelo|frigo|scald|raffredd|riscald|angol|inclin|latitudin|longitudin|°\s?C)[^.!?;]*$",
    re.I,
)


def _school_class(found: Occurrence) -> TypedValue:
    """`la 3°C`: la terza C."""
    figure, _, section = found.written.partition("°")
    return in_words(found.written, f"{ordinal(int(figure), gender='f')} {section.strip()}")


def _rooms(found: Occurrence) -> TypedValue:
    """`aula 1.12`, `stanze 2.04 e 2.05`: a noughth is said, for 2.04 is not 2.4."""
    return in_words(
        found.written, re.sub(r"(\d+)\.(0*)(\d*)", lambda match: _numbered(*match.groups()), found.written)
    )


def _numbered(floor: str, noughts: str, room: str) -> str:
    after = ["zero"] * len(noughts) + ([cardinal(int(room))] if room else [])
    return " ".join((cardinal(int(floor)), "punto", *after))


def _tax_code(found: Occurrence) -> TypedValue:
    """`RSSMRA85T10A562S`, in the groups that it is made of."""
    code = found.written
    return typed(Kind.SPELL, " ".join((code[:3], code[3:6], code[6:11], code[11:])))


_INITIALS: Final = {
    "C.F.": "codice fiscale", "U.O.": "unità operativa", "U.O.C.": "unità operativa complessa", "N.B.": "nota bene",
}  # fmt: skip
"""Capitals with dots, which would be letters else."""
_YEAR_AFTER: Final = (
    r"(?=\s(?:19|20)\d\d\b|\s\d\d/\d\d\b|\s(?:in corso|corrente|prossimo|precedente|successivo)\b)"
)
_SCHOOL_YEARS: Final = {"s": "anno scolastico", "a": "anno accademico", "c": "anno corrente"}
_ROOM: Final = r"(?!(?:[7-9]|1\d|2[0-3])\.[0-5][05](?!\d))\d{1,2}\.\d{1,3}"
"""Not `9.30`, which may be a time."""
_ROOMS: Final = "|".join(
    rf"(?<=\b{head}{link})"
    for head in (
        "[Aa]ul[ae]", "[Ss]tanz[ae]", "[Uu]ffici", "[Uu]fficio", "[Ss]al[ae]", "[Cc]amer[ae]", "[Ll]aboratorio",
        "[Aa]mbulatorio", "[Ss]portello", "[Ss]tudio", "[Aa]mbulatori",
    )
    for link in (" ", ": ", " n. ", " n° ")
)  # fmt: skip
_ARTICLES: Final = "|".join(
    rf"(?<=\b{article})"
    for article in (
        "[Ii]l ", "[Aa]l ", "[Dd]al ", "[Dd]el ", "[Nn]el ", "[Ss]ul ", "[Qq]uel ", "[Ll]a ", "[Aa]lla ", "[Dd]alla ",
        "[Dd]ella ", "[Nn]ella ", "[Ss]ulla ", "[Qq]uella ", "[Ll]['’]", "[Aa]ll['’]", "[Dd]all['’]", "[Dd]ell['’]",
        "[Nn]ell['’]",
    )
)  # fmt: skip
_NO_NOUN: Final = (
    r"(?:con|per|dal|dalle|dalla|alle|alla|presso|vicino|sono|che|non|fino|dopo|prima|entro|tra|fra)"
)


def _glued_money(found: Occurrence) -> TypedValue:
    """`2300euro`, `45,00 EURO`."""
    number = re.sub(r"\s?[Ee].*", "", found.written)
    return typed(Kind.MONEY, f"{number} euro", decimals="any")


def _short_act(found: Occurrence) -> TypedValue:
    """`legge 104/92`, `L. 104/1992`."""
    number, _, when = re.sub(r"^L\.\s(?:n\.\s)?", "", found.written).partition("/")
    named = "legge " if found.written.startswith("L") else ""
    short = int(when)
    said = (
        cardinal(short)
        if _THIS_CENTURY < short < _CENTURY
        else year(short if short >= _CENTURY else 2000 + short)
    )
    return in_words(found.written, f"{named}{cardinal(int(number))} del {said}")


_THIS_CENTURY: Final = 30
_CENTURY: Final = 100
_ACTS: Final = "|".join(
    rf"(?<=\b{head})"
    for head in (
        "[Ll]egge ",
        "[Ll]egge n. ",
        r"D\.Lgs\. ",
        r"D\.lgs\. ",
        r"d\.lgs\. ",
        "[Dd]ecreto ",
        "DPR ",
        r"D\.P\.R\. ",
        r"D\.L\. ",
        r"D\.M\. ",
        r"D\.Lgs\. n\. ",
        r"L\.R\. ",
    )
)


def _floor_of_house(found: Occurrence) -> TypedValue:
    """`Via Garibaldi, 15 - 3° piano`."""
    return in_words(found.written, f"{cardinal(int(found.written.strip(' -–')))}, ")


def _blood_group(found: Occurrence) -> TypedValue:
    """`gruppo sanguigno 0+`."""
    group = found.written.rstrip("+-− ").removesuffix("Rh").removesuffix("RH").strip()
    sign = "positivo" if found.written.endswith("+") else "negativo"
    return in_words(found.written, f"{'zero' if group == '0' else ' '.join(group)} {sign}")


def _spread(found: Occurrence) -> TypedValue:
    """`3/5 giorni`: from three to five; `2/3` is two or three."""
    first, last = (int(part) for part in found.written.split("/"))
    if last == first + 1:
        return in_words(found.written, f"{cardinal(first)} o {cardinal(last)}")
    if first < last:
        return typed(Kind.RANGE, f"{first}-{last}")
    return typed(Kind.FRACTION, found.written)


def _weeks(found: Occurrence) -> TypedValue:
    """`tra 3 sett.`: weeks, no September."""
    count = int(re.sub(r"\D", "", found.written))
    return in_words(found.written, "una settimana" if count == 1 else f"{cardinal(count)} settimane")


_LASTING: Final = (
    "[Tt]ra ", "[Ff]ra ", "[Ee]ntro ", "[Dd]opo ", "[Oo]gni ", "[Pp]er ", "durata di ", "attesa di ", "ultime ",
    "circa ", "prossime ", "almeno ", "[Dd]a ",
)  # fmt: skip
_BEHIND: Final = "|".join(rf"(?<=\b{head})" for head in _LASTING)
_YEAR_OR_DAY: Final = r"(?!\s(?:19|20)\d\d\b|\s?[-–/]\s?\d)"


READINGS: Final = (
    *LABELLED,
    OwnReading(
        name="weeks",
        figures=True,
        shape=rf"(?=\d)(?:(?:{_BEHIND})\d{{1,2}}\ssett\.?(?!\w){_YEAR_OR_DAY}"
        r"|(?<![\w.,/-])(?<!\bil )(?<!\bal )(?<!del )\d{1,2}\ssett\.(?=\s(?:di|fa|dopo|prima|circa)\b))",
        before="clock",
        read=_weeks,
    ),
    OwnReading(
        name="spread",
        figures=True,
        shape=r"(?<![\w.,/-])(?<!ntro )(?<!tra )(?<!fra )(?<!in )(?!24/|48/)\d{1,3}/\d{1,3}"
        r"(?=\s?(?:giorni|gg|ore|settimane|mesi|anni|minuti|min|gocce|volte"
        r"|persone)(?!\w))",
        before="iso",
        read=_spread,
    ),
    *TIMES,
    OwnReading(
        name="glued_money",
        figures=True,
        shape=r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d\d)?(?:(?:[Ee]uro|EURO)|\s(?:EURO))(?!\w)",
        before="code",
        read=_glued_money,
    ),
    OwnReading(
        name="short_act",
        shape=rf"(?:{_ACTS})\d{{1,4}}/\d\d(?![\w/])|(?<![\w.])L\.\s(?:n\.\s)?\d{{1,4}}/(?:\d\d|(?:19|20)\d\d)(?![\w/])",
        before="iso",
        read=_short_act,
    ),
    OwnReading(
        name="floor_of_house",
        figures=True,
        shape=r"(?:(?<=, )|(?<=n\. ))\d{1,3}\s[-–]\s(?=\d{1,2}\s?[°º]\s?(?:piano|p\.))",
        before="iso",
        read=_floor_of_house,
    ),
    OwnReading(
        name="and_older",
        figures=True,
        shape=r"(?<![\w.,])(?:[4-9][05]|18)\+(?=[\s,.;:)]|$)",
        before="code",
        read=lambda found: in_words(found.written, f"{cardinal(int(found.written[:-1]))} più"),
    ),
    OwnReading(
        name="blood_group",
        shape=r"(?:(?<=sanguigno )|(?<=sanguigno: ))(?:0|AB?|B)\s?(?:R[Hh]\s?)?[+−-](?![\w+])",
        before="code",
        read=_blood_group,
    ),
    OwnReading(
        name="bare",
        shape=rf"(?<=\bper )(?:{any_of(UNITS)})(?![\w/²³'’])|(?<=[^\W\d_] )(?:m[²³]|kWh)(?![\w/])",
        before="bare",
        read=lambda found: in_words(found.written, UNITS[found.written].one),
    ),
    OwnReading(
        name="rooms",
        figures=True,
        shape=rf"(?:{_ROOMS}){_ROOM}(?:(?:,|\s[eo])\s{_ROOM})*(?![\w%€$°]|[.,]\d|\s?(?:[€%$]|(?:euro|{any_of(UNITS)})\b))",
        before="section",
        read=_rooms,
    ),
    OwnReading(
        name="tax_code",
        shape=r"(?<![\w-])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![\w-])",
        before="secret",
        read=_tax_code,
    ),
    OwnReading(
        name="plate",
        shape=r"(?:(?<=\b[Tt]arga )|(?<=\b[Tt]arga: )|(?<=\b[Tt]argat[oa] ))[A-Z]{2}\s\d{3}\s?[A-Z]{2}(?!\w)"
        r"|(?:(?<=\b[Vv]olo )|(?<=\b[Vv]oli )|(?<=\b[Vv]olo: ))(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])\s\d{2,4}(?![\w]|[.,:/-]\d)",
        before="secret",
        read=lambda found: typed(Kind.CODE, found.written),
    ),
    OwnReading(
        name="school_year",
        shape=rf"(?:(?<=['’])|(?<![\w.'’]))(?:[aA]\.\s?[sS]\.|[aA]\.\s?[aA]\.)(?!\w)"
        rf"(?:{_YEAR_AFTER}|(?<=['’]a\.[as]\.))"
        rf"|(?:{'|'.join(rf'(?<={name} )' for name in LONG_MONTHS)}|(?<=dell['’]))a\.c\.(?!\w)",
        before="initials",
        read=lambda found: in_words(found.written, _SCHOOL_YEARS[found.written[-2].lower()]),
    ),
    OwnReading(
        name="initialled",
        shape=rf"(?<![\w.])(?<!odice )(?<!od\. )(?:{any_of(_INITIALS)})(?!\w|\s?[A-Z]\.)"
        r"(?!(?<=C\.F\.)\s[A-Z][a-zàèéìòù])",
        before="initials",
        read=lambda found: in_words(found.written, _INITIALS[found.written]),
    ),
    OwnReading(
        name="school_class",
        figures=True,
        shape=r"(?:(?<=\b[Ll]a )|(?<=\b[DNdn]ella )|(?<=\b[Aa]lla )|(?<=\b[Dd]alla ))"
        r"[1-5]°\s?[A-Z](?![\w°]|\.\w)",
        before="rate",
        read=_school_class,
    ),
    OwnReading(
        name="articled_rank",
        figures=True,
        shape=rf"(?:{_ARTICLES})\d{{1,3}}°(?![\w°'’′/]|\s?[CF]\b|\sdi febbre|\sgrad|\s?[-–]\s?\d)",
        before="rate",
        read=_rank_or_warmth,
    ),
    *shared(WAYS),
    OwnReading(
        name="arrived",
        figures=True,
        shape=r"(?:(?<=arrivato )|(?<=arrivata )|(?<=classificato )|(?<=classificata )|(?<=posto il ))\d{1,2}[°º]",
        before="measures",
        read=lambda found: in_words(
            found.written, ordinal(int(found.written[:-1]), gender="f" if found.left.endswith("ta ") else "m")
        ),
    ),
    OwnReading(
        name="class_roman",
        shape=r"(?:(?<=classe )|(?<=Classe )|(?<=sezione )|(?<=reparto )|(?<=Reparto )|(?<=fascia )"
        r"|(?<=scala )|(?<=padiglione ))"
        r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X)(?:\s[A-Z])?(?!\w|\.\w)",
        before="initials",
        read=_class,
    ),
    OwnReading(
        name="class_figure",
        figures=True,
        shape=r"(?:(?<=classe )|(?<=Classe )|(?<=sezione ))[1-5][°ª^]\s?[A-Z](?!\w)",
        before="measures",
        read=_class,
    ),
    OwnReading(
        name="caret",
        figures=True,
        shape=rf"(?<![\w.,/])(?<!nterno )(?<!ivico )(?<!umero )(?<!cala )(?<!int\. )(?<!n\. )(?<!ula )"
        rf"\d{{1,2}}(?:\^|[ao](?=\s(?!{_NO_NOUN}\b)[a-zàèéìòù]{{3,}}))(?!\w)",
        before="measures",
        read=_caret,
    ),
    OwnReading(
        name="floor",
        figures=True,
        shape=r"(?<![\w.,])\d{1,2}[°º]\s?p\.(?=\W|$)",
        before="measures",
        read=lambda found: in_words(found.written, f"{ordinal(int(found.written.rstrip(' .p°º')))} piano"),
    ),
)

"""Readings of Italian: days with a dot, classes, doses a day, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.calendar import CLOCK
from campaign.speech.languages.it.forms import WEEKDAYS
from campaign.speech.languages.it.numbers import cardinal, ordinal, year
from campaign.speech.languages.it.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, roman_value, shared
from campaign.speech.languages.shaping import HOUR, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

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
        "settimane": "settimane", "mesi": "mesi", "anni": "anni",
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


def _dotted_days(found: Occurrence) -> TypedValue:
    """`dall'11 al 15.6`."""
    words = cardinal(int(found.groups["dd_first"]))
    month = cldr.wide_names("month", "it")[int(found.groups["dd_month"])]
    joint = found.groups["dd_joint"].strip()
    day = "primo" if found.groups["dd_day"] in ("1", "01") else cardinal(int(found.groups["dd_day"]))
    return in_words(found.written, f"{words} {joint} {day} {month}")


def _dotted_day(found: Occurrence) -> TypedValue:
    """`entro il 30.6.`"""
    month = cldr.wide_names("month", "it")[int(found.groups["dt_month"])]
    day = int(found.groups["dt_day"])
    return in_words(found.written, f"{'primo' if day == 1 else cardinal(day)} {month}")


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


def _a_day(found: Occurrence) -> TypedValue:
    """`x 3/die`."""
    count = int(found.groups["ad_count"])
    times = "una volta" if count == 1 else f"{cardinal(count)} volte"
    link = " per " if "x" in found.written.lower() or "×" in found.written else ""
    return in_words(found.written, f"{link}{times} al giorno")


def _from_to(found: Occurrence) -> TypedValue:
    """`8:30-12:30`, `ore 9-13`, `dalle 9-13`: dalle otto e trenta alle dodici e trenta."""
    first, last = re.findall(r"\d{1,2}(?:[:.]\d\d)?", found.written)
    if "." in found.written and CLOCK.amounts.search(found.left):
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is from one time to another, or from one number to another",
            f"write {first.replace('.', ':')} for the time, {first.replace('.', ',')} for the number",
        )
    start, end = (_hour_said(time, article) for time, article in ((first, "dalle"), (last, "alle")))
    if _HELD.search(found.left):
        bare = (_hour_said(time, "") for time in (first, last))
        return in_words(found.written, " a ".join(bare))
    said = f"{start} {end}"
    return in_words(found.written, said[:1].upper() + said[1:] if found.written[:1].isupper() else said)


def _hour_said(written: str, article: str) -> str:
    """`9.30` with "dalle": dalle nove e trenta; midday and midnight have no article, and one has its own."""
    hour, _, minute = written.replace(".", ":").partition(":")
    words = CLOCK.said(int(hour), int(minute or 0))
    if not article:
        return words
    if words.startswith("mezz"):
        return f"{article.removesuffix('lle')} {words}"
    return f"{article[:-1]}'{words}" if words.startswith("una") else f"{article} {words}"


_HELD: Final = re.compile(
    r"\b(?:d[ai]|a|[dn]elle|alle|le|per|in|circa|quasi|oltre|durata|capitolo|versett[oi]|versione|rapporto|scala"
    r"|tempo|punteggio|risultato|finale)[:,]?\s$",
    re.I,
)
"""What stands before two times that the words "dalle" and "alle" cannot follow."""


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
_LONG_MONTHS: Final = sorted(name for name in cldr.months("it") if len(name) > 3)
_TIME: Final = r"(?:[01]?\d|2[0-4])"
_SURE: Final = rf"{_TIME}(?::[0-5]\d|\.(?:00|15|[2-5][05]))"
_ANY: Final = rf"(?:{_SURE}|{_TIME})"
_TO: Final = r"\s?[-–—]\s?"
_OVER: Final = (
    rf"(?![\w%€$£¥°²³]|[.,:]\d|/(?!{_TIME}[:.][0-5]\d\s?[-–])|\s?[-–—]\s?\d"
    rf"|\s?(?:[€%$£°]|(?:euro|{any_of(UNITS)}|mila|per cento|giorni|anni|mesi|settimane|persone|punti|minuti|volte"
    rf"|{any_of(_LONG_MONTHS)})\b))"
)
_OPEN: Final = "|".join(
    rf"(?<=\b{head}{link})"
    for head in ("[Aa]pert[oaie]", "[Oo]rari[oi]", "APERTO", "ORARI", "ORARIO", "[Aa]pertura", "[Ss]portello")
    for link in (" ", ": ")
) + "".join(
    rf"|(?<=\b{day}{dot} )" for day in ("[Vv]en", "[Ss]ab", "[Dd]om", "[Gg]io") for dot in ("", r"\.")
)
_DAY_SHORT: Final = r"(?:lun|mar|mer|gio|ven|sab|dom)"
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


def _days(found: Occurrence) -> TypedValue:
    """`dal lun. al ven.`, `il mar. e il gio.`"""
    return in_words(
        found.written,
        re.sub(
            rf"\b({_DAY_SHORT})\b\.?", lambda match: WEEKDAYS[match[1].lower()], found.written, flags=re.I
        ),
    )


_DAY_MONTH: Final = r"(?:[12]\d|3[01]|0?[1-9])/(?:1[0-2]|0?[1-9])(?![\d/])"
_DAYS_BEFORE: Final = "|".join(
    rf"(?<={day}{link})"
    for day in (
        "dì",
        "bato",
        "enica",
        "mani",
        "oggi",
        "Oggi",
        r"un\.",
        r"ar\.",
        r"er\.",
        r"io\.",
        r"en\.",
        r"ab\.",
        r"om\.",
    )
    for link in (", ", ": ", r" \(", r"\(")
)
"""Ends of the names of days."""
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


def _share_or_day(found: Occurrence) -> TypedValue:
    """`un aumento del 2/3`."""
    first, _, second = found.written.partition("/")
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {first} of {second} parts, or day {first} of month {second}",
        "write the month, or the fraction, in words",
    )


_CHANGES: Final = "|".join(
    rf"(?<={head} {article} )"
    for head in (
        "umento",
        "iduzione",
        "alo",
        "conto",
        "ari",
        "nferiore",
        "uperiore",
        "iminuzione",
        "crescita",
        "taglio",
    )
    for article in ("del", "al")
)


def _blood_group(found: Occurrence) -> TypedValue:
    """`gruppo sanguigno 0+`."""
    group = found.written.rstrip("+-− ").removesuffix("Rh").removesuffix("RH").strip()
    sign = "positivo" if found.written.endswith("+") else "negativo"
    return in_words(found.written, f"{'zero' if group == '0' else ' '.join(group)} {sign}")


READINGS: Final = (
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
        name="round_the_clock",
        shape=r"(?<!alle )(?<!ore )(?<!\w)[hH]24(?![\w:.,]\d|\w)",
        before="numeric",
        read=lambda found: in_words(found.written, "ventiquattro ore su ventiquattro"),
    ),
    OwnReading(
        name="share_or_day",
        figures=True,
        shape=rf"(?=\d)(?:{_CHANGES})[1-9]/[2-9](?![\d/]|[.,]\d)",
        before="iso",
        read=_share_or_day,
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
        name="day_of_hours",
        shape=r"(?<![\w.])(?i:lun|mer|gio|ven|sab|dom)\b\.?(?=,?\s(?:(?:h|ore|dalle)\.?\s)?\d{1,2}(?:[:.]\d\d)?\s?[-–])",
        before="iso",
        read=_days,
    ),
    OwnReading(
        name="from_to",
        figures=True,
        shape=rf"(?<![\w.,:'’])(?<!\d[-–—])(?<!\d\s[-–—]\s)(?<!tra le )(?<!fra le )(?<!Tra le )"
        rf"(?:{_SURE}{_TO}{_SURE}|{_TIME}:[0-5]\d{_TO}{_TIME}|{_TIME}{_TO}{_TIME}:[0-5]\d"
        rf"|{_SURE}{_TO}(?:1\d|2[0-4])|(?:{_OPEN}){_ANY}{_TO}{_ANY}"
        rf"|{_TIME}{_TO}{_TIME}(?= e {_SURE}{_TO}\d)){_OVER}(?:\s?h\b)?",
        before="clock",
        read=_from_to,
    ),
    OwnReading(
        name="from_to_led",
        shape=rf"(?<![\w.'’])(?<!\ble )(?<![adn]elle )(?<!alle )(?<!tra )(?<!fra )(?<!per )"
        rf"(?:[Dd]alle\s(?:ore\s)?|(?:[Oo]re|ORE)\s|[Hh]\.\s?|[Hh]\s?)(?=\d){_ANY}{_TO}{_ANY}{_OVER}",
        before="clock",
        read=_from_to,
    ),
    OwnReading(
        name="and_from",
        shape=rf"(?<=[:.]\d\d)/(?={_TIME}[:.][0-5]\d\s?[-–—]\s?\d)",
        before="clock",
        read=lambda found: in_words(found.written, found.language.words.joint, padded=True),
    ),
    OwnReading(
        name="bare",
        shape=rf"(?<=\bper )(?:{any_of(UNITS)})(?![\w/²³'’])|(?<=[^\W\d_] )(?:m[²³]|kWh)(?![\w/])",
        before="bare",
        read=lambda found: in_words(found.written, UNITS[found.written].one),
    ),
    OwnReading(
        name="short_days",
        shape=rf"(?<!\w)(?:(?<=\b[Dd]al )|(?<=\b[Dd]a ))(?i:{_DAY_SHORT})\b\.?\s(?:al|a)\s(?i:{_DAY_SHORT})\b\.?(?!\w)"
        rf"|(?:(?<=\b[Ii]l )|(?<=\b[Dd]el )|(?<=\b[Nn]el )|(?<=\b[Oo]gni )|(?<=\b[Aa]l )|(?<=\b[Dd]al ))"
        rf"(?:(?:lun|mer|gio|ven|sab|dom)\.|(?<!al )mar\.)(?!\w|\s\d{{1,2}}[/.]\d)",
        before="iso",
        read=_days,
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
        rf"|(?:{'|'.join(rf'(?<={name} )' for name in _LONG_MONTHS)}|(?<=dell['’]))a\.c\.(?!\w)",
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
    OwnReading(
        name="day_of_weekday",
        figures=True,
        shape=rf"(?=\d)(?<=, |: |.\()(?:{_DAYS_BEFORE}){_DAY_MONTH}"
        r"(?=[,;.)!?](?!\d)|\s?$|\s(?:alle|dalle|ore|h|in|presso)\b)",
        before="iso",
        read=lambda found: typed(Kind.DATE, found.written),
    ),
    *shared(WAYS),
    OwnReading(
        name="dotted_day",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bil )|(?<=\bIl )|(?<=l['’]))(?![1-9]\.[1-9](?!\d))(?P<dt_day>[12]\d|3[01]|0?[1-9])\."
        r"(?P<dt_month>1[0-2]|0?[1-9])\.?(?![\w%]|[.,]\d|\s?(?:[€%$]|euro|mila|milioni|per cento|punti|kg|km|gradi))",
        before="clock",
        read=_dotted_day,
    ),
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
        name="dotted_days",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Dd]al )|(?<=[Dd]all['’])"
        r"|(?<=giorni ))(?P<dd_first>\d{1,2})(?P<dd_joint>\s(?:al|e)\s|\sall['’])"
        r"(?P<dd_day>[12]\d|3[01]|0?[1-9])\.(?P<dd_month>1[0-2]|0?[1-9])"
        r"(?!\w|[.,]\d|\s?(?:€|%|euro|mila|milioni|per cento|punti))",
        before="clock",
        read=_dotted_days,
    ),
    OwnReading(
        name="comma_time",
        figures=True,
        shape=rf"(?=\d)(?:(?<=alle )|(?<=Alle )|(?<=\sle )|(?<=ore )"
        rf"|(?<=delle )){HOUR},[0-5][05](?![\d,]|\.\d|\s?(?:[%€$]|euro|kg|km|ml?|cm|mg|l|per)\b|\s?[%€$])",
        before="hours",
        read=lambda found: typed(Kind.TIME, found.written.replace(",", ":"), clock="any"),
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
    OwnReading(
        name="a_day",
        shape=r"\s?(?:[x×]\s?)?(?<![\w.,])(?P<ad_count>[1-9])(?:\s?v(?:olte|\.)?)?\s?/\s?(?:die|dì|giorno|gg)\b",
        before="iso",
        read=_a_day,
    ),
    OwnReading(
        name="daily_word",
        shape=r"(?<=[^\W\d_])\s?/\s?die\b",
        before="iso",
        read=lambda found: in_words(found.written, " al giorno"),
    ),
    OwnReading(
        name="first_day",
        figures=True,
        shape=r"(?:(?<=\b[Ii]l )|(?<=\b[Dd]al )|(?<=\b[Aa]l )|(?<=\b[Dd]el )|(?<=\b[Ss]ul ))1[°º](?![\w°]|\s?[CF]\b|/)",
        before="rate",
        read=lambda found: in_words(found.written, "primo"),
    ),
    OwnReading(
        name="all_week",
        figures=True,
        shape=r"(?<![\w.,/])7/7(?=,?\s(?:e\s)?(?:h\s?24|24|giorni))"
        r"|(?=\d)(?:(?<=24, )|(?<=24 )|(?<=24 e )|(?<=24h ))7/7(?![\w/])",
        before="iso",
        read=lambda found: in_words(
            found.written, "sette su sette" if found.right.startswith(" giorni") else "sette giorni su sette"
        ),
    ),
)

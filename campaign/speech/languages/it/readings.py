"""Readings of Italian: days with a dot, classes, doses a day, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.numbers import cardinal, ordinal
from campaign.speech.languages.it.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, roman_value, shared
from campaign.speech.languages.shaping import HOUR, any_of
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
        "Scadenza: ", "scadenza ", "scadenza: ", "da ", "per il ", "Appuntamento: ", "oggi ", "oggi, ",
        "Oggi, ", "domani, ", "Oggi ", "domani ",
    ),
    day=("il ", "Il ", "al ", "l'", "L'", "l’", "L’"),
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
        "sezione", "rata", "[Gg]uerra", "[Ss]ecolo", "[Ee]dizione", "[Cc]ongresso", "[Cc]oncorso", "[Ff]estival",
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
    value = int(numeral[0]) if numeral[0].isdigit() else roman_value(numeral[0])
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


_NO_NOUN: Final = (
    r"(?:con|per|dal|dalle|dalla|alle|alla|presso|vicino|sono|che|non|fino|dopo|prima|entro|tra|fra)"
)
READINGS: Final = (
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
        name="second_span",
        shape=r"(?<=\d) e (?=\d{1,2}[.:]\d\d\s?[-–]\s?\d)",
        before="iso",
        read=lambda found: in_words(found.written, " e dalle "),
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

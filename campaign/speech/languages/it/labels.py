"""Readings of Italian after a label: places with a letter, balances, numbers of files, days with a dash."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.numbers import cardinal
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import heads
from campaign.speech.languages.shaping import after, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

_PLACES: Final = heads(
    "interno scala posto aula sala gruppo porta camera stanza binario box sportello ufficio letto", " ", ": "
)
_LETTER: Final = r"\d{1,3}\s?[LWVGFTNJCKHMASghjlmstvwd](?![\w/²³°'’-]|\.\w|\s?\d)"
_BALANCES: Final = heads(
    "saldo temperatura importo totale variazione differenza conguaglio risultato",
    ": ",
    " di ",
    " è di ",
    " a ",
)
_SIGNED: Final = "|".join(rf"(?<=\b{head})" for head in _BALANCES)
_AMOUNT: Final = (
    r"(?=\d[\d.,   ]*(?:[€$£%°]|euros?\b|CHF|kWh|m[³3]|pesos|punt|point|pont|[.;]?\s*$))"
    r"(?![^.;\n]*\s[-−–]\s\d)"
)
_LABELS: Final = (
    *heads(
        "sala lotto rata stanza porta box seduta binario fattura pratica aula camera", " ", " n. ", " n° "
    ),
    "n. ",
    "n° ",
    "N. ",
    "numero ",
)
_MONTHS: Final = any_of(cldr.months("it"))
_MONTH: Final = rf"\s(?i:{_MONTHS})(?!\w)"
_VALUE: Final = (
    rf"(?:\d{{1,2}}(?:er)?{_MONTH}|\d{{1,2}}(?:\s?h(?!\w)|h\d\d|:\d\d)"
    r"|\d[\d.,]*\s?(?:€|euros?\b|\$|CHF)|[€$])"
)
_FILES: Final = heads(
    "pratica fattura determina determinazione ordinanza bando avviso ordine contratto DM verbale",
    " ",
    " n. ",
    " n° ",
)
_WAITS: Final = heads("ritardo attesa durata preavviso garanzia scadenza", " ", ": ", " di ", " è di ", " a ")
_BY: Final = ("tra ", "Tra ", "fra ", "Fra ", "mancano ", "Mancano ")
_DOSES: Final = "compresse|capsule|pastiglie|fiale|bustine|cucchiai|bicchieri|tazze"
_DAY_HEADS: Final = ("il ", "Il ", "giorno ")
_DAY_OVER: Final = r"(?=\s*$|[.,;!?)](?!\d)|,?\s(?:alle|all'|dalle|ore)\s?\d)"


def _placed(found: Occurrence) -> TypedValue:
    """`Posto 14 g`: the letter is no unit."""
    number, letter = found.written[:-1].strip(), found.written[-1]
    if letter in "hm":
        unit = {"h": "ore (hours)", "m": "metri (metres)"}[letter]
        raise UnreadableValueError(
            "unclear-value",
            f"{found.written!r} is number {number}{letter.upper()}, or {number} {unit}",
            f"write {number}{letter.upper()} for the place, the unit in full else",
        )
    return in_words(found.written, f"{cardinal(int(number), region=found.region)} {letter.upper()}")


def _labelled(found: Occurrence) -> TypedValue:
    """`Rata 3 - 120 €`: no range."""
    return in_words(found.written, f"{cardinal(int(found.written.strip(' -–—')), region=found.region)}, ")


def _filed(found: Occurrence) -> TypedValue:
    """`pratica 5/2026`: no month."""
    number, _, year = found.written.partition("/")
    first, last = (cardinal(int(part), region=found.region) for part in (number, year))
    words = found.language.words
    zero = f"{words.digits[0]} " if number[0] == "0" else ""
    return in_words(found.written, f"{zero}{first} {words.signs['/']} {last}")


def _week(found: Occurrence) -> TypedValue:
    """`settimana 12/2026`."""
    number, _, year = found.written.partition("/")
    first, last = (cardinal(int(part), region=found.region) for part in (number, year))
    return in_words(found.written, f"{first} del {last}")


def _day_dash(found: Occurrence) -> TypedValue:
    """`il 3-5`: a day of a month, or two days."""
    first, last = (int(part) for part in re.split("[-/]", found.written))
    if first < last:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{found.written!r} is day {first} of month {last}, or from {first} to {last}",
            f"write {first}/{last} for the date",
        )
    return typed(Kind.DATE, found.written.replace("-", "/"))


def _metres_or_minutes(found: Occurrence) -> TypedValue:
    """`ritardo di 5 m`."""
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is minutes, months (mesi) or metres",
        "write min for minutes, the word in full for others",
    )


def _rate_or_metre(found: Occurrence) -> TypedValue:
    """`10 €/m`."""
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is for each metro or mese, grammo or giorno",
        "write the word in full",
    )


def _share_or_range(found: Occurrence) -> TypedValue:
    """`2/3 compresse`."""
    first, last = (int(part) for part in found.written.split("/"))
    if first < last:
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is {first} of {last} parts, or from {first} to {last}",
            f"write {first}-{last} for the range",
        )
    return typed(Kind.FRACTION, found.written)


LABELLED: Final = (
    OwnReading(
        name="share_or_range",
        figures=True,
        shape=rf"(?<![\w.,/-])(?<!\d )[2-9]/\d{{1,2}}(?=\s(?:{_DOSES})\b)",
        before="iso",
        read=_share_or_range,
    ),
    OwnReading(
        name="placed_letter",
        figures=True,
        shape=after(_PLACES, _LETTER),
        before="iso",
        read=_placed,
    ),
    OwnReading(
        name="signed_balance",
        shape=rf"(?=[-−–])(?:{_SIGNED})[-−–]\s{_AMOUNT}",
        before="clock",
        read=lambda found: in_words(found.written, f"{found.language.words.minus} "),
    ),
    OwnReading(
        name="labelled",
        figures=True,
        shape=after(_LABELS, rf"\d{{1,4}}\s[-–—]\s(?={_VALUE})"),
        before="clock",
        read=_labelled,
    ),
    OwnReading(
        name="week_of_year",
        figures=True,
        shape=after(("settimana ", "Settimana "), r"(?:[1-9]|[1-4]\d|5[0-3])/20\d\d(?![\w/])"),
        before="iso",
        read=_week,
    ),
    OwnReading(
        name="filed",
        figures=True,
        shape=after(_FILES, r"(?:0[1-9]|[1-9]\d?)/(?:19|20)\d\d(?![\w/-])"),
        before="iso",
        read=_filed,
    ),
    OwnReading(
        name="day_dash",
        figures=True,
        shape=after(_DAY_HEADS, rf"(?:[12]\d|3[01]|0?[1-9])-(?:1[0-2]|0?[1-9])(?!\d){_DAY_OVER}"),
        before="iso",
        read=_day_dash,
    ),
    OwnReading(
        name="days_stroke",
        figures=True,
        shape=after(
            ("giorni ", "Giorni "), rf"(?:[12]\d|3[01]|[1-9])/(?:1[0-2]|[1-9])(?![\d/]|,\s\d){_DAY_OVER}"
        ),
        before="iso",
        read=_day_dash,
    ),
    OwnReading(
        name="metres_or_minutes",
        figures=True,
        shape=after((*_WAITS, *_BY), r"\d{1,3}\s?m(?![\w²³/'’]|\.\w|\s?\d|\s(?:et?|y)\s\d)"),
        before="iso",
        read=_metres_or_minutes,
    ),
    OwnReading(
        name="rate_or_metre",
        figures=True,
        shape=r"(?<![\w.,])\d[\d.,]*\s?€\s?/\s?[mg](?![\w²³]|\.\w|\s(?:linear[ei]|di\s))",
        before="moneys",
        read=_rate_or_metre,
    ),
)

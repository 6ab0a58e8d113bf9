"""Readings of Spanish after a label: places with a letter, balances, numbers of files, days with a dash."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.es.numbers import cardinal
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import heads
from campaign.speech.languages.shaping import after, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

_PLACES: Final = heads(
    "puerta sala asiento aula grupo escalera bloque habitación box taquilla andén plaza oficina cama",
    " ",
    ": ",
)
_LETTER: Final = r"\d{1,3}\s?[LWVGFTNJCKHMASghjlmstvwd](?![\w/²³°'’-]|\.\w|\s?\d)"
_BALANCES: Final = heads(
    "saldo temperatura importe total variación diferencia ajuste resultado monto",
    ": ",
    " de ",
    " es de ",
    " a ",
)
_SIGNED: Final = "|".join(rf"(?<=\b{head})" for head in _BALANCES)
_AMOUNT: Final = (
    r"(?=\d[\d.,   ]*(?:[€$£%°]|euros?\b|CHF|kWh|m[³3]|pesos|punt|point|pont|[.;]?\s*$))"
    r"(?![^.;\n]*\s[-−–]\s\d)"
)
_LABELS: Final = (
    *heads(
        "sala lote cuota plaza puerta habitación box sesión andén factura expediente recibo aula",
        " ",
        " n.º ",
        " nº ",
        " núm. ",
    ),
    "n.º ",
    "nº ",
    "N.º ",
    "Nº ",
    "núm. ",
    "Núm. ",
    "número ",
)
_MONTHS: Final = any_of(cldr.months("es"))
_MONTH: Final = rf"\sde\s(?i:{_MONTHS})(?!\w)"
_VALUE: Final = (
    rf"(?:\d{{1,2}}(?:er)?{_MONTH}|\d{{1,2}}(?:\s?h(?!\w)|h\d\d|:\d\d)"
    r"|\d[\d.,]*\s?(?:€|euros?\b|\$|CHF)|[€$])"
)
_FILES: Final = heads(
    "expediente factura convocatoria pedido contrato ordenanza edicto licitación recurso albarán",
    " ",
    " n.º ",
    " nº ",
    " núm. ",
)
_WAITS: Final = heads("plazo retraso espera demora duración garantía", " ", ": ", " de ", " es de ", " a ")
_BY: Final = ("Faltan ", "faltan ", "dentro de ", "Dentro de ")
_DOSES: Final = "comprimidos|pastillas|tabletas|cápsulas|ampollas|sobres|cucharadas|tazas|vasos"
_DAY_HEADS: Final = ("el ", "El ", "día ", "Día ")
_DAY_OVER: Final = r"(?=\s*$|[.,;!?)](?!\d)|,?\s(?:a las|a la|de|desde las)\s?\d)"


def _placed(found: Occurrence) -> TypedValue:
    """`Asiento 14 g`: the letter is no unit."""
    number, letter = found.written[:-1].strip(), found.written[-1]
    if letter in "hm":
        unit = {"h": "horas (hours)", "m": "metros (metres)"}[letter]
        raise UnreadableValueError(
            "unclear-value",
            f"{found.written!r} is number {number}{letter.upper()}, or {number} {unit}",
            f"write {number}{letter.upper()} for the place, the unit in full else",
        )
    return in_words(found.written, f"{cardinal(int(number), region=found.region)} {letter.upper()}")


def _labelled(found: Occurrence) -> TypedValue:
    """`Cuota 3 - 120 €`: no range."""
    return in_words(found.written, f"{cardinal(int(found.written.strip(' -–—')), region=found.region)}, ")


def _filed(found: Occurrence) -> TypedValue:
    """`expediente 5/2026`: no month."""
    number, _, year = found.written.partition("/")
    first, last = (cardinal(int(part), region=found.region) for part in (number, year))
    words = found.language.words
    zero = f"{words.digits[0]} " if number[0] == "0" else ""
    return in_words(found.written, f"{zero}{first} {words.signs['/']} {last}")


def _week(found: Occurrence) -> TypedValue:
    """`semana 12/2026`."""
    number, _, year = found.written.partition("/")
    first, last = (cardinal(int(part), region=found.region) for part in (number, year))
    return in_words(found.written, f"{first} de {last}")


def _day_dash(found: Occurrence) -> TypedValue:
    """`el 3-5`: a day of a month, or two days."""
    first, last = (int(part) for part in re.split("[-/]", found.written))
    if first < last:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{found.written!r} is day {first} of month {last}, or from {first} to {last}",
            f"write {first}/{last} for the date",
        )
    return typed(Kind.DATE, found.written.replace("-", "/"))


def _metres_or_minutes(found: Occurrence) -> TypedValue:
    """`plazo de 5 m`."""
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is minutes, months (meses) or metres",
        "write min for minutes, the word in full for others",
    )


def _rate_or_metre(found: Occurrence) -> TypedValue:
    """`10 €/m`."""
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is for each metro, mes or minuto",
        "write the word in full",
    )


def _share_or_range(found: Occurrence) -> TypedValue:
    """`2/3 comprimidos`."""
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
        shape=after(("semana ", "Semana "), r"(?:[1-9]|[1-4]\d|5[0-3])/20\d\d(?![\w/])"),
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
            ("días ", "Días "), rf"(?:[12]\d|3[01]|[1-9])/(?:1[0-2]|[1-9])(?![\d/]|,\s\d){_DAY_OVER}"
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
        shape=r"(?<![\w.,])\d[\d.,]*\s?€\s?/\s?m(?![\w²³]|\.\w|\s(?:lineal(?:es)?|de\s))",
        before="moneys",
        read=_rate_or_metre,
    ),
)

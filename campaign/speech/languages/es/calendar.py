"""Spanish dates and times of day."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages.es.numbers import cardinal, year
from campaign.speech.languages.record import Calendar, Clock
from campaign.speech.languages.romance import repeated
from campaign.speech.wordlist import words

_AMERICAS: Final = words("MX AR CO CL PE VE EC GT CU BO DO HN PY SV NI CR PA UY PR US")
"""They say "primero de enero"."""


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    first = "primero" if day.day == 1 and region in _AMERICAS else cardinal(day.day)
    text = f"{first} de {month}" + (f" de {year(day.year)}" if with_year else "")
    return f"{weekday} {text}" if weekday else text


_FIRST: Final = re.compile(r"1[ºo]\b|1\.[ºo]")
"""Written as an ordinal, said as one, in Spain too."""
CALENDAR: Final = Calendar(
    birth=re.compile(
        r"\b(?:nacid[oa]s?|nació|nac\.?|nacimiento)\W*(?:es|era|el|en|día)?\W*(?:el|día)?\W*$", re.I
    ),
    order="dmy",
    orders=dict.fromkeys(("US", "PR", "PA"), ""),
    said=_said,
    month_year=lambda month, year: f"{month} de {year}",
    month_names={"sept": 9, "set": 9},
    region_written=lambda written, region: "MX" if _FIRST.match(written) else region,
    ambiguous_months=frozenset({"mar", "may"}),
    day_first=True,
    expiry=True,
    before_month=(re.compile(r"\b(?:[Ee]l|[Aa]l|[Dd]el)\s$"), "mes de "),
)


def _time(hour: int, minute: int, *, region: str = "") -> str:
    head = cardinal(hour, gender="f", noun=True)
    if minute == 0:
        return head if hour == 1 else f"{head} horas"
    return f"{head} {_minutes(minute)}"


def _minutes(minute: int) -> str:
    return f"y {cardinal(minute)}" if minute < 10 else cardinal(minute)


def _by_halves(hour: int, minute: int, *, region: str = "") -> str:
    """`5:30 p.m.`: twelve hours and the part of the day."""
    if minute == 0 and hour == 12:
        return "doce del mediodía"
    part = "madrugada" if hour < 6 else "mañana" if hour < 12 else "tarde" if hour < 20 else "noche"
    words = cardinal((hour - 1) % 12 + 1, gender="f", noun=True)
    return f"{words}{f' {_minutes(minute)}' if minute else ''} de la {part}"


def _seconds(second: int, *, region: str = "") -> str:
    return f" con {cardinal(second, noun=True)} segundo{'' if second == 1 else 's'}"


CLOCK: Final = Clock(
    joints=("y las",),
    numbers=re.compile(
        r"\b(?:valor|índice|versión|factor|coeficiente|ph|pi)(?:[^.;:!?\d]{0,30}\s(?:de|es de|es)|:)?\s$",
        re.I,
    ),
    dotted=re.compile(
        r"\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|hoy|mañana|tarde|noche)"
        r"(?:,?\s\d{1,2}\sde\s[a-z]{3,10}(?:\sde\s\d{4})?)?[:,]?\s$",
        re.I,
    ),
    said=_time,
    by_halves=_by_halves,
    repeated=repeated(re.compile(r"\s?(?:h|hs|hrs?|horas?)\b(?:\.(?!\s*$))?(?!\w)")),
    seconds=_seconds,
)

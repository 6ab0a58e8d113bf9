"""French dates and times of day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.fr.numbers import cardinal, year
from campaign.speech.languages.record import Calendar, Clock
from campaign.speech.languages.romance import repeated


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    first = "premier" if day.day == 1 else cardinal(day.day, region=region)
    text = f"{first} {month}" + (f" {year(day.year, region=region)}" if with_year else "")
    return f"{weekday} {text}" if weekday else text


SHORT_MONTHS: Final = {
    "fév": 2, "fev": 2, "fevr": 2, "juill": 7, "aout": 8, "sep": 9, "dec": 12,
}  # fmt: skip
"""Usual beside CLDR's, without their dot."""
MONTHS: Final[Mapping[str, int]] = {**cldr.months("fr"), **SHORT_MONTHS}
"""Names of months as they are written, in small letters, to numbers."""
CALENDAR: Final = Calendar(
    birth=re.compile(r"\b(?:née?s?|naissance)\W*(?:est|était|le|du)?\W*(?:le)?\W*$", re.I),
    order="dmy",
    orders={"CA": ""},
    said=_said,
    month_names=SHORT_MONTHS,
    ambiguous_months=frozenset({"mai"}),
    day_first=True,
    expiry=True,
    before_month=(re.compile(r"\b(?:[Ll]e|[Dd]u|[Aa]u)\s$"), "mois de "),
)


def _time(hour: int, minute: int, *, region: str = "") -> str:
    if minute == 0 and hour in (0, 12, 24):
        return "midi" if hour == 12 else "minuit"
    head = f"{cardinal(hour, gender='f', noun=True, region=region)} {'heure' if hour < 2 else 'heures'}"
    return head if minute == 0 else f"{head} {cardinal(minute, gender='f', region=region)}"


def _seconds(second: int, *, region: str = "") -> str:
    return f" et {cardinal(second, gender='f', noun=True, region=region)} seconde{'' if second == 1 else 's'}"


CLOCK: Final = Clock(
    numbers=re.compile(
        r"\b(?:valeur|indice|version|facteur|coefficient|ph|pi)"
        r"(?:[^.;:!?\d]{0,30}\s(?:de|est de|est)|\s?:)?\s$",
        re.I,
    ),
    dotted=re.compile(
        r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd['’]hui|demain|matin|soir|après-midi)"
        r"(?:\s(?:1er|\d{1,2})\s[a-zéû]{3,9}(?:\s\d{4})?)?[:,]?\s$",
        re.I,
    ),
    said=_time,
    repeated=repeated(re.compile(r"\s?(?:h|heures?)\b")),
    seconds=_seconds,
)

"""Italian dates and times of day."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages.it.numbers import cardinal, year
from campaign.speech.languages.record import Calendar, Clock


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    first = "primo" if day.day == 1 else cardinal(day.day)
    text = f"{first} {month}" + (f" {year(day.year)}" if with_year else "")
    return f"{weekday} {text}" if weekday else text


CALENDAR: Final = Calendar(
    birth=re.compile(r"\b(?:nat[oaie]|nascita)\W*(?:è|era|il|a)?\W*(?:il)?\W*$", re.I),
    order="dmy",
    said=_said,
    month_names={"sett": 9},
    ambiguous_months=frozenset({"mar", "mag"}),
    day_first=True,
    expiry=True,
    before_month=(re.compile(r"\b(?:[Ii]l|[Dd]al|[Aa]l|[Dd]el)\s$"), "mese di "),
)


def _time(hour: int, minute: int, *, region: str = "") -> str:
    if minute == 0 and hour in (0, 12):
        return "mezzogiorno" if hour == 12 else "mezzanotte"
    head = cardinal(hour, gender="f", noun=True)
    return head if minute == 0 else f"{head} e {cardinal(minute)}"


def _seconds(second: int, *, region: str = "") -> str:
    return f" e {cardinal(second, noun=True)} second{'o' if second == 1 else 'i'}"


CLOCK: Final = Clock(
    joints=("alle", "alle ore", "e le"),
    numbers=re.compile(
        r"\b(?:valore|pi greco|indice|coefficiente|fattore|ph|versione)"
        r"(?:[^.;:!?\d]{0,30}\s(?:di|è di|è)|:)?\s$",
        re.I,
    ),
    dotted=re.compile(
        r"\b(?:(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|oggi|domani|dopodomani|mattina|mattino|sera"
        r"|pomeriggio|apertura|chiusura|inizio|fine|partenza|arrivo|ritrovo|appuntamento|visita|orario|apre|chiude"
        r"|inizia|parte|arriva|ingresso|messa)(?:\s\d{1,2}\s[a-z]{3,9}(?:\s\d{4})?)?[:,]?\s(?:h\s)?$",
        re.I,
    ),
    amounts=re.compile(
        r"(?:prezz|cost|import|total|tass|pag[aoh]|valor|euro|€|tariff|quot[ae]|somma|media|vot[oi]|punteggio|sconto"
        r"|aument|biglietti|rat[ae]\b|interess|versione)[^.!?;]*(?:\d\.\d\d[^.!?;]*)?$",
        re.I,
    ),
    said=_time,
    seconds=_seconds,
)

"""German dates, declined by what stands before them ("am dritten", "der dritte"), and times of day."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages.de.numbers import cardinal, ordinal, year
from campaign.speech.languages.record import Calendar, Clock


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    article = {"en": "dem ", "er": "der ", "e": "der "}[ending] if weekday else ""
    words = ordinal(day.day, ending="e" if article == "der " else ending)
    month = _AUSTRIAN.get(month, month) if region == "AT" else month
    text = f"{article}{words} {month}" + (f" {year(day.year)}" if with_year else "")
    return f"{weekday}, {text}" if weekday else text


_AUSTRIAN: Final = {"Januar": "Jänner"}


CALENDAR: Final = Calendar(
    birth=re.compile(
        r"\b(?:geb(?:oren)?\.?|Geburtsdatum|Geburtstag|verstorben|gest\.?)\W*(?:ist|war|lautet|am|der|den)?\W*(?:der|am)?\W*$",
        re.I,
    ),
    month_names={"mrz": 3},
    order="dmy",
    said=_said,
    capital_months=True,
    day_first=True,
    expiry=True,
    ambiguous_months=frozenset({"mai"}),
)

_CLOCK_WORD: Final = re.compile(r"\s?(?:Uhr|h)\b")


def _time(hour: int, minute: int, *, region: str = "") -> str:
    head = f"{cardinal(hour, noun=True)} Uhr"
    return head if minute == 0 else f"{head} {cardinal(minute)}"


def _repeated(words: str, right: str) -> int:
    match = _CLOCK_WORD.match(right)
    return match.end() if match else 0


def _seconds(second: int, *, region: str = "") -> str:
    return f" und {cardinal(second, gender='f', noun=True)} Sekunde{'' if second == 1 else 'n'}"


CLOCK: Final = Clock(
    words=("Uhr",),
    joints=("bzw.",),
    numbers=re.compile(
        r"\b(?:wert|\w+wert|index|version|faktor|quote|koeffizient|pi)"
        r"(?:\s(?:ist|von|beträgt|liegt bei|war)|:)?\s$",
        re.I,
    ),
    dotted=re.compile(
        r"\b(?:(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|sonnabends?|heute|morgen|übermorgen|früh|abends?"
        r"|nachmittags?|vormittags?|mittags?|morgens|termin|treffpunkt|treffen|beginn|start|ende|einlass|ankunft"
        r"|abfahrt|abflug|uhrzeit|zeit|training|gottesdienst|messe|visite|sprechstunde|fährt|beginnt|startet|endet"
        r"|kommt|öffnet|geöffnet)(?:\s(?:früh|abend|nachmittag|vormittag|mittag|morgen))?"
        r"(?:,?\s(?:(?:den|dem|der)\s)?\d{1,2}\.\s?(?:\d{1,2}\.(?:\d{2,4})?|[a-zä]{3,9}\.?(?:\s\d{4})?))?[:,]?\s"
        r"(?:ca\.\s)?$|\b(?:bis|nach|vor)\s$",
        re.I,
    ),
    amounts=re.compile(
        r"(?:preis|betr[aä]g|kost|wert|zins|rabatt|gebühr|summe|kurs|note|schnitt|punkte|prozent|rate|lohn|gehalt|miete"
        r"|zahl|ticket|karten|eintritt|tarif|gutschein|euro|€|verbrauch|umsatz|gewinn|verlust|rendite|wachstum|anstieg"
        r"|gestiegen|gesunken|steig|sink|sank|stieg|version|update)[^.!?;]*(?:\d\.\d\d[^.!?;]*)?$",
        re.I,
    ),
    said=_time,
    repeated=_repeated,
    seconds=_seconds,
)

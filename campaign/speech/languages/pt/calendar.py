"""Portuguese dates and times of day."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages.pt.numbers import cardinal, year
from campaign.speech.languages.record import Calendar, Clock
from campaign.speech.languages.romance import repeated


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    first = "primeiro" if day.day == 1 and region == "BR" else cardinal(day.day, region=region)
    text = f"{first} de {month}" + (f" de {year(day.year, region=region)}" if with_year else "")
    return f"{weekday}, {text}" if weekday else text


CALENDAR: Final = Calendar(
    birth=re.compile(
        r"\b(?:nascid[oa]s?|nasceu|nasc\.?|nascimento)"
        r"\W*(?:é|era|em|a|no dia)?\W*(?:em|a|dia)?\W*$",
        re.I,
    ),
    order="dmy",
    said=_said,
    month_year=lambda month, year: f"{month} de {year}",
    ambiguous_months=frozenset({"mar", "mai"}),
    day_first=True,
    expiry=True,
)


def _time(hour: int, minute: int, *, region: str = "") -> str:
    head = f"{cardinal(hour, gender='f', noun=True, region=region)} {'hora' if hour == 1 else 'horas'}"
    if minute == 0:
        return head
    return f"{head} e {cardinal(minute, region=region)} {'minuto' if minute == 1 else 'minutos'}"


def _seconds(second: int, *, region: str = "") -> str:
    return f" e {cardinal(second, noun=True, region=region)} segundo{'' if second == 1 else 's'}"


CLOCK: Final = Clock(
    joints=("às",),
    numbers=re.compile(
        r"\b(?:valor|índice|versão|fator|coeficiente|ph|pi)"
        r"(?:[^.;:!?\d]{0,30}\s(?:de|é de|é)|:)?\s$",
        re.I,
    ),
    dotted=re.compile(
        r"\b(?:(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|sábado|domingo|hoje|amanhã|manhã|tarde|noite)"
        r"(?:,?\s\d{1,2}\sde\s[a-zç]{3,9}(?:\sde\s\d{4})?)?[:,]?\s$",
        re.I,
    ),
    said=_time,
    repeated=repeated(re.compile(r"\s?(?:h|horas?)\b")),
    seconds=_seconds,
)

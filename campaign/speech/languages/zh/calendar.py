"""Chinese dates and times of day."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages.record import Calendar, Clock
from campaign.speech.languages.romance import repeated
from campaign.speech.languages.zh.numbers import cardinal, year


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    head = f"{year(day.year)}年" if with_year else ""
    return f"{head}{cardinal(day.month)}月{cardinal(day.day)}日{weekday}"


CALENDAR: Final = Calendar(
    birth=re.compile(r"(?:出生|生于|生日|出生日期|出生于)[是为于在：:]?\s?$", re.I),
    said=_said,
    short_order="mdy",
    month_year=lambda month, year: f"{year}{'' if year.endswith('年') else '年'}{month}",
)


def _time(hour: int, minute: int, *, region: str = "") -> str:
    head = f"{cardinal(hour, noun=True)}点"
    if minute == 0:
        return head
    return f"{head}{'零' if minute < 10 else ''}{cardinal(minute)}分"


def _seconds(second: int, *, region: str = "") -> str:
    return f"{cardinal(second, noun=True)}秒"


CLOCK: Final = Clock(said=_time, repeated=repeated(re.compile(r"\s?点")), seconds=_seconds)

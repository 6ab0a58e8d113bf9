"""English dates and times of day."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.en.numbers import AND_REGIONS, cardinal, ordinal, year
from campaign.speech.languages.record import Calendar, Clock
from campaign.speech.wordlist import words

_OWN_NAMES: Final = {"sept": 9}
MONTHS: Final = {**cldr.months("en"), **_OWN_NAMES}
"""The number of a month by its names, small letters."""
_DAY_FIRST: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.)? (?:of )?[^\W\d]")


def _said(day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str) -> str:
    ordinal_day = ordinal(day.day)
    when = year(day.year, region=region) if with_year else ""
    if region in AND_REGIONS:
        text = f"the {ordinal_day} of {month}" + (f" {when}" if when else "")
    else:
        text = f"{month} {ordinal_day}" + (f", {when}" if when else "")
    return f"{weekday}, {text}" if weekday else text


def _region_written(written: str, region: str) -> str:
    """Written day first, read day first."""
    return region if region in AND_REGIONS or not _DAY_FIRST.match(written) else "GB"


CALENDAR: Final = Calendar(
    said=_said,
    orders={"US": "mdy", **dict.fromkeys(words("GB IE AU NZ IN ZA MT SG HK PK BD LK NG KE GH JM TT"), "dmy")},
    birth=re.compile(r"\b(?:born|birth|DOB|D\.O\.B\.?|b\.)\W*(?:is|was|on|date)?\W*$", re.I),
    month_names=_OWN_NAMES,
    ambiguous_months=frozenset({"mar", "may"}),
    capital_months=True,
    article="the ",
    region_written=_region_written,
)


_HALF_OPEN: Final = re.compile(r"([1-9]|1[01])[:.](\d\d)(?::\d\d)?|(12)[:.](?!00)(\d\d)(?::\d\d)?")
"""`2:30` says neither morning nor afternoon; `09:30` and `14:30` are by the clock of 24 hours."""
_BY_THE_OTHER_CLOCK: Final = re.compile(r"\s?(?:[-–—]|to|until|and)\s?(?:1[3-9]|2[0-4])[:.]")


def _half_open(written: str, right: str) -> str:
    match = _HALF_OPEN.fullmatch(written)
    if match is None or _BY_THE_OTHER_CLOCK.match(right):
        return ""
    hour, minute = (int(figures) for figures in match.groups() if figures)
    if minute > _LAST_MINUTE:
        return ""
    head = cardinal(hour)
    if minute == 0:
        return f"{head} o'clock"
    return f"{head} oh {cardinal(minute)}" if minute < 10 else f"{head} {cardinal(minute)}"


_LAST_MINUTE: Final = 59


def _by_halves(hour: int, minute: int, *, region: str = "") -> str:
    if minute == 0 and hour in (0, 12, 24):
        return "twelve noon" if hour == 12 else "midnight"
    half = "AM" if hour < 12 else "PM"
    head = cardinal((hour - 1) % 12 + 1)
    if minute == 0:
        return f"{head} {half}"
    tail = f"oh {cardinal(minute)}" if minute < 10 else cardinal(minute)
    return f"{head} {tail} {half}"


_NOON: Final = re.compile(r"\s?(?:noon|midnight)\b")
_CLOCK_WORD: Final = re.compile(r"\s?(?:o['’]clock|hrs|hours)\b")


def _repeated(said: str, right: str) -> int:
    match = (_NOON if said.endswith(("noon", "midnight")) else _CLOCK_WORD).match(right)
    return match.end() if match else 0


def _seconds(second: int, *, region: str = "") -> str:
    return f" and {cardinal(second)} second{'' if second == 1 else 's'}"


CLOCK: Final = Clock(
    words=("hr", "hrs"), said=_by_halves, half_open=_half_open, repeated=_repeated, seconds=_seconds
)

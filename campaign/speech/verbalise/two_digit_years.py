"""The century of a year that is written with two digits; where two are plausible, an error that names both.

The answer never depends on the clock at reading time: `reference` is the day that the campaign was submitted, kept in
its lock. A day that lies in the past (a birth, a last visit) is the latest that is not after the reference; one that
lies ahead (a due date) is the earliest of the reference's year or a later one.
"""

from __future__ import annotations

import datetime

from campaign.speech.typed import UnreadableValueError

DIRECTIONS = ("past", "future")
"""Where a day lies that is written with two digits of its year."""
UNSAID = "unsaid"
"""In place of a direction where the year is not said: any century does."""
PIVOT = 40
"""Without a direction, two digits below it are a year of this century, and the others may be of the last one."""
FIRST_REFERENCE = 25
LAST_REFERENCE = 39
"""Two digits of years in which a campaign may have been submitted whose day is not known."""
_SLACK = 1
"""Years after the reference in which a past day is doubted: rows are mended later than the campaign was submitted."""
_HORIZON = 75
"""Years ahead from which on a future day is doubted."""


def full_year(figures: str, month: int, day: int, written: str, direction: str, reference: str) -> int:
    """The year that `figures`, two or four digits, stand for; raises `UnreadableValueError` where it is two."""
    year = int(figures)
    if len(figures) != 2:
        return year
    if direction == UNSAID:
        return 2000 + year
    if not direction:
        return 2000 + year if year < PIVOT else _doubted(written, 1900 + year, month, day, "")
    if not reference:
        return _without_reference(year, month, day, written, direction)
    today = datetime.date.fromisoformat(reference)
    if direction == "past":
        now = (today.year, today.month, today.day)
        latest = today.year - (today.year - year) % 100
        if (latest, month, day) > now:
            latest -= 100
        if (latest + 100, month, day) <= (today.year + _SLACK, *now[1:]):
            return _doubted(written, latest, month, day, direction)
        return latest
    earliest = today.year + (year - today.year) % 100
    return (
        earliest
        if earliest < today.year + _HORIZON
        else _doubted(written, earliest - 100, month, day, direction)
    )


def _without_reference(year: int, month: int, day: int, written: str, direction: str) -> int:
    """What holds whenever a campaign was submitted, from 2025 to 2039."""
    if direction == "past":
        if FIRST_REFERENCE <= year <= LAST_REFERENCE:
            return _doubted(written, 1900 + year, month, day, direction)
        return 2000 + year if year < FIRST_REFERENCE else 1900 + year
    return 2000 + year if year >= LAST_REFERENCE else _doubted(written, 2000 + year, month, day, direction)


def _doubted(written: str, year: int, month: int, day: int, direction: str) -> int:
    """Raises the error of a year of two centuries, the first being `year`."""
    raise UnreadableValueError(
        "ambiguous-date",
        f"{written!r} is {year}-{month:02}-{day:02} or {year + 100}-{month:02}-{day:02}",
        "write the year with four digits"
        if direction
        else 'declare the column as "date dmy past" or "date dmy future", or write the year with four digits',
    )

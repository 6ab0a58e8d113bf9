"""What figures with a stroke or a point mean: a day or a part, a time or a number, a month of a year."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Occurrence, Reader
from campaign.speech.languages.shaping import any_of
from campaign.speech.revision import REFERENCE_DATE
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.verbalise.durations import duration as read_duration
from campaign.speech.verbalise.numbers import cardinal


def _fraction(found: Occurrence) -> TypedValue:
    """`3/4 cup`; by itself at the end of a clause `3/4` may be a day of a month too."""
    calendar, parts = found.language.calendar, re.fullmatch(r"(\d{1,2})/(\d{1,2})", found.written)
    if parts is not None and int(parts[1]) > int(parts[2]) and _DAY_BEFORE.search(found.text[: found.start]):
        return _date(found)
    if parts is None or calendar is None or parts[0] == "1/2" or not _stands_alone(found) or _is_part(found):
        return typed(Kind.FRACTION, found.written)
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {parts[1]} of {parts[2]} parts, or a day of a month",
        "write the month in words, or what it is a part of",
    )


_DAY_BEFORE: Final = re.compile(r"\b\d{1,2}/\d{1,2}\b")
_CLAUSE_ENDS: Final = re.compile(r"\s*(?:[.,;:!?)]|$)")
_HALVED: Final = re.compile(r"[\d+×=]\s*$")
_UP_TO: Final = re.compile(r"(?:\s?[-–]\s?|\s\w{1,3}\s)[1-9]/[1-9]\d?(?!\w)")


def _stands_alone(found: Occurrence) -> bool:
    """Whether nothing stands after it of which it could be a part: the clause ends, or a time follows."""
    if _CLAUSE_ENDS.match(found.right):
        return True
    right = found.right.removeprefix(" ")
    return any(
        right.startswith(lead) and right[len(lead) :][:1].isdecimal() for lead in found.language.leads.time
    )


def _is_part(found: Occurrence) -> bool:
    """Whether what stands beside `2/3` shows that it is a part of something."""
    agreement = found.language.agreement
    last = _UP_TO.match(found.right)
    if agreement.parted.match(found.right, last.end() if last else 0) or agreement.parting.search(found.left):
        return True
    return _HALVED.search(found.left) is not None


def _day_month(found: Occurrence) -> TypedValue:
    """`by 5/6`, but not `by 5/6 of the votes`."""
    first, second = (int(part) for part in found.written.split("/"))
    if first < second <= _LARGEST_PART and _is_part(found):
        return typed(Kind.FRACTION, found.written)
    return _date(found)


_LARGEST_PART: Final = 10
"""`3/10` is a fraction, `3/12` none that people write."""


def _date(found: Occurrence) -> TypedValue:
    calendar = found.language.calendar
    if calendar is not None and calendar.birth.search(found.left):
        return typed(Kind.DATE, found.written, direction="past", reference=REFERENCE_DATE)
    return typed(Kind.DATE, found.written)


def _dotted(found: Occurrence) -> TypedValue:
    """`ab 9.30`, but not `Karten ab 9.30`."""
    clock = found.language.clock
    if clock is not None and clock.amounts.search(found.left):
        raise _time_or_number(found)
    return typed(Kind.TIME, found.written, clock="any")


def _undecided(found: Occurrence) -> TypedValue:
    """`9.30`: a time where what stands before it says so, a number where it counts, else an error that names both."""
    clock = found.language.clock
    if clock is not None and (
        (clock.dotted.search(found.left) or _AFTER_A_DATE.search(found.left))
        and not clock.amounts.search(found.left)
    ):
        return typed(Kind.TIME, found.written, clock="any")
    if clock is not None and clock.numbers.search(found.left):
        return typed(Kind.CARDINAL, found.written)
    counted = found.language.agreement.counted.match(found.right)
    if (
        counted and not _is_so_long(found) and not found.right[1:2].isupper()
    ):  # a German noun may be a place too: `9.30 Rathaus`
        return typed(Kind.CARDINAL, found.written)
    raise _time_or_number(found)


_AFTER_A_DATE: Final = re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.](?:\d\d)?\d\d,?\s$")


def _is_so_long(found: Occurrence) -> bool:
    """`9.30 horas`: so long, or at that time."""
    durations = found.language.durations
    words = durations.written["h"].split() if durations is not None else ()
    return re.match(rf"\s(?:{any_of(words)})\b", found.right) is not None if words else False


def _time_or_number(found: Occurrence) -> UnreadableValueError:
    hour, minute = found.written.split(".")
    return UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {hour}:{minute} or the number {hour},{minute}",
        f"write {hour}:{minute} for the time, {hour},{minute} for the number",
    )


def _duration(found: Occurrence) -> TypedValue:
    match = re.match(r"[\d:]+", found.written)
    assert match is not None
    durations = found.language.durations
    word = found.written[match.end() :].strip(" .")
    in_minutes = durations is not None and word in durations.written["min"].split()
    value = typed(Kind.DURATION, match[0], form="m:ss" if in_minutes else "h:mm")
    context = Context(language=found.language.code, region=found.region)
    return in_words(found.written, read_duration(value, context).text)


def _offset(found: Occurrence) -> TypedValue:
    """`UTC+01:00`."""
    match = re.fullmatch(r"([A-Z]+)\s?([+\-−])(\d+)(?::(\d\d))?", found.written)
    assert match is not None
    room = found.language
    sign = room.words.plus if match[2] == "+" else room.words.minus
    figures = [int(match[3]), *([int(match[4])] if int(match[4] or 0) else [])]
    said = [cardinal(number, room.code, region=found.region) for number in figures]
    return in_words(found.written, " ".join((" ".join(match[1]), sign, *said)))


def _month_of_year(found: Occurrence) -> TypedValue:
    """`04/2027`; `12/25` only where something is valid so long: to many it is a day of December."""
    month, _, when = found.written.partition("/")
    is_day_too = len(when) == 2 and int(when) <= _LONGEST_MONTH and month.isdecimal()
    is_valid = found.left.endswith(found.language.leads.expiry) or found.language.leads.cards.search(
        found.left
    )
    if is_day_too and not is_valid:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{found.written!r} is month {int(month)} of 20{when}, or day {int(when)} of month {int(month)}",
            f"write {month}/20{when} for the month, or the day with its month in words",
        )
    return typed(Kind.DATE, found.written, order="my")


_LONGEST_MONTH: Final = 31


DATED: Final[dict[str, Reader]] = {
    "iso": _date,
    "date": _date,
    "daymonth": _day_month,
    "clock": _dotted,
    "undecided": _undecided,
    "fraction": _fraction,
    "duration": _duration,
    "offset": _offset,
    "monthyear": _month_of_year,
}
"""By reading."""

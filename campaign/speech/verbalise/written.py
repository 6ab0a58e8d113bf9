"""Reading what is written: numbers, dates and times by locale, strictly, to Python values.

Separators and month names are CLDR's, through Babel. A machine's form (`1234.50`, `2026-12-03`) is taken in
every locale, because no locale reads it otherwise; whatever has two readings is an error that names both.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from campaign.speech.languages import cldr, registry
from campaign.speech.number_format import split_figures
from campaign.speech.typed import UnreadableValueError
from campaign.speech.verbalise.two_digit_years import full_year
from workers.digits import are_digits

_SPACES = "\u0020\u00a0\u202f\u2009"
_MAX_FIGURES = 15
_FIRST_YEAR = 1000
"""`03.12.0026` is how a program writes two digits of a year."""
_APOSTROPHES = "'’"


@lru_cache(maxsize=256)
def separators(language: str, region: str) -> tuple[str, str]:
    """(decimal, grouping) signs of a locale, as its people write; grouping may be several alternatives."""
    decimal, group = cldr.separators(language, region)
    room = registry.language(language)
    return decimal, group + (room.writing.groups if room is not None and group.isspace() else "")


def ascii_digits(text: str) -> str:
    r"""Decimal digits of any script as ASCII digits; `¹` and `①` are none and stay.

    The patterns of the front end look for them all, by the `\d` that Python reads as Unicode does: an amount in the
    figures of a recipient's own script is an amount. What was found comes through here before it is counted with.
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def has_other_figures(text: str) -> bool:
    """Whether there are figures that are no decimal digits, `¹` or `①`: a footnote, a power, a list, nobody knows."""
    return any(c.isdigit() and not c.isdecimal() for c in text)


def parse_number(written: str, language: str, region: str = "", number: str = "") -> Decimal:
    """The number that `written` shows in this locale, or in the format that its column has.

    Raises `UnreadableValueError`.
    """
    return _parse_number(written, language, region, number)


@lru_cache(maxsize=16384)
def _parse_number(written: str, language: str, region: str, number: str = "") -> Decimal:
    text = ascii_digits(written.strip()).replace("−", "-")
    if re.fullmatch(r"[+-]?\.\d+", text) or (number and re.fullmatch(r"[+-]?,\d+", text)):
        text = re.sub(r"(?=[.,])", "0", text)
    match = re.fullmatch(r"([+-]?)(\d[\d.,'’\u0020\u00a0\u202f\u2009]*)", text)
    if not match:
        raise _not_a_number(written)
    sign, body = match.groups()
    whole, fraction = (
        split_figures(body, number) if number else _split(body, *separators(language, region), written)
    )
    if len(whole.lstrip("0")) > _MAX_FIGURES or len(fraction) > _MAX_FIGURES:
        raise UnreadableValueError(
            "number-too-large", f"{written[:40]!r} has too many figures", "declare it as digits or spell"
        )
    return Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")


def _split(body: str, decimal: str, group: str, written: str) -> tuple[str, str]:
    body = re.sub(rf"[{_SPACES}{_APOSTROPHES}](?=\d{{3}}(?!\d))", "\u00a0", body)
    points = [c for c in body if c in ".,"]
    if not points:
        return _grouped(body, "\u00a0", written), ""
    last = points[-1]
    head, _, tail = body.rpartition(last)
    if len(set(points)) == 2:
        other = "," if last == "." else "."
        if points.count(last) != 1 or not are_digits(tail):
            raise _not_a_number(written)
        return _grouped(head.replace("\u00a0", other), other, written), tail
    if len(points) > 1:
        return _grouped(body.replace("\u00a0", last), last, written), ""
    if not are_digits(tail):
        raise _not_a_number(written)
    head = _grouped(head, "\u00a0", written)
    if (
        len(tail) == 3
        and "\u00a0" not in body
        and last != decimal
        and len(head) <= 3
        and head[:1] not in ("", "0")
    ):
        if last in group:
            return head + tail, ""
        raise UnreadableValueError(
            "ambiguous-number",
            f"{written!r} is {head}{tail}, or {head} and {tail} thousandths",
            f"write {head}{tail}, or {head}{decimal}{tail}",
        )
    return head, tail


def _grouped(text: str, separator: str, written: str) -> str:
    parts = text.split(separator)
    if not all(are_digits(part) for part in parts):
        raise _not_a_number(written)
    if separator == "," and re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}", text):  # lakhs
        return "".join(parts)
    if len(parts) > 1 and (len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:])):
        raise _not_a_number(written)
    return "".join(parts)


def _not_a_number(written: str) -> UnreadableValueError:
    return UnreadableValueError(
        "not-a-number", f"{written!r} is not a number", "write it as 1234.50 or as the locale does"
    )


@lru_cache(maxsize=64)
def month_names(language: str) -> Mapping[str, int]:
    """Lower-case month names, wide and abbreviated, to numbers."""
    room = registry.language(language)
    own = room.calendar.month_names if room is not None and room.calendar is not None else {}
    return {**cldr.months(language), **own}


@lru_cache(maxsize=16384)
def parse_date(
    written: str,
    order: str = "",
    language: str = "",
    direction: str = "",
    reference: str = "",
    usual: str = "",
) -> datetime.date:
    """The day that `written` shows; raises `UnreadableValueError` with both readings when it has two.

    `order` is the declared order: `dmy`, `mdy`, `ymd`, `ydm`, `iso`, or empty when none is declared. `direction` and
    `reference` say which century two digits of a year mean, see `two_digit_years`. `usual` is the order that
    people of the locale write, where that is one: it decides where none is declared.
    """
    text = ascii_digits(written.strip())
    if parts := _in_a_row(text, order):
        return _day(int(parts["y"]), int(parts["m"]), int(parts["d"]), written)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?", text):
        return _day(int(match[1]), int(match[2]), int(match[3]), written)
    if order == "iso":
        raise _not_a_date(written, "2026-12-03")
    if match := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text) or re.fullmatch(
        r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]", text
    ):
        return _day(int(match[1]), int(match[2]), int(match[3]), written)
    match = re.fullmatch(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})", text)
    if not match:
        return _named_month(text, written, language, direction, reference)
    first, mark, second = int(match[1]), match[2], int(match[3])
    if order == "ymd":
        raise _not_a_date(written, "2026-12-03")
    if order not in ("dmy", "mdy") and mark != "." and first <= 12 >= second and first != second:
        if usual:
            order = usual
        else:
            raise _two_orders(written, match[4], first, second)
    is_month_first = order == "mdy" or (mark != "." and first <= 12 < second)
    month, day = (first, second) if is_month_first and order != "dmy" else (second, first)
    _day(2000, month, day, written)  # what is no day has no century
    return _day(full_year(match[4], month, day, written, direction, reference), month, day, written)


def _two_orders(written: str, year: str, first: int, second: int) -> UnreadableValueError:
    return UnreadableValueError(
        "ambiguous-date",
        f"{written!r} is {year}-{second:02}-{first:02} (day first) or {year}-{first:02}-{second:02} (month first)",
        'declare the column as "date dmy" or "date mdy", or write 2026-12-03',
    )


def _in_a_row(text: str, order: str) -> dict[str, str] | None:
    """The parts of `20261203` by the declared order, and of `2026-31-12` by the order `ydm`."""
    patterns = {"d": r"(?P<d>\d\d)", "m": r"(?P<m>\d\d)", "y": r"(?P<y>\d{4})"}
    if sorted(order) != ["d", "m", "y"]:
        return None
    mark = "[-./]?" if order == "ydm" else ""
    match = re.fullmatch(mark.join(patterns[letter] for letter in order), text)
    return match.groupdict() if match else None


def _named_month(
    text: str, written: str, language: str, direction: str = "", reference: str = ""
) -> datetime.date:
    names = month_names(language) if language else {}
    match = re.fullmatch(r"(\d{1,2})([-./])([^\W\d]+)\.?\2(\d{2})", text.lower())  # `03-Dec-26`
    if match and match[3] in names:
        day, month = int(match[1]), names[match[3]]
        return _day(full_year(match[4], month, day, written, direction, reference), month, day, written)
    words = [] if has_other_figures(text) else re.findall(r"\d+|[^\W\d]+", text.lower())
    months = [names[word] for word in words if word in names]
    numbers = [int(word) for word in words if are_digits(word)]
    years = [word for word in words if are_digits(word) and int(word) > 31]
    days = [value for value in numbers if value <= 31]
    if len(months) == 1 and len(years) == 1 and len(days) == 1:
        year = full_year(years[0], months[0], days[0], written, direction, reference)
        return _day(year, months[0], days[0], written)
    raise _not_a_date(written, "2026-12-03")


def _day(year: int, month: int, day: int, written: str) -> datetime.date:
    if year < _FIRST_YEAR:
        raise UnreadableValueError(
            "no-such-date",
            f"{written!r} is in the year {year}: a program has lost its century",
            "write the year with its four digits, for example 2026-12-03",
        )
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise UnreadableValueError(
            "no-such-date",
            f"{written!r} is not a day of the calendar",
            "correct the date, for example 2026-12-03",
        ) from None


def _not_a_date(written: str, example: str) -> UnreadableValueError:
    return UnreadableValueError(
        "not-a-date", f"{written!r} is not a date of the declared order", f"write it as {example}"
    )


_TIME = re.compile(
    r"(\d{1,2})(?:\s?[:.hH时点]\s?(\d{2})|[时点](\d)(?=分))?(?::(\d{2}))?\s?(?:分|min|Uhr|hs|hrs?|horas?|heures?|[hH]|点|时|時)?\.?\s?([AaPp]\.?\s?[Mm]\.?)?"
)


@lru_cache(maxsize=4096)
def parse_time(written: str) -> tuple[int, int, int]:
    """(hour, minute, second) that `written` shows, 24:00 being the end of a day; raises `UnreadableValueError`."""
    text = ascii_digits(written.strip()).replace("：", ":")
    text = re.sub(r"(?<=\d)\s?Uhr\s?(?=\d\d$)", ":", text)  # `9 Uhr 30`
    match = _TIME.fullmatch(text)
    if not match or (match[2] is None and are_digits(text)):
        raise _not_a_time(written)
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    half = (match[5] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise _not_a_time(written)
        hour = hour % 12 + (12 if half == "p" else 0)
    second = int(match[4] or 0)
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 59:
        raise _not_a_time(written)
    return hour, minute, second


def _not_a_time(written: str) -> UnreadableValueError:
    return UnreadableValueError("not-a-time", f"{written!r} is not a time of day", "write it as 14:30")

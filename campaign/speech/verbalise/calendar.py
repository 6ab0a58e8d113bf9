"""Dates as a native speaker reads them, and declines them by what stands before."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from campaign.speech.languages.cldr import wide_names
from campaign.speech.languages.record import Calendar
from campaign.speech.languages.registry import lacking, spoken
from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import year
from campaign.speech.verbalise.two_digit_years import UNSAID
from campaign.speech.verbalise.written import (
    ascii_digits,
    has_other_figures,
    month_names,
    parse_date,
)
from workers.digits import are_digits


def month_name(month: int, language: str) -> str:
    """The wide name of a month, 1 to 12."""
    return wide_names("month", language)[month]


def calendar_of(language: str) -> Calendar:
    """The calendar of a language; raises `UnreadableValueError` where it has none."""
    room = spoken(language, "a date")
    if room.calendar is None:
        raise lacking(room, "dates")
    return room.calendar


def date(value: TypedValue, context: Context) -> Reading:
    """A day of the calendar; options `order`, `weekday`, `year` (`false` leaves the year out)."""
    calendar = calendar_of(context.language)
    written = value.written
    order = value.option("order")
    if order in ("my", "ym", "m"):
        return Reading(text=_month_said(_month_words(written, order, context), calendar, context))
    if order in ("dm", "md"):
        written = _in_day_order(written, order)
    _refuse_month_first(written, context.language)
    if month_and_year := _month_and_year(written, context.language, context.region):
        return Reading(text=_month_said(month_and_year, calendar, context))
    usual = calendar.orders.get(context.region, calendar.order)
    short = _without_year(written, context.language, usual or calendar.short_order)
    with_year = short is None and value.option("year") != "false" and order not in ("dm", "md")
    is_year_heard = with_year or value.option("weekday") == "true"
    direction = value.option("direction") if is_year_heard else UNSAID
    day = short or parse_date(written, order, context.language, direction, value.option("reference"), usual)
    text = _said(
        day,
        context.language,
        calendar.region_written(written, context.region),
        with_year,
        value.option("weekday") == "true" and short is None,
        spoken(context.language, "a date").agreement.ending(context.left, "m"),
    )
    article = calendar.article
    if article and text.startswith(article) and re.search(rf"\b{article.strip()}\s$", context.left, re.I):
        text = text.removeprefix(article)
    return Reading(text=text)


def _month_said(words: str, calendar: Calendar, context: Context) -> str:
    """A month behind an article: "el mes de septiembre"."""
    where, article = calendar.before_month or (None, "")
    return article + words if where is not None and where.search(context.left) else words


@lru_cache(maxsize=16384)
def _said(
    day: datetime.date, language: str, region: str, with_year: bool, with_weekday: bool, ending: str
) -> str:
    weekday = wide_names("day", language)[day.weekday()] if with_weekday else ""
    return calendar_of(language).said(
        day,
        month=month_name(day.month, language),
        weekday=weekday,
        region=region,
        with_year=with_year,
        ending=ending,
    )


def _in_day_order(written: str, order: str) -> str:
    """`09/10` by its declared order as `10.9.`, which has one reading; what is no such pair stays."""
    match = re.fullmatch(r"\s*(\d{1,2})\s?[-./ ]\s?(\d{1,2})[./]?\s*", ascii_digits(written))
    if match is None:
        return written
    day, month = (match[1], match[2]) if order == "dm" else (match[2], match[1])
    return f"{day}.{month}."


def _month_words(written: str, order: str, context: Context) -> str:
    """`9/2026` by its declared order, or `9`, as a month with its year."""
    text, language = ascii_digits(written.strip()), context.language
    names = month_names(language)
    match = re.fullmatch(
        {"my": r"(\d{1,2})[-./ ](\d{4}|[23]\d)", "ym": r"(\d{4})[-./ ]?(\d{1,2})", "m": r"(\d{1,2})"}[order],
        text,
    )
    if match is None:
        named = re.fullmatch(r"([^\W\d]+)\.?" + ("" if order == "m" else r"[ ,]+(\d{4})"), text.lower())
        if named is None or named[1] not in names:
            raise UnreadableValueError("not-a-date", f"{written!r} is no month", "write it as 09/2026")
        month, when = names[named[1]], "" if order == "m" else named[2]
    else:
        groups = match.groups()[::-1] if order == "ym" else match.groups()
        month, when = int(groups[0]), "" if order == "m" else groups[1]
        when = f"20{when}" if len(when) == 2 else when
    if not 1 <= month <= 12:
        raise UnreadableValueError("no-such-date", f"{written!r} has no month {month}", "write it as 09/2026")
    words = month_name(month, language)
    if not when:
        return words
    return calendar_of(language).month_year(words, year(int(when), language, region=context.region))


def _refuse_month_first(written: str, language: str) -> None:
    """`Nov 26`, where a day stands before its month: a spreadsheet shows November 2026 so."""
    match = re.fullmatch(r"([^\W\d]{3,})\.?[\s-](\d{2})", written.strip())
    day_first = calendar_of(language).day_first
    if match and day_first and match[1].lower() in month_names(language) and int(match[2]) <= 31:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{written!r} is {match[1]} 20{match[2]} or the day {int(match[2])} of {match[1]}",
            "write it as 2026-11-26, or the month with its whole year",
        )


def _month_and_year(written: str, language: str, region: str) -> str:
    """`09/27` where the day stands first: no day of a month, so a month and its year; empty when it is none."""
    match = re.fullmatch(r"(0[1-9]|1[0-2])/([23]\d)", written)
    calendar = calendar_of(language)
    if not match or not calendar.expiry:
        return ""
    when = year(2000 + int(match[2]), language, region=region)
    return calendar.month_year(month_name(int(match[1]), language), when)


def _without_year(written: str, language: str, usual: str) -> datetime.date | None:
    """`3.12.`, `3. Dezember`, `3 de diciembre`: a leap year stands in, so that 29 February is a day."""
    text = ascii_digits(written.strip())
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.", text):
        return parse_date(f"{match[1]}.{match[2]}.2000")
    if match := re.fullmatch(r"(\d{1,2})月(\d{1,2})[日号]", text):
        return parse_date(f"{match[2]}.{match[1]}.2000")
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})", text):
        first, second = int(match[1]), int(match[2])
        if usual:
            return parse_date(f"{text}/2000", usual=usual)
        if first <= 12 and second <= 12 and first != second:
            raise UnreadableValueError(
                "ambiguous-date",
                f"{written!r} is day {first} of month {second} or day {second} of month {first}",
                "write the month in words, or the date as 2026-12-03",
            )
        return parse_date(f"{text}/2000")
    words = [] if has_other_figures(text) else re.findall(r"\d+|[^\W\d]+", text.lower())
    months = [word for word in words if word in month_names(language)]
    numbers = [word for word in words if are_digits(word)]
    if len(months) == 1 and len(numbers) == 1 and int(numbers[0]) <= 31:
        return parse_date(f"{numbers[0]}.{month_names(language)[months[0]]}.2000")
    return None


def year_value(value: TypedValue, context: Context) -> Reading:
    """A year that stands alone."""
    written = ascii_digits(value.written.strip())
    if not re.fullmatch(r"\d{3,4}", written):
        raise UnreadableValueError("not-a-year", f"{value.written!r} is not a year", "write it as 2026")
    return Reading(text=year(int(written), context.language, region=context.region))

"""Dates as a native speaker reads them.

German declines the day by what stands before it ("am dritten", "der dritte", "dritter Dezember").
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import AND_REGIONS, cardinal, ordinal, require_language, year
from campaign.speech.verbalise.two_digit_years import UNSAID
from campaign.speech.verbalise.wordlist import words
from campaign.speech.verbalise.written import (
    ascii_digits,
    has_other_figures,
    month_names,
    parse_date,
)
from workers.digits import are_digits

_DATIVE = words("zur am vom zum beim dem im ab seit den des bis")
_AMERICAS = words("MX AR CO CL PE VE EC GT CU BO DO HN PY SV NI CR PA UY PR US")


@lru_cache(maxsize=64)
def _calendar_names(what: str, language: str) -> dict[int, str]:
    from babel.dates import get_day_names, get_month_names

    if what == "month":
        return dict(get_month_names("wide", context="format", locale=language))
    return dict(get_day_names("wide", context="format", locale=language))


def month_name(month: int, language: str) -> str:
    """The wide name of a month, 1 to 12."""
    return _calendar_names("month", language)[month]


def date(value: TypedValue, context: Context) -> Reading:
    """A day of the calendar; options `order`, `weekday`, `year` (`false` leaves the year out)."""
    require_language(context.language, "a date")
    written = value.written
    order = value.option("order")
    if order in ("my", "ym", "m"):
        return Reading(text=_month_words(written, order, context.language))
    if order in ("dm", "md"):
        written = _in_day_order(written, order)
    _refuse_month_first(written, context.language)
    short = None if _month_and_year(written, context.language) else _without_year(written, context.language)
    if month_and_year := _month_and_year(written, context.language):
        article = re.search(r"\b(?:[Ee]l|[Aa]l|[Dd]el|[Ii]l|[Dd]al|[Ll]e|[Dd]u|[Aa]u)\s$", context.left)
        return Reading(text=_MONTH_OF.get(context.language, "") * bool(article) + month_and_year)
    with_year = short is None and value.option("year") != "false" and order not in ("dm", "md")
    is_year_heard = with_year or value.option("weekday") == "true"
    direction = value.option("direction") if is_year_heard else UNSAID
    day = short or parse_date(written, order, context.language, direction, value.option("reference"))
    ending = german_ending(context.left) if context.language == "de" else ""
    region = context.region
    if context.language == "en" and re.match(r"\d{1,2}(?:st|nd|rd|th)? (?:of )?[^\W\d]", written):
        region = region if region in AND_REGIONS else "GB"  # written day first, read day first
    text = _spoken_date(
        day,
        context.language,
        region,
        with_year,
        value.option("weekday") == "true" and short is None,
        ending,
    )
    if text.startswith("the ") and re.search(r"\bthe\s$", context.left, re.I):
        text = text.removeprefix("the ")
    return Reading(text=text)


def _in_day_order(written: str, order: str) -> str:
    """`09/10` by its declared order as `10.9.`, which has one reading; what is no such pair stays."""
    match = re.fullmatch(r"\s*(\d{1,2})\s?[-./ ]\s?(\d{1,2})[./]?\s*", ascii_digits(written))
    if match is None:
        return written
    day, month = (match[1], match[2]) if order == "dm" else (match[2], match[1])
    return f"{day}.{month}."


def _month_words(written: str, order: str, language: str) -> str:
    """`9/2026` by its declared order, or `9`, as a month with its year."""
    text = ascii_digits(written.strip())
    names = month_names(language)
    match = re.fullmatch(
        {"my": r"(\d{1,2})[-./ ](\d{4})", "ym": r"(\d{4})[-./ ]?(\d{1,2})", "m": r"(\d{1,2})"}[order], text
    )
    if match is None:
        named = re.fullmatch(r"([^\W\d]+)\.?" + ("" if order == "m" else r"[ ,]+(\d{4})"), text.lower())
        if named is None or named[1] not in names:
            raise UnreadableValueError("not-a-date", f"{written!r} is no month", "write it as 09/2026")
        month, when = names[named[1]], "" if order == "m" else named[2]
    else:
        groups = match.groups()[::-1] if order == "ym" else match.groups()
        month, when = int(groups[0]), "" if order == "m" else groups[1]
    if not 1 <= month <= 12:
        raise UnreadableValueError("no-such-date", f"{written!r} has no month {month}", "write it as 09/2026")
    words = _calendar_names("month", language)[month]
    if not when:
        return words
    spoken = year(int(when), language)
    if language == "zh":
        return f"{spoken}{'' if spoken.endswith('年') else '年'}{words}"
    return f"{words} de {spoken}" if language in ("es", "pt") else f"{words} {spoken}"


_DAY_FIRST = words("de es fr it pt")


def _refuse_month_first(written: str, language: str) -> None:
    """`Nov 26`, where a day stands before its month: a spreadsheet shows November 2026 so."""
    match = re.fullmatch(r"([^\W\d]{3,})\.?[\s-](\d{2})", written.strip())
    if match and language in _DAY_FIRST and match[1].lower() in month_names(language) and int(match[2]) <= 31:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{written!r} is {match[1]} 20{match[2]} or the day {int(match[2])} of {match[1]}",
            "write it as 2026-11-26, or the month with its whole year",
        )


_MONTH_OF = {"es": "mes de ", "it": "mese di ", "fr": "mois de "}


def _month_and_year(written: str, language: str) -> str:
    """`09/27` where the day stands first: no day of a month, so a month and its year; empty when it is none."""
    match = re.fullmatch(r"(0[1-9]|1[0-2])/([23]\d)", written)
    if not match or language in ("en", "zh"):
        return ""
    month, when = _calendar_names("month", language)[int(match[1])], year(2000 + int(match[2]), language)
    return f"{month} de {when}" if language in ("es", "pt") else f"{month} {when}"


def _without_year(written: str, language: str) -> datetime.date | None:
    """`3.12.`, `3. Dezember`, `3 de diciembre`: a leap year stands in, so that 29 February is a day."""
    text = ascii_digits(written.strip())
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.", text):
        return parse_date(f"{match[1]}.{match[2]}.2000")
    if match := re.fullmatch(r"(\d{1,2})月(\d{1,2})[日号]", text):
        return parse_date(f"{match[2]}.{match[1]}.2000")
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})", text):
        first, second = int(match[1]), int(match[2])
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


def german_ending(left: str) -> str:
    """The ending of a German ordinal, from the words before it: dative, nominative or no article."""
    before = re.findall(r"[^\W\d]+|\d+\.?|[,;:.!?]", left.lower())
    while before and (_TRANSPARENT.fullmatch(before[-1]) or _joins_ordinals(before)):
        before.pop()
    last = before[-1] if before else ""
    if last == "der":
        return "en" if len(before) > 1 and before[-2] in _DATIVE_PREPOSITIONS else "e"
    if last in _DATIVE or _WEAK_EN.fullmatch(last):
        return "en"
    return "e" if last in ("die", "das") or _WEAK_E.fullmatch(last) else "er"


def _joins_ordinals(before: list[str]) -> bool:
    """The `bis` of `1. bis 4. Klasse`: the second declines as the first."""
    return before[-1] == "bis" and len(before) > 1 and before[-2].endswith(".") and before[-2] != "."


_DATIVE_PREPOSITIONS = words("in an auf bei mit nach seit von zu aus vor hinter über unter neben zwischen ab")
_WEAK_EN = re.compile(r"(?:dies|jed|jen|welch|unser|ihr|mein|sein|dein|kein|ein|allen?|beid)(?:en|em|es|n)")
_WEAK_E = re.compile(r"(?:dies|jed|jen|welch)(?:er|e)|(?:unser|ihr|mein|sein|dein|kein|ein)e")
_TRANSPARENT = re.compile(
    r",|\d+\.?|und|oder|sowie|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
    r"|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
)
"""What may stand between the preposition and the day: `am Freitag, 3. Dezember`, `am 5. und 6. Januar`."""


@lru_cache(maxsize=16384)
def _spoken_date(
    day: datetime.date, language: str, region: str, with_year: bool, with_weekday: bool, ending: str
) -> str:
    month = _calendar_names("month", language)[day.month]
    weekday = _calendar_names("day", language)[day.weekday()] if with_weekday else ""
    text = _DATES[language](day, month, region, with_year, bool(weekday), ending)
    if not weekday:
        return text
    if language == "zh":
        return text + weekday
    return f"{weekday}, {text}" if language not in ("fr", "it", "es") else f"{weekday} {text}"


def _english(day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str) -> str:
    words = ordinal(day.day, "en")
    if region in AND_REGIONS:
        return f"the {words} of {month}" + (f" {year(day.year, 'en', region=region)}" if with_year else "")
    return f"{month} {words}" + (f", {year(day.year, 'en', region=region)}" if with_year else "")


def _german(day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str) -> str:
    article = {"en": "dem ", "er": "der ", "e": "der "}[ending] if weekday else ""
    words = ordinal(day.day, "de", ending="e" if article == "der " else ending)
    return f"{article}{words} {month}" + (f" {year(day.year, 'de')}" if with_year else "")


def _spanish(day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str) -> str:
    words = "primero" if day.day == 1 and region in _AMERICAS else cardinal(day.day, "es")
    return f"{words} de {month}" + (f" de {year(day.year, 'es')}" if with_year else "")


def _french(day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str) -> str:
    words = "premier" if day.day == 1 else cardinal(day.day, "fr")
    return f"{words} {month}" + (f" {year(day.year, 'fr')}" if with_year else "")


def _italian(day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str) -> str:
    words = "primo" if day.day == 1 else cardinal(day.day, "it")
    return f"{words} {month}" + (f" {year(day.year, 'it')}" if with_year else "")


def _portuguese(
    day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str
) -> str:
    words = "primeiro" if day.day == 1 and region == "BR" else cardinal(day.day, "pt", region=region)
    return f"{words} de {month}" + (f" de {year(day.year, 'pt')}" if with_year else "")


def _chinese(day: datetime.date, month: str, region: str, with_year: bool, weekday: bool, ending: str) -> str:
    head = f"{year(day.year, 'zh')}年" if with_year else ""
    return f"{head}{cardinal(day.month, 'zh')}月{cardinal(day.day, 'zh')}日"


_DATES = {
    "en": _english,
    "de": _german,
    "es": _spanish,
    "fr": _french,
    "it": _italian,
    "pt": _portuguese,
    "zh": _chinese,
}


def year_value(value: TypedValue, context: Context) -> Reading:
    """A year that stands alone."""
    written = ascii_digits(value.written.strip())
    if not re.fullmatch(r"\d{3,4}", written):
        raise UnreadableValueError("not-a-year", f"{value.written!r} is not a year", "write it as 2026")
    return Reading(text=year(int(written), context.language, region=context.region))

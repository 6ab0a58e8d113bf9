"""Every day of a leap year and every minute of a day beside CLDR: its numbers in words, its names of months."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache

import pytest
from babel.dates import get_month_names

from campaign.speech.typed import Context, Kind, TypedValue
from campaign.speech.verbalise.dispatch import read_aloud
from tests.unit.speech.languages.witness import Cldr, decisions, letters, plain


@cache
def witness(locale: str, rule: str) -> Cldr:
    return Cldr(locale, f"spellout-{rule}", decisions(locale[:2], "CLDR"))


def month(day: datetime.date, locale: str) -> str:
    return str(get_month_names("wide", "format", locale.replace("-", "_"))[day.month])


def year(day: datetime.date, locale: str) -> str:
    return witness(locale, "numbering-year").decided(day.year)


def plain_day(
    locale: str, rule: str = "cardinal-masculine", first: str = ""
) -> Callable[[datetime.date], str]:
    """The number of the day, or the word for the first."""
    words = witness(locale, rule)
    return lambda day: first if first and day.day == 1 else words.decided(day.day)


DATES: list[tuple[str, str, Callable[[datetime.date], str]]] = [
    ("en-US", "", lambda d: f"{month(d, 'en')} {witness('en-US', 'ordinal').decided(d.day)} {year(d, 'en-US')}"),
    ("en-GB", "", lambda d: (
        f"the {witness('en-GB', 'ordinal').decided(d.day)} of {month(d, 'en')} {year(d, 'en-GB')}"
    )),
    ("de-DE", "am ", lambda d: f"{witness('de', 'ordinal-n').decided(d.day)} {month(d, 'de')} {year(d, 'de')}"),
    ("de-AT", "der ", lambda d: f"{witness('de', 'ordinal').decided(d.day)} {month(d, 'de-AT')} {year(d, 'de')}"),
    ("de-CH", "", lambda d: f"{witness('de-CH', 'ordinal-r').decided(d.day)} {month(d, 'de')} {year(d, 'de-CH')}"),
    ("fr-FR", "le ", lambda d: f"{plain_day('fr', first='premier')(d)} {month(d, 'fr')} {year(d, 'fr')}"),
    ("fr-BE", "le ", lambda d: f"{plain_day('fr-BE', first='premier')(d)} {month(d, 'fr')} {year(d, 'fr-BE')}"),
    ("es-ES", "el ", lambda d: f"{plain_day('es', 'numbering')(d)} de {month(d, 'es')} de {year(d, 'es')}"),
    ("es-MX", "el ", lambda d: (
        f"{plain_day('es', 'numbering', 'primero')(d)} de {month(d, 'es')} de {year(d, 'es')}"
    )),
    ("it-IT", "il ", lambda d: f"{plain_day('it', 'numbering', 'primo')(d)} {month(d, 'it')} {year(d, 'it')}"),
    ("pt-PT", "a ", lambda d: (
        f"{plain_day('pt-PT', 'numbering')(d)} de {month(d, 'pt')} de {year(d, 'pt-PT')}"
    )),
    ("pt-BR", "em ", lambda d: (
        f"{plain_day('pt-BR', 'numbering', 'primeiro')(d)} de {month(d, 'pt')} de {year(d, 'pt-BR')}"
    )),
    ("zh-CN", "", lambda d: (
        f"{year(d, 'zh')}年{witness('zh', 'cardinal').decided(d.month)}月{witness('zh', 'cardinal').decided(d.day)}日"
    )),
]  # fmt: skip
"""(locale, what stands before, a day in the witness's words)."""
DAYS = [datetime.date(2024, 1, 1) + datetime.timedelta(days) for days in range(366)]
YEARS = [datetime.date(number, 3, 21) for number in range(1900, 2100)]


@pytest.mark.parametrize(("locale", "left", "expected"), DATES, ids=[locale for locale, *_ in DATES])
def test_days_are_said_with_the_witness_numbers(
    locale: str, left: str, expected: Callable[[datetime.date], str]
) -> None:
    language, _, region = locale.partition("-")
    context = Context(language=language, region=region, left=left)
    other = []
    for day in (*DAYS, *YEARS):
        said = read_aloud(TypedValue(kind=Kind.DATE, written=day.isoformat()), context).text
        if letters(plain(said)) != letters(plain(expected(day))):
            other.append((day.isoformat(), said, expected(day)))
    assert other == []


def hours(locale: str, hour: int) -> str:
    return witness(locale, "cardinal-feminine").decided(hour)


def french(locale: str) -> Callable[[int, int], str]:
    def words(hour: int, minute: int) -> str:
        if minute == 0 and hour in (0, 12):
            return "midi" if hour else "minuit"
        past = witness(locale, "cardinal-feminine").decided(minute) if minute else ""
        return f"{hours(locale, hour)} heure{'s' if hour > 1 else ''} {past}"

    return words


def italian(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12):
        return "mezzogiorno" if hour else "mezzanotte"
    return hours("it", hour) + (f" e {witness('it', 'numbering').decided(minute)}" if minute else "")


def portuguese(locale: str) -> Callable[[int, int], str]:
    def words(hour: int, minute: int) -> str:
        past = (
            f" e {witness(locale, 'numbering').decided(minute)} minuto{'s' if minute > 1 else ''}"
            if minute
            else ""
        )
        return f"{hours(locale, hour)} hora{'' if hour == 1 else 's'}{past}"

    return words


def german(hour: int, minute: int) -> str:
    past = witness("de", "numbering").decided(minute) if minute else ""
    return f"{witness('de', 'cardinal-masculine').decided(hour)} Uhr {past}"


def chinese(hour: int, minute: int) -> str:
    head = f"{'两' if hour == 2 else witness('zh', 'cardinal').decided(hour)}点"
    past = f"{'零' if minute < 10 else ''}{witness('zh', 'cardinal').decided(minute)}分"
    return head + (past if minute else "")


TIMES: list[tuple[str, Callable[[int, int], str]]] = [
    ("de-DE", german),
    ("fr-FR", french("fr")),
    ("fr-CH", french("fr-CH")),
    ("it-IT", italian),
    ("pt-PT", portuguese("pt-PT")),
    ("pt-BR", portuguese("pt-BR")),
    ("zh-CN", chinese),
]


@pytest.mark.parametrize(("locale", "expected"), TIMES, ids=[locale for locale, _ in TIMES])
def test_minutes_are_said_with_the_witness_numbers(locale: str, expected: Callable[[int, int], str]) -> None:
    language, _, region = locale.partition("-")
    context = Context(language=language, region=region)
    other = []
    for hour in range(24):
        for minute in range(60):
            said = read_aloud(TypedValue(kind=Kind.TIME, written=f"{hour}:{minute:02}"), context).text
            if letters(plain(said)) != letters(plain(expected(hour, minute))):
                other.append((hour, minute, said))
    assert other == []

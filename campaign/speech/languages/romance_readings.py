"""Readings that the Romance rooms share, in the words of each: partial dates, lengths of time, rates, numerals."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.record import NOTHING, Noun, Occurrence, OwnReading, Unit
from campaign.speech.languages.shaping import END, HOUR, START, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.verbalise.two_digit_years import full_year
from campaign.speech.wordlist import words

ROMAN: Final = r"(?=[IVXL])(?:X[LC]|L?X{0,3})(?:IX|IV|V?I{0,3})(?<=[IVXLC])(?![^\W_])"
"""1 to 99."""
_FIGURES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_MONTHS_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_MONTH: Final = any_of(_MONTHS_ROMAN)
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])"
_MONTH: Final = r"(?:1[0-2]|0?[1-9])"
_MONTHS: Final = 12
_IMPROPER: Final = r"(?:3/2|4/[23]|5/[2-4]|6/[2-5]|7/[2-6]|8/[2-7]|9/[2-8])"
_PART: Final = r"[1-9]/[2-9](?!\d)"
"""Looks like a fraction."""
_STROKE_DAY: Final = rf"{_DAY}/{_MONTH}(?!\d|/|[.,]\d)"
_COUNTED: Final = (
    r"\s(?!(?:a|al|à|às|as|alle|dalle|ore|e|y|o|ou|pelas|por|de|das|em|en|con|com|se|no|na|não|non|hasta|até|fino|para|per"
    r"|que|che|es|é|è|el|il|la|las|los|le|i|os|desde|sin|sem|si|su|sua|seu|está|será|sarà|tem|tiene|ha|hay|há)\b)"
    r"[a-zà-úñ]{2,}"
)
"""A noun after `10/12` that it would count."""
_PRIME: Final = "['’′]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What differs between the rooms that share these readings."""

    code: str
    months: str
    """Short and long names of months, as alternatives of a regular expression."""
    units: Mapping[str, Unit]
    weekdays: str
    """Short names of days, as alternatives."""
    joints: tuple[str, ...]
    """Between two days: `al`, `até`."""
    sure: tuple[str, ...]
    """What stands before a day that is no fraction: `del `."""
    likely: tuple[str, ...]
    """What stands before figures that are a day where they look like no fraction: `de `."""
    day: tuple[str, ...]
    """Articles before a day."""
    of: str
    """Before what a part is of, as a regular expression."""
    acts: tuple[str, ...]
    """Before the number and the year of a law."""
    act_link: str
    """Between them."""
    steps: tuple[str, ...]
    """Before `2/3` of a whole: `Paso `."""
    step_link: str
    marks: tuple[str, ...]
    """Before a mark and the highest one: `Nota: 7/10`."""
    chapters: Mapping[str, str]
    """Short forms before a Roman numeral: `cap.`."""
    part_of: str
    """Between a part and what it is of: `un cuarto de`."""
    at: str
    """Words after which a time follows: `a las`; as a regular expression."""
    spans: Mapping[str, str]
    """Written units of time that stand after `24/48`, to their plural."""
    or_range: str
    """Between 24 and 48."""
    every: str
    """`1 g/8 h`."""
    lasting: re.Pattern[str] = NOTHING
    """Before `1h30` where it is a length of time."""
    ranked: tuple[str, ...] = ()
    """Nouns after a Roman numeral that is an ordinal: `siglo`, `trimestre`."""
    counted: tuple[str, ...] = ()
    """Likewise, after a Roman numeral that is a cardinal."""
    daily: str = ""
    """The period of `2 g/dia` that is a day, a week, a month, as a regular expression."""
    first_of_month: str = ""
    """Before the month where a day written `1º` is said otherwise than `1`: `primeiro de`."""
    signs: str = r"€|US\$|R\$|S/\.?|\$|£"
    """Signs of amounts."""


def both_cases(forms: Mapping[str, str]) -> dict[str, str]:
    """Every form as it is and with a capital at its beginning."""
    return {
        **{key[:1].upper() + key[1:]: said[:1].upper() + said[1:] for key, said in forms.items()},
        **forms,
    }


def heads(nouns: str, *links: str) -> tuple[str, ...]:
    """Each noun, as it is and with a capital, before each link: `nota `, `Nota: `, `nota es `."""
    forms = (form for noun in words(nouns) for form in (noun, noun[:1].upper() + noun[1:]))
    return tuple(f"{form}{link}" for form in forms for link in links)


def _behind(heads: Iterable[str]) -> str:
    return (
        "(?:"
        + "|".join(
            rf"(?<=\b{re.escape(head)})" if head[0].isalpha() else rf"(?<={re.escape(head)})"
            for head in sorted(heads)
        )
        + ")"
    )


def roman_value(written: str) -> int:
    """The number that a Roman numeral shows."""
    figures = [_FIGURES[letter] for letter in written]
    return sum(
        -figure if any(after > figure for after in figures[index + 1 : index + 2]) else figure
        for index, figure in enumerate(figures)
    )


def _said_day(found: Occurrence, day: int, month: int, year: int | None = None) -> str:
    calendar, code = found.language.calendar, found.language.code
    assert calendar is not None
    try:
        date = datetime.date(2000 if year is None else year, month, day)
    except ValueError:
        raise UnreadableValueError(
            "no-such-date",
            f"{found.written!r} is not a day of the calendar",
            "correct the date, for example 2026-12-03",
        ) from None
    name = cldr.wide_names("month", code)[month]
    return calendar.said(
        date, month=name, weekday="", region=found.region, with_year=year is not None, ending=""
    )


def _month_of(found: Occurrence, name: str) -> int:
    room, small = found.language, name.lower().rstrip(".")
    assert room.calendar is not None
    return room.calendar.month_names.get(small) or cldr.months(room.code)[small]


def _roman_date(found: Occurrence) -> TypedValue:
    """`3-XI-2025`."""
    month = _MONTHS_ROMAN.index(found.groups["rd_month"]) + 1
    words = _said_day(found, int(found.groups["rd_day"]), month, int(found.groups["rd_year"]))
    return in_words(found.written, words)


def _named_date(found: Occurrence) -> TypedValue:
    """`15/ene/2026`, `9 feb.`, `14-ene`."""
    month = _month_of(found, found.groups["nd_month"])
    day, year = int(found.groups["nd_day"]), found.groups.get("nd_year")
    whole = full_year(year, month, day, found.written, "", "") if year else None
    words = _said_day(found, day, month, whole)
    return in_words(found.written, words)


def _named_month(found: Occurrence) -> TypedValue:
    """`out/2025`, `ago/27`."""
    room = found.language
    assert room.calendar is not None
    name = cldr.wide_names("month", room.code)[_month_of(found, found.groups["nm_month"])]
    figures = found.groups["nm_year"]
    year = int(figures) if len(figures) == 4 else 2000 + int(figures)
    return in_words(
        found.written, room.calendar.month_year(name, room.numerals.year(year, region=found.region))
    )


def _joint(found: Occurrence, written: str) -> str:
    return found.language.words.range if re.search(r"[-–]", written) else written.strip()


def _day_and_month(found: Occurrence, written: str) -> tuple[int, int]:
    """Of `5/6`, the day first; raises where a region writes the month first, too."""
    first, second = (int(part) for part in written.split("/"))
    calendar = found.language.calendar
    assert calendar is not None
    order = calendar.orders.get(found.region, calendar.order)
    if not order and first != second and max(first, second) <= _MONTHS:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{written!r} is day {first} of month {second} or day {second} of month {first}",
            "write the month in words, or the date as 2026-12-03",
        )
    return first, second


def _two_days(found: Occurrence) -> TypedValue:
    """`28/12 a 3/1`."""
    first, last = (
        _said_day(found, *_day_and_month(found, found.groups[name])) for name in ("td_first", "td_last")
    )
    return in_words(found.written, f"{first} {_joint(found, found.groups['td_joint'])} {last}")


def _days(found: Occurrence) -> TypedValue:
    """`del 12 al 15/6`: the first day has no month."""
    first = found.language.numerals.cardinal(int(found.groups["dr_first"]), region=found.region)
    written = f"{found.groups['dr_day']}/{found.groups['dr_month']}"
    last = _said_day(found, *_day_and_month(found, written))
    return in_words(found.written, f"{first} {_joint(found, found.groups['dr_joint'])} {last}")


def _one_day(found: Occurrence) -> TypedValue:
    return in_words(found.written, _said_day(found, *_day_and_month(found, found.written)))


def _two_weekdays(found: Occurrence) -> TypedValue:
    """`mar. e gio.`"""
    names = found.language.forms.weekdays
    first, last = (names[found.groups[name].lower()] for name in ("wd_first", "wd_last"))
    return in_words(found.written, f"{first} {found.groups['wd_joint']} {last}")


def _day_or_share(found: Occurrence) -> TypedValue:
    """`el 1/3 de la`: a day, or a part of something."""
    day, month = found.written.split("/")
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is day {day} of month {month}, or {day} of {month} parts",
        "write the month, or the fraction, in words",
    )


def _pair(found: Occurrence, link: str) -> TypedValue:
    first, last = (int(part) for part in re.split(r"\s?/\s?", found.written))
    if first > last and last <= _MONTHS:
        return typed(Kind.DATE, found.written)
    cardinal = found.language.numerals.cardinal
    return in_words(
        found.written, f"{cardinal(first, region=found.region)} {link} {cardinal(last, region=found.region)}"
    )


def _first_day(found: Occurrence, ways: Ways) -> TypedValue:
    """`1º/3/2027`: written so, the first is said so."""
    month, year = int(found.groups["first_month"]), found.groups.get("first_year")
    written = f"1/{month}" + (f"/{year}" if year else "")
    if not ways.first_of_month or year:
        return typed(Kind.DATE, written)
    return in_words(found.written, f"{ways.first_of_month} {cldr.wide_names('month', ways.code)[month]}")


def _act(found: Occurrence, link: str) -> TypedValue:
    """`39/2015`, `13.709/2018`."""
    first, last = (int(part.replace(".", "")) for part in found.written.split("/"))
    cardinal = found.language.numerals.cardinal
    return in_words(
        found.written, f"{cardinal(first, region=found.region)} {link} {cardinal(last, region=found.region)}"
    )


def _scale(found: Occurrence) -> TypedValue:
    """`1:50.000`."""
    cardinal, room = found.language.numerals.cardinal, found.language
    thousands = int(re.sub(r"\D", "", found.written[2:]))
    return in_words(
        found.written,
        f"{cardinal(1, region=found.region)} {room.words.ratio} {cardinal(thousands, region=found.region)}",
    )


def _chapter(found: Occurrence, ways: Ways) -> TypedValue:
    """`cap. IV`."""
    short, _, numeral = found.written.rpartition(" ")
    return in_words(
        found.written,
        f"{ways.chapters[short]} {found.language.numerals.cardinal(roman_value(numeral), region=found.region)}",
    )


_VULGAR: Final = {"½": "1/2", "¼": "1/4", "¾": "3/4"}


def _part_of_unit(found: Occurrence, ways: Ways) -> TypedValue:
    """`½ comp.`"""
    room = found.language
    assert room.numerals.fraction is not None
    unit = room.units[found.groups["pu_unit"]]
    top, bottom = (
        int(part) for part in _VULGAR.get(found.groups["pu_part"], found.groups["pu_part"]).split("/")
    )
    noun = Noun(unit.gender, True)
    words = room.numerals.fraction(
        0, top, bottom, noun=noun, left=found.left, right=f" {unit.one}", region=found.region
    )
    link = " " if bottom == 2 else f" {ways.part_of} "
    return in_words(found.written, f"{words}{link}{unit.one}")


def _length(found: Occurrence, hours: int, minutes: int) -> str:
    room = found.language
    said: list[str] = []
    for count, unit in ((hours, room.units["h"]), (minutes, room.units["min"])):
        if count or (unit is room.units["min"] and not said):
            words = room.numerals.cardinal(count, gender=unit.gender, noun=True, region=found.region)
            said.append(f"{words} {unit.one if count == 1 else unit.many}")
    return f" {room.words.joint} ".join(said)


def _hours_minutes(found: Occurrence) -> TypedValue:
    """`2h30'`, `1h30m`, `07h05min`."""
    return in_words(found.written, _length(found, int(found.groups["hm_h"]), int(found.groups["hm_m"])))


def _minutes(found: Occurrence) -> TypedValue:
    """`45'`, but for the end of a quotation."""
    count = int(found.written[:-1])
    if re.search(r"(?:^|[\s(])['‘][^'’]*$", found.left):
        return in_words(found.written, found.language.numerals.cardinal(count, region=found.region) + "’")
    return in_words(found.written, _length(found, 0, count))


def _span(found: Occurrence, ways: Ways) -> TypedValue:
    """`24/48 h`."""
    noun = ways.spans[found.groups["sp_unit"].rstrip(".")]
    gender = _gender(found, f" {noun}")
    first, last = (
        found.language.numerals.cardinal(int(found.groups[name]), gender=gender, noun=name == "sp_last")
        for name in ("sp_first", "sp_last")
    )
    return in_words(found.written, f"{first} {ways.or_range} {last} {noun}")


def _gender(found: Occurrence, right: str) -> str:
    noun: Noun = found.language.agreement.noun_after("", right)
    return noun.gender


def _clock(written: str) -> tuple[int, int]:
    hour, _, minute = re.sub(r"[:.]", "h", written).partition("h")
    return int(hour), int(minute or 0)


def _two_times(found: Occurrence) -> TypedValue:
    """`8.30/12.30`."""
    clock = found.language.clock
    assert clock is not None
    first, last = (clock.said(*_clock(found.groups[name])) for name in ("ts_first", "ts_last"))
    return in_words(found.written, f"{first} {found.language.words.range} {last}")


def _bare_h(found: Occurrence, ways: Ways) -> TypedValue:
    """`1h30` is a time of day, or how long."""
    if ways.lasting.search(found.left):
        return in_words(found.written, _length(found, *_clock(found.written)))
    return typed(Kind.TIME, found.written, clock="any")


def _ranked_roman(found: Occurrence, ways: Ways) -> TypedValue:
    """`XXI siglo`, `II trimestre`."""
    value = roman_value(found.written)
    ordinals = found.language.numerals.ordinals
    assert ordinals is not None
    gender = _gender(found, found.right.lower())
    return in_words(found.written, ordinals.said(value, gender=gender, noun=True, region=found.region))


def _counted_roman(found: Occurrence) -> TypedValue:
    """`XX Settembre`."""
    return in_words(
        found.written, found.language.numerals.cardinal(roman_value(found.written), region=found.region)
    )


def shared(ways: Ways) -> tuple[OwnReading, ...]:
    """The readings, in the order in which they are tried."""
    months = rf"(?i:{ways.months})"
    joints = rf"(?:\s?[-–]\s?|\s(?:{any_of(ways.joints)})\s)"
    no_part = rf"(?!{_PART})"
    at = rf"(?=,?\s(?:{ways.at})\s?\d)"
    spans = any_of(ways.spans)
    time = rf"(?:{HOUR}[:.h][0-5]\d|{HOUR}h)"
    readings = [
        OwnReading(
            name="roman_date",
            figures=True,
            shape=rf"{START}(?P<rd_day>{_DAY})(?P<rd_mark>[-/.])(?P<rd_month>{_ROMAN_MONTH})(?P=rd_mark)(?P<rd_year>\d{{4}}){END}",
            before="iso",
            read=_roman_date,
        ),
        OwnReading(
            name="named_date",
            figures=True,
            shape=rf"{START}(?P<nd_day>{_DAY})(?P<nd_mark>[-/ \u00a0])(?P<nd_month>{months})(?!\w)\.?"
            rf"(?:(?:(?:[-/ \u00a0]|\sdel?\s)(?=\d{{4}})"
            rf"|(?![ \u00a0])(?P=nd_mark)(?=\d\d(?!\d)))(?P<nd_year>\d{{2,4}}){END})?(?![-/]\d)",
            before="iso",
            read=_named_date,
        ),
        OwnReading(
            name="named_month",
            shape=rf"(?<![\w/.-])(?=[^\W\d_]{{3,10}}\.?/\d)(?P<nm_month>{months})\.?/(?P<nm_year>\d{{4}}|[23]\d){END}(?!/)",
            before="iso",
            read=_named_month,
        ),
        OwnReading(
            name="two_days",
            figures=True,
            shape=rf"{START}(?!{_PART}\D{{1,5}}(?!{_IMPROPER}){_PART})(?P<td_first>{_DAY}/{_MONTH})(?P<td_joint>{joints})(?P<td_last>{_STROKE_DAY})",
            before="iso",
            read=_two_days,
        ),
        OwnReading(
            name="days_of",
            figures=True,
            shape=rf"(?=\d)(?:{_behind(ways.sure)}|{_behind(ways.likely)}(?!\d+\D{{1,5}}{_PART}))"
            rf"(?P<dr_first>{_DAY})(?P<dr_joint>{joints})(?P<dr_day>{_DAY})[/](?P<dr_month>{_MONTH})(?!\d|/|[.,]\d)",
            before="iso",
            read=_days,
        ),
        OwnReading(
            name="day_or_share",
            figures=True,
            shape=rf"(?=\d)(?:{_behind(ways.sure)}|{_behind(ways.day)}){_PART}(?=\s(?:{ways.of})\s[^\W\d_]|\s(?:{any_of(ways.joints)})\s(?!{_IMPROPER}){_PART})",
            before="iso",
            read=_day_or_share,
        ),
        OwnReading(
            name="act",
            figures=True,
            shape=rf"(?=\d)(?:{_behind(ways.acts)})\d{{1,5}}/(?:19|20)\d\d{END}(?!/)"
            rf"|{START}\d{{1,3}}(?:\.\d{{3}})+/(?:19|20)\d\d{END}(?!/)",
            before="iso",
            read=lambda found: _act(found, ways.act_link),
        ),
        OwnReading(
            name="first_day_of",
            figures=True,
            shape=rf"(?<![\w.,/])1(?:º|°|\.º|er)/(?P<first_month>{_MONTH})(?:/(?P<first_year>(?:19|20)\d\d))?(?![\w/])",
            before="iso",
            read=lambda found: _first_day(found, ways),
        ),
        OwnReading(
            name="step",
            figures=True,
            shape=rf"(?=\d)(?:{_behind(ways.steps)})\d{{1,3}}\s?/\s?\d{{1,3}}{END}(?!/|[.,]\d)",
            before="iso",
            read=lambda found: _pair(found, ways.step_link),
        ),
        OwnReading(
            name="graded",
            figures=True,
            shape=rf"(?=\d)(?:{_behind(ways.marks)})\d{{1,3}}\s?/\s?\d{{1,3}}{END}(?!/|[.,]\d)",
            before="iso",
            read=lambda found: _pair(found, found.language.words.out_of),
        ),
        OwnReading(
            name="scale",
            figures=True,
            shape=r"(?<![\w.,:])1:\d{1,3}(?:[. ]\d{3})+(?![\w:])",
            before="versus",
            read=_scale,
        ),
        OwnReading(
            name="chapter",
            shape=rf"(?<!\w)(?:{any_of(ways.chapters)})\s(?:{ROMAN})",
            before="roman",
            read=lambda found: _chapter(found, ways),
        ),
        OwnReading(
            name="part",
            shape=rf"(?<![\w.,/])(?<!\d )(?P<pu_part>[½¼¾]|1/2|1/4"
            rf"|3/4)\s?(?P<pu_unit>{_words_of(ways.units)})(?!\w)\.?",
            before="measures",
            read=lambda found: _part_of_unit(found, ways),
        ),
        OwnReading(
            name="one_day",
            figures=True,
            shape=rf"(?=\d)(?:(?:{_behind(ways.sure)}){_STROKE_DAY}(?!\s?[a-z%€²³]\b)"
            rf"|(?:{_behind(ways.likely)}){no_part}{_STROKE_DAY}(?!\s?[%€$²³]|{_COUNTED}))"
            rf"|{START}{_STROKE_DAY}{at}",
            before="iso",
            read=_one_day,
        ),
        OwnReading(
            name="hours_minutes",
            figures=True,
            shape=rf"{START}(?P<hm_h>\d{{1,3}})\s?h\s?(?P<hm_m>[0-5]?\d)\s?(?:{_PRIME}|m(?:in)?\b\.?)",
            before="hours",
            read=_hours_minutes,
        ),
        OwnReading(
            name="two_weekdays",
            shape=rf"(?<![\w.])(?=[^\W\d_]{{3}}\.\s)(?P<wd_first>{ways.weekdays})\.\s(?P<wd_joint>[aeyo])\s(?P<wd_last>{ways.weekdays})\b\.?",
            before="numeric",
            read=_two_weekdays,
        ),
        OwnReading(
            name="named_money",
            shape=r"(?<!\w)(?:[Ee]uros?|[Rr]eais)\s\d{1,3}(?:[. ]\d{3})*,\d\d(?![\d%]|\s?%)",
            before="moneys",
            read=lambda found: typed(Kind.MONEY, found.written, decimals="any"),
        ),
        OwnReading(
            name="minutes",
            figures=True,
            shape=rf"(?<![\w'’‘°,.º])\d{{1,3}}{_PRIME}(?![\w'’\"′″])",
            before="hours",
            read=_minutes,
        ),
        OwnReading(
            name="two_times",
            figures=True,
            shape=rf"{START}(?P<ts_first>{time})/(?P<ts_last>{time})(?:\s?h\b)?{END}(?![/.,:]\d)",
            before="hours",
            read=_two_times,
        ),
        OwnReading(
            name="span",
            figures=True,
            shape=rf"{START}(?!1/2\D)(?![1-9]/[1-9]\s?h\b)(?P<sp_first>\d{{1,3}})/(?!(?P=sp_first)\D)(?P<sp_last>\d{{1,3}})\s?(?P<sp_unit>{spans})(?!\w)",
            before="daymonth",
            read=lambda found: _span(found, ways),
        ),
        OwnReading(
            name="bare_h",
            figures=True,
            shape=rf"{START}{HOUR}h[0-5]\d{END}(?!\s?[-–])",
            before="hours",
            read=lambda found: _bare_h(found, ways),
        ),
        OwnReading(
            name="each",
            shape=rf"(?=\s?/)(?:{_units_behind(ways.units, _CLOCK_UNITS)})"
            r"\s?/\s?(?=\d{1,2}\s?(?:h|hs|hrs|horas|ore)\b)",
            before="measures",
            read=lambda found: in_words(found.written, ways.every, padded=True),
        ),
        OwnReading(
            name="less",
            shape=rf"(?<=:\s)[-−–]\s(?=(?:{ways.signs})\s?\d)",
            before="moneys",
            read=lambda found: in_words(found.written, f"{found.language.words.minus} "),
        ),
        OwnReading(
            name="more",
            shape=rf"(?<![\w.])[+]\s?(?=(?:{ways.signs})\s?\d)",
            before="moneys",
            read=lambda found: in_words(found.written, f"{found.language.words.plus} "),
        ),
        OwnReading(
            name="equals",
            shape=rf"(?<=[\d€$£%])\s?=\s?(?=(?:{ways.signs})?\s?\d)",
            before="sign",
            read=lambda found: in_words(found.written, found.language.words.signs["="], padded=True),
        ),
        OwnReading(
            name="nearly",
            shape=rf"[~≈±<>≤≥]\s?(?=(?:{ways.signs})\s?\d)",
            before="sign",
            read=lambda found: in_words(found.written, f"{found.language.words.signs[found.written[0]]} "),
        ),
    ]
    if ways.daily:
        readings.append(
            OwnReading(
                name="daily",
                shape=rf"(?=\s?/)(?:{_units_behind(ways.units)})/(?=(?:{ways.daily})\b)",
                before="measures",
                read=_per_period,
            )
        )
    if ways.ranked:
        readings.append(
            OwnReading(
                name="ranked_roman",
                shape=rf"(?<![\w.])(?:{ROMAN})(?=\s(?:{'|'.join(ways.ranked)})\b)",
                before="roman",
                read=lambda found: _ranked_roman(found, ways),
            )
        )
    if ways.counted:
        readings.append(
            OwnReading(
                name="counted_roman",
                shape=rf"(?<![\w.])(?:{ROMAN})(?=\s(?:{'|'.join(ways.counted)})\b)",
                before="roman",
                read=_counted_roman,
            )
        )
    return tuple(readings)


def _words_of(units: Mapping[str, Unit]) -> str:
    """Signs of letters alone that are longer than one."""
    return any_of(unit for unit in units if unit.isalpha() and len(unit) > 1)


_CLOCK_UNITS: Final = frozenset({"h", "hr", "hrs", "hs", "H", "min", "mins", "s"})
"""A stroke after these stands between two times: `12h / 14h`."""


def _units_behind(units: Mapping[str, Unit], without: frozenset[str] = frozenset()) -> str:
    """After a figure and a unit."""
    return "|".join(
        rf"(?<=\d{gap}{re.escape(unit)})"
        for unit in sorted(units.keys() - without)
        if unit.isalpha()
        for gap in ("", " ")
    )


def _per_period(found: Occurrence) -> TypedValue:
    words = found.language.words
    period = words.per_period
    link = period.link if period and period.period.match(found.right) else words.per
    return in_words(found.written, link, padded=True)

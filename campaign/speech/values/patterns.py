"""The shapes that typed values have in prose: one a kind, the most specific first; by language and region."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.languages.record import Language
from campaign.speech.languages.shaping import END, START, after, also
from campaign.speech.values.scanner import Scanner
from campaign.speech.values.shapes import (
    ADDRESS,
    CODE_WORDS,
    FOOTNOTE,
    FRANKS,
    KEYS,
    LENGTHS,
    MASK,
    NO_GROUPS,
    OFFSET,
    PART,
    ROW_OF_DIGITS,
    SIGNS,
    SIZES,
    also_after_day,
    code_shape,
    combined_doses,
    dates,
    dotted_times,
    groups_shape,
    hours,
    houses,
    initials,
    joined_stops,
    lengths_of_time,
    long_lengths,
    measures,
    minus,
    money_shape,
    moneys_shape,
    months_alone,
    months_of_years,
    number_shape,
    numeric_forms,
    periods,
    ranks,
    rows_shape,
    short_forms,
    slashes,
    spaced_degrees,
    strokes,
    times,
    undecided_times,
    unit_signs,
    until,
    weekday_leads,
    weekdays,
)
from campaign.speech.verbalise.quantities import VULGAR_FRACTIONS
from campaign.speech.verbalise.roman import roman_pattern
from campaign.speech.verbalise.written import month_names

_SIGN_TRIGGER: Final = (
    r"\d|[^\W\d_]\.|\w@|www\.|[^\W\d_]/[^\W\d_]|[〇→【〔•*&%‰§€$£¥₹¢@#+=°×<>≤≥~≈±½¼¾⅓⅔⅛⅜⅝]"
    r"|[º ª]\b|[Ⅰ-Ⅻ]|[IVX]世|\bm[²³]"
)


@cache
def trigger() -> re.Pattern[str]:
    """Without a match of this a text holds no typed value."""
    rooms = (registry.language(code) for code in registry.codes())
    dotless = sorted({form for room in rooms if room for form in room.forms.short if form.isalpha()})
    return re.compile(
        rf"{_SIGN_TRIGGER}|(?<!\w)(?:{'|'.join(dotless)})(?!\w)|\b[IVX]+(?:er?|i?[èe]?re|i?ème|nde?)?\b"
    )


@lru_cache(maxsize=64)
def scanner(language: str, region: str) -> Scanner:
    """Finds values of every kind."""
    return Scanner(shapes(language, region), flags_of(language))


def flags_of(language: str) -> re.RegexFlag:
    """Of the regular expressions of a language."""
    return re.ASCII if registry.spoken(language, "a value in prose").shapes.ascii_words else re.NOFLAG


def shapes(language: str, region: str) -> list[tuple[str, str]]:
    """(name, regular expression) of every kind, in the order in which they are tried."""
    room = registry.spoken(language, "a value in prose")
    figures = {own.name for own in room.shapes.own if own.figures}
    return [
        (name, rf"(?=\d)(?:{shape})" if name in figures else shape)
        for name, shape in _readings(room, region)
        if shape
    ]


def _readings(room: Language, region: str) -> Iterator[tuple[str, str]]:
    """(name, shape) of each, the language's own before the general ones that they name, or in the place of one."""
    replaced = {own.name for own in room.shapes.own}
    for name, shape in _general(room, region):
        for own in room.shapes.own:
            if own.before == name:
                yield own.name, own.shape
        if name not in replaced:
            yield name, shape


def _general(room: Language, region: str) -> tuple[tuple[str, str], ...]:
    number, leads, sign = number_shape(room, region), room.leads, minus(room)
    units, measured = unit_signs(room), measures(room)
    shares = "[%‰]" if room.words.per_mille else "%"
    return (
        ("address", ADDRESS),
        ("secret", after((*leads.code, *CODE_WORDS), ROW_OF_DIGITS)),
        ("section", after(leads.section, r"\d+(?:\.\d+)+(?!\w|\.\w)(?:\.(?=\s[a-zäöü]))?")),
        ("place", after(leads.places, r"\d{1,4}[A-Za-d](?![\w/]|[.-]\w)")),
        ("long", long_lengths(room)),
        ("combined", combined_doses(room)),
        ("norm", r"(?=\d)(?:(?<=\bISO )|(?<=\bIEC )|(?<=\bEN )|(?<=\bDIN )|(?<=\bUNI )|(?<=\bUNE )|(?<=\bNBR ))"
                 r"\d{3,5}(?:-\d{1,2})?:(?:19|20)\d\d(?!\d)"),
        ("versus", after(leads.ratio, rf"\d{{1,3}}[:：]\d{{1,3}}{END}")),
        ("dash", r"(?<=[\d%℃])\s?[~～]\s?(?=\d)" + also(room.shapes.dash)),
        ("clock", dotted_times(room)),
        ("dayspan", rf"{START}\d{{1,2}}/\d{{1,2}}(?P<last_day>\s?[-–]\s?\d{{1,2}}/\d{{1,2}}){END}(?!/)"),
        ("iso", rf"{START}\d{{4}}-\d{{2}}-\d{{2}}{END}|\d{{4}}年\d{{1,2}}月\d{{1,2}}[日号]"),
        ("date", dates(room)),
        ("monthyear", months_of_years(room, region)),
        ("offset", OFFSET),
        ("daymonth", also_after_day(room) + after(leads.day + weekday_leads(room), rf"\d{{1,2}}/\d{{1,2}}{END}(?!/)")),
        ("round", rf"{START}24/7{END}"),
        ("version", rf"{START}{NO_GROUPS}\d+(?:\.\d+){{2,}}{END}(?!\.\d)" if not room.writing.deep_versions
                    else rf"{START}{NO_GROUPS}\d+(?:\.\d+){{3,}}{END}"),
        ("duration", lengths_of_time(room)),
        ("hours", hours(room, region)),
        ("until", until(room)),
        ("time", times(room)),
        ("undecided", undecided_times(room, region)),
        ("ratio", rf"{START}(?:\d{{1,3}}:\d|(?:2[5-9]|[3-9]\d|\d{{3}}):\d{{1,3}}){END}(?!:)"),
        ("pressure", rf"{START}(?:[6-9]\d|[12]\d\d)\s?/\s?(?:[3-9]\d|1[0-4]\d)(?:{END}|(?=mmHg))(?:\s?mmHg)?(?![/-])"
                     + also(after(leads.pressure, rf"\d{{1,2}}/\d{{1,2}}{END}(?!/)"))),
        ("mark", rf"{START}\d{{1,3}}[.,]\d{{1,2}}\s?/\s?\d{{1,3}}{END}(?!/)" if room.words.out_of else ""),
        ("iban", r"(?<!\w)[A-Z]{2}\d{2}(?: [\dA-Z]{4}){3,7}(?: [\dA-Z]{1,3})?(?!\w)"),
        ("zeros", rows_shape(room)),
        ("moneys", moneys_shape(room, number)),
        ("money", money_shape(room, region, number)),
        ("cents", rf"{START}{number}\s?¢"),
        ("masked", rf"(?<![\w*•]){MASK}(?:[ -]{MASK}){{0,4}}[ -]?\d{{3,6}}(?!\w)"),
        ("groups", groups_shape(room)),
        ("scheme", rf"{START}{PART}(?:-{PART}){{2,3}}(?![\w-]|[.,/:]\d)"),
        ("dimensions", rf"{START}{SIZES}(?!\s?(?:{units})\b|\d|[.,]\d|[\w/²³]|\s?[€$£¥])"
                       rf"|{START}{SIZES}\s?(?:{LENGTHS})(?![\w/²³])"),
        ("times", rf"{START}\d{{1,2}}\s?[x×](?![\w\s]*\d){END}"),
        ("measures", rf"{START}{number}\s?[-–—]\s?{number}\s?(?:{measured}|[%‰])(?![\w/²³]|['’]\w)"),
        ("large", rf"{START}{number}\s?(?:{room.shapes.sizes})(?=\s)" if room.shapes.sizes else ""),
        ("degrees", spaced_degrees(room, number)),
        ("rank", ranks(room)),
        ("rate", rf"{START}{sign}{number}\s?(?:{units})/(?:{units})(?![\w/²³])"),
        ("bare", rf"(?<=\b{room.words.per} )(?:{units})(?![\w/²³'’])|(?<=[^\W\d_] )(?:m[²³]|kWh)(?![\w/])" if room.space
                 else rf"(?<={room.words.per})(?:{units})(?![A-Za-z/²³])"),
        ("unit", rf"(?<!§ )(?:{START}{sign}{number}|(?<![\w.,])\.\d{{1,3}})\s?(?:{measured}|{shares})"
                 rf"(?![\w²³]|/(?!\d+(?:[.,]\d+)?\s?(?:{units})|[^\W\d_]{{3,}}|[一-鿿])|['’]\w|(?<=[VW])-\d)"),
        ("part", rf"{START}(?:\d{{1,2}}\s?)?(?:[{''.join(VULGAR_FRACTIONS)}]|1/2|1/4|3/4)\s?(?:{measured})(?![\w/²³])"),
        ("share", rf"{START}(?:\d{{1,3}}\s?)?[{''.join(VULGAR_FRACTIONS)}]\s?%" if room.space else ""),
        ("fraction", rf"{START}{''.join(rf'(?<!{head})' for head in leads.numbering)}(?:\d+ )?"
                     rf"(?:[1-9]/[2-9]|[1-9]/10|1/100)"
                     rf"{END}(?![/])(?!\s(?i:{'|'.join(month_names(room.code))})\b)"
                     rf"|(?:\d+\s?)?[{''.join(VULGAR_FRACTIONS)}]"),
        ("ordinal", room.shapes.ordinals),
        ("halves", rf"{START}(\d{{2}})/(?P=half){END}".replace(r"(\d{2})", r"(?P<half>\d{2})")),
        ("years", rf"{START}(?:1[5-9]|20)\d\d\s?[-–/]\s?(?:1[5-9]|20)\d\d{END}"
                  rf"|{START}(?:1[89]|20)\d\d[-–/]\d\d{END}(?!-)"),
        ("houses", houses(room)),
        ("range", rf"{START}\d{{1,6}}\s?[–—]\s?\d{{1,6}}{END}|{START}\d{{1,6}}-\d{{1,6}}(?![\w-])"),
        ("initials", initials(room)),
        ("numeral", "[Ⅰ-Ⅻ](?![\\w])"),
        ("roman", roman_pattern(room)),
        ("numeric", numeric_forms(room)),
        ("hyphenated", rf"{START}{number}-(?:{units})(?=-[^\W\d_]{{2,}}|\s[^\W\d_])"
                       if room.forms.hyphenated else ""),
        ("compound", rf"{START}{number}(?=-[^\W\d_]{{3,}})"),
        ("count", rf"{START}\d{{1,3}}(?=[x×]\s?[\d€$£])"),
        ("code", code_shape(room)),
        ("hash", r"#\s?\d+(?:-[A-Z\d]+)*"),
        ("month", months_alone(room)),
        ("year", room.shapes.years),
        ("leading", rf"(?<![\w.,]){'' if region in FRANKS else '[-−]?'}\.\d+(?!\w)(?!\.\d)"),
        ("number", rf"{START}{sign}{number}{END}(?!['′’]\d)"),
        ("weekdays", weekdays(room)),
        ("slashed", slashes(room)),
        ("short", short_forms(room)),
        ("small_initials", r"(?<![\w.])(?:[^\W\d_A-Z]\.){2,}(?!\w)"),
        ("initial", r"(?<![\w.])[A-Z]\.(?=\s)" if room.forms.initials else ""),
        ("rated", rf"(?<=[\d€$£¢pc.])\s?/\s?(?:{units})(?![\w])\.?"
                  rf"|(?=/)(?<=[^\W\d_]{{4}})/(?:{units})(?!\w)"),
        ("arrow", r"(?<=\S)\s?→\s?(?=[A-ZÀ-Þ\d一-鿿])"),
        ("bullet", r"[•‣▪]\s*(?=[^\W\d_])"),
        ("by", r"(?<=[\dm])\s?[x×]\s?(?=\d)"),
        ("per", r"(?<=[\d€$£¢pc])\s?/(?=\s?[^\W\d_]{3,})" + also(periods(room))),
        ("stroke", strokes(room)),
        ("joined", joined_stops(room)),
        ("footnote", FOOTNOTE),
        ("key", KEYS),
        ("sign", SIGNS + also(room.shapes.signs)),
    )  # fmt: skip

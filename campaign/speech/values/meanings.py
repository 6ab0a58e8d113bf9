"""What a match of the pattern means: a typed value with its reading's options, or the words themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language, Occurrence, Reader
from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Kind, TypedValue, in_words, typed
from campaign.speech.values.worded import WORDED
from campaign.speech.verbalise.money import money_of
from campaign.speech.verbalise.numbers import cardinal, digits, number, year
from campaign.speech.verbalise.quantities import range_word
from campaign.speech.verbalise.written import ascii_digits, parse_number
from workers.digits import are_digits

_INNER: Final = frozenset({"half"})
"""Groups that a pattern needs for itself."""
_PLAIN: Final[dict[str, Kind]] = {
    "address": Kind.ADDRESS,
    "version": Kind.ADDRESS,
    "iso": Kind.DATE,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "iban": Kind.SPELL,
    "groups": Kind.DIGITS,
    "secret": Kind.DIGITS,
    "zeros": Kind.DIGITS,
    "clock": Kind.TIME,
    "daymonth": Kind.DATE,
    "moneys": Kind.RANGE,
    "money": Kind.MONEY,
    "measures": Kind.RANGE,
    "unit": Kind.UNIT,
    "rate": Kind.UNIT,
    "fraction": Kind.FRACTION,
    "ordinal": Kind.ORDINAL,
    "rank": Kind.ORDINAL,
    "compound": Kind.CARDINAL,
    "leading": Kind.CARDINAL,
    "code": Kind.CODE,
    "hash": Kind.CODE,
    "year": Kind.YEAR,
}


def reading_of(match: re.Match[str]) -> str:
    """The name of the reading that matched."""
    return next(name for name, group in match.groupdict().items() if group is not None and name not in _INNER)


def meaning(match: re.Match[str], text: str, language: str, region: str = "") -> TypedValue:
    """The typed value that a match of `pattern` in `text` is."""
    name = reading_of(match)
    if _PLAIN.get(name) is Kind.TIME:
        return typed(Kind.TIME, match[0], clock="any")  # a declared time is by the clock of 24 hours
    if name in _PLAIN:
        return typed(_PLAIN[name], match[0])
    room = spoken(language, "a value in prose")
    found = Occurrence(
        written=match[0],
        text=text,
        start=match.start(),
        end=match.end(),
        groups={name: group for name, group in match.groupdict().items() if group is not None},
        language=room,
        region=region,
    )
    return (_own(room.code).get(name) or _SPECIAL[name])(found)


@lru_cache(maxsize=16)
def _own(language: str) -> dict[str, Reader]:
    return {own.name: own.read for own in spoken(language, "a value in prose").shapes.own}


def _round(found: Occurrence) -> TypedValue:
    return in_words(found.written, found.language.words.round_the_clock)


def _dimensions(found: Occurrence) -> TypedValue:
    return typed(Kind.RANGE, found.written, link=found.language.words.by)


def _times(found: Occurrence) -> TypedValue:
    count = int(re.sub(r"\D", "", found.written))
    words = found.language.words
    if count == 1:
        return in_words(found.written, words.once)
    return in_words(
        found.written, words.times.format(cardinal(count, found.language.code, gender="f", noun=True))
    )


def _by(found: Occurrence) -> TypedValue:
    priced = re.match(r"\s?(?:[€$£¥]|[\d.,]+\s?[€$£¥])", found.right)
    words = found.language.words
    return in_words(
        found.written, words.signs["×"] if priced else words.by, padded=bool(found.language.space)
    )


def _halves(found: Occurrence) -> TypedValue:
    word = cardinal(int(found.groups["half"]), found.language.code)
    return in_words(found.written, found.language.space.join((word, word)))


def _range(found: Occurrence) -> TypedValue:
    low, high = (int(part) for part in re.split(r"\s?[-–—]\s?", found.written))
    is_score = max(low, high) <= _SCORE and found.language.shapes.scores
    if re.search(r"(?:^|[-–—])\s?0\d", found.written) or (low >= high and not is_score):
        return typed(Kind.CODE, found.written)
    if low < high:
        return typed(Kind.RANGE, found.written)
    return _pair(found.written, (str(low), str(high)), found.language.words.ratio, found.language)


_SCORE: Final = 24
"""`3-2` is a score or an opening time up to here, above it a code."""


def _pair(written: str, parts: Sequence[str], link: str, room: Language) -> TypedValue:
    first, *others = (cardinal(int(part), room.code) for part in parts)
    words = [first]
    for other in others:
        words += [link, other]
    return in_words(written, room.space.join(words))


def _versus(found: Occurrence) -> TypedValue:
    parts = re.split("[:：]", found.written)
    return _pair(found.written, parts, found.language.words.ratio, found.language)


def _section(found: Occurrence) -> TypedValue:
    parts = found.written.strip(".").split(".")
    return _pair(found.written, parts, found.language.words.section, found.language)


def _dash(found: Occurrence) -> TypedValue:
    return in_words(found.written, range_word(found.language, found.left), padded=bool(found.language.space))


def _large(found: Occurrence) -> TypedValue:
    match = re.fullmatch(r"(.*?\d)\s?([^\d\s]+)", found.written)
    assert match is not None
    room = found.language
    magnitude = money_of(room.code).magnitudes[match[2]]
    amount = parse_number(match[1], room.code, found.region)
    words = number(amount, room.code, gender=money_of(room.code).magnitude_gender, noun=True)
    return in_words(
        found.written, room.space.join((words, magnitude.one if match[1] == "1" else magnitude.many))
    )


def _pressure(found: Occurrence) -> TypedValue:
    high, low = found.written.split("/")
    room = found.language
    if int(high) + int(low) == _WHOLE and room.words.whole_split:
        return in_words(
            found.written, room.space.join(cardinal(int(part), room.code) for part in (high, low))
        )
    return _pair(found.written, (high.strip(), low.strip()), room.words.over, room)


_WHOLE: Final = 100
"""`60/40` parts a whole."""


def _mark(found: Occurrence) -> TypedValue:
    figures, maximum = (part.strip() for part in found.written.split("/"))
    room = found.language
    points = number(Decimal(figures.replace(",", ".")), room.code)
    return in_words(
        found.written, room.space.join((points, room.words.out_of, cardinal(int(maximum), room.code)))
    )


def _masked(found: Occurrence) -> TypedValue:
    room = found.language
    shown = digits(re.sub(r"\D", "", found.written), room.code)
    if room.words.masked_after.search(found.left):
        return in_words(found.written, shown)
    return in_words(found.written, room.space.join((room.words.masked, shown)))


def _cents(found: Occurrence) -> TypedValue:
    room = found.language
    currency = money_of(room.code).currencies["USD"]
    count = int(found.written.rstrip(" ¢"))
    words = cardinal(count, room.code, gender=currency.cent_gender, noun=True)
    return in_words(found.written, room.space.join((words, currency.cent if count == 1 else currency.cents)))


def _plain_number(found: Occurrence) -> TypedValue:
    figures = found.written.lstrip("-−")
    counts = found.language.agreement.counted.match(found.right)
    is_row = (len(figures) > 9 and not counts) or (len(figures) > 1 and figures[0] == "0")
    if are_digits(ascii_digits(figures)) and is_row:
        return typed(Kind.DIGITS, figures)
    ordinals = found.language.numerals.ordinals
    ranked = ordinals is not None and len(figures) <= 2 and ordinals.bare.search(found.text, 0, found.start)
    if ranked and found.right[:1] == ".":
        return typed(Kind.ORDINAL, found.written)
    return typed(Kind.CARDINAL, found.written)


def _years(found: Occurrence) -> TypedValue:
    first, last = re.findall(r"\d+", found.written)
    room = found.language
    start = year(int(first), room.code)
    if len(last) < len(first):  # `2024/25`
        if int(last) != int(first) % 100 + 1:
            return typed(Kind.CODE, found.written)
        return in_words(found.written, room.space.join((start, cardinal(int(last), room.code))))
    words = [start] if "/" in found.written else [start, range_word(room, found.left)]
    return in_words(found.written, room.space.join((*words, year(int(last), room.code))))


def _sign(found: Occurrence) -> TypedValue:
    return typed(Kind.SYMBOL, found.written.strip())


_SPECIAL: Final[dict[str, Reader]] = {
    **WORDED,
    "round": _round,
    "dimensions": _dimensions,
    "times": _times,
    "halves": _halves,
    "range": _range,
    "number": _plain_number,
    "ratio": _versus,
    "pressure": _pressure,
    "mark": _mark,
    "versus": _versus,
    "section": _section,
    "dash": _dash,
    "large": _large,
    "masked": _masked,
    "cents": _cents,
    "years": _years,
    "by": _by,
    "sign": _sign,
}

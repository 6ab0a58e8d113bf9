"""What numbers mean that number, compare or count without a unit: codes, ranges, scores, sections, years."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from campaign.speech.languages.record import Occurrence, Reader
from campaign.speech.typed import Kind, TypedValue, in_words, typed
from campaign.speech.verbalise.numbers import cardinal, digits, number, year
from campaign.speech.verbalise.quantities import VULGAR_FRACTIONS, range_word, read_fraction
from campaign.speech.verbalise.written import ascii_digits, separators
from workers.digits import are_digits


def _halves(found: Occurrence) -> TypedValue:
    word = cardinal(int(found.groups["half"]), found.language.code, region=found.region)
    return in_words(found.written, found.language.space.join((word, word)))


def _range(found: Occurrence) -> TypedValue:
    low, high = (int(part) for part in re.split(r"\s?[-–—]\s?", found.written))
    is_score = max(low, high) <= _SCORE and found.language.shapes.scores
    if re.search(r"(?:^|[-–—])\s?0\d", found.written) or (low >= high and not is_score):
        return typed(Kind.CODE, found.written)
    counted = found.language.agreement.counted.match(found.right)
    if max(low, high) > _LONGEST_PLAIN_RANGE and "-" in found.written and not counted:
        return typed(Kind.CODE, found.written)
    if low < high:
        return typed(Kind.RANGE, found.written)
    return _pair(found, (str(low), str(high)), found.language.words.ratio)


_LONGEST_PLAIN_RANGE: Final = 999
"""`1000-1500` is a range only before what it counts."""
_SCORE: Final = 24
"""`3-2` is a score or an opening time up to here, above it a code."""


def _pair(found: Occurrence, parts: Sequence[str], link: str) -> TypedValue:
    room = found.language
    return _chain(found, [cardinal(int(part), room.code, region=found.region) for part in parts], link)


def _chain(found: Occurrence, said: Sequence[str], link: str) -> TypedValue:
    space = found.language.space
    return in_words(found.written, f"{space}{link}{space}".join(said))


def _versus(found: Occurrence) -> TypedValue:
    parts = re.split("[:：]", found.written)
    return _pair(found, parts, found.language.words.ratio)


def _section(found: Occurrence) -> TypedValue:
    """`Clause 1.01.02`: zeros are heard."""
    room = found.language
    said = [
        digits(part, room.code)
        if part.startswith("0")
        else cardinal(int(part), room.code, region=found.region)
        for part in found.written.strip(".").split(".")
    ]
    return _chain(found, said, room.words.section)


def _pressure(found: Occurrence) -> TypedValue:
    room = found.language
    high, low = found.written.removesuffix("mmHg").split("/")
    if found.written.endswith("mmHg"):
        value = _pair(found, (high.strip(), low.strip()), room.words.over)
        return in_words(found.written, room.space.join((value.option("words"), room.units["mmHg"].many)))
    if int(high) + int(low) == _WHOLE and room.words.whole_split:
        halves = (cardinal(int(part), room.code, region=found.region) for part in (high, low))
        return in_words(found.written, room.space.join(halves))
    return _pair(found, (high.strip(), low.strip()), room.words.over)


_WHOLE: Final = 100
"""`60/40` parts a whole."""


def _mark(found: Occurrence) -> TypedValue:
    figures, maximum = (part.strip() for part in found.written.split("/"))
    room = found.language
    points = number(Decimal(figures.replace(",", ".")), room.code, region=found.region)
    most = cardinal(int(maximum), room.code, region=found.region)
    return in_words(found.written, room.space.join((points, room.words.out_of, most)))


def _masked(found: Occurrence) -> TypedValue:
    room = found.language
    shown = digits(re.sub(r"\D", "", found.written), room.code)
    if room.words.masked_after.search(found.left):
        return in_words(found.written, shown)
    return in_words(found.written, room.space.join((room.words.masked, shown)))


def _plain_number(found: Occurrence) -> TypedValue:
    figures = found.written.lstrip("-−")
    plain = ascii_digits(figures)
    if re.fullmatch(r"0[\d.,]*\d", plain) and not re.fullmatch(r"0[.,]\d+", plain):
        return typed(Kind.DIGITS, figures)  # leading zeros never go
    if found.right[:1] == "#":
        return typed(Kind.DIGITS, figures)  # the key after a code: `4587#`
    if (
        are_digits(plain)
        and len(plain) >= _CODE_FIGURES
        and (found.left.endswith(found.language.leads.numbering) or not _is_counted(found, len(plain)))
    ):
        return typed(Kind.DIGITS, figures)
    if (
        _THOUSANDS.fullmatch(figures)
        and found.language.agreement.counted.match(found.right)
        and not _groups_by_points(found)
    ):
        return typed(Kind.CARDINAL, found.written.replace(".", ""))
    ordinals = found.language.numerals.ordinals
    ranked = ordinals is not None and len(figures) <= 2 and ordinals.bare.search(found.text, 0, found.start)
    if ranked and found.right[:1] == ".":
        return typed(Kind.ORDINAL, found.written)
    return typed(Kind.CARDINAL, found.written)


def _groups_by_points(found: Occurrence) -> bool:
    """Whether the point of `12.500` is known: one that parts thousands, or the decimal sign."""
    decimal, group = separators(found.language.code, found.region)
    return decimal == "." or "." in group


_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""`12.500 habitants` are no twelve and a half."""
_CODE_FIGURES: Final = 5
"""So many figures without groups are a code, but before what they count."""
_MOST_COUNTED: Final = 9


def _is_counted(found: Occurrence, figures: int) -> bool:
    agreement = found.language.agreement
    if figures > _MOST_COUNTED:
        return bool(agreement.counted.match(found.right))
    if found.written[0] in "-−":
        return True
    return bool(agreement.counted.match(found.right) or agreement.counting.search(found.left))


def _scheme(found: Occurrence) -> TypedValue:
    """`1-0-1`, `1-0-0-½`: each by itself."""
    room = found.language
    said = [
        cardinal(int(part), room.code, region=found.region)
        if part.isdecimal()
        else read_fraction(VULGAR_FRACTIONS[part], room.code, found.region)
        for part in found.written.split("-")
    ]
    return in_words(found.written, room.words.pause.join(said))


def _years(found: Occurrence) -> TypedValue:
    first, last = re.findall(r"\d+", found.written)
    room = found.language
    if _is_month(found, int(first) % 100, last):
        return typed(Kind.DATE, f"{first}/{last}", order="ym")
    start = year(int(first), room.code, region=found.region)
    if len(last) < len(first):  # `2024/25`
        short = cardinal(int(last), room.code, region=found.region)
        if first < _THIS_CENTURY and "/" not in found.written and int(last) > int(first) % 100:  # `1990-95`
            return in_words(found.written, room.space.join((start, range_word(room, found.left), short)))
        if int(last) != int(first) % 100 + 1:
            return typed(Kind.CODE, found.written)
        return in_words(found.written, room.space.join((start, short)))
    words = [start] if "/" in found.written else [start, range_word(room, found.left)]
    return in_words(found.written, room.space.join((*words, year(int(last), room.code, region=found.region))))


def _is_month(found: Occurrence, first: int, last: str) -> bool:
    """Whether `2026-03` is a month: no span of years, which goes forward."""
    is_span = int(last) > first or found.language.calendar is None
    return "-" in found.written and not is_span and "01" <= last <= "12" and not _is_numbered(found)


def _is_numbered(found: Occurrence) -> bool:
    leads = found.language.leads
    return found.left.endswith((*leads.numbering, *leads.code))


_THIS_CENTURY: Final = "2000"
"""A year behind it and two figures more are a code too: `2024-27`."""


def _norm(found: Occurrence) -> TypedValue:
    """`ISO 9001:2015`."""
    room = found.language
    *numbers, edition = re.split("[-:]", found.written)
    said = [cardinal(int(part), room.code, region=found.region) for part in numbers]
    return in_words(
        found.written, room.words.pause.join((*said, year(int(edition), room.code, region=found.region)))
    )


def _houses(found: Occurrence) -> TypedValue:
    """`5-17a`."""
    room = found.language
    first, last = (
        _lettered(part.strip(), room.code, found.region) for part in re.split("[-–]", found.written)
    )
    return _chain(found, (first, last), range_word(room, found.left))


def _numeral(found: Occurrence) -> TypedValue:
    """`Act Ⅳ`: one letter."""
    number = int(unicodedata.numeric(found.written))
    return in_words(found.written, cardinal(number, found.language.code, region=found.region))


def _lettered(written: str, language: str, region: str) -> str:
    """`17a`."""
    figures = written.rstrip(_LETTERS)
    return f"{cardinal(int(figures), language, region=region)} {written[len(figures) :].upper()}".strip()


def _place(found: Occurrence) -> TypedValue:
    """The `12A` of `gate 12A`."""
    return in_words(found.written, _lettered(found.written, found.language.code, found.region))


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


NUMBERED: Final[dict[str, Reader]] = {
    "halves": _halves,
    "range": _range,
    "number": _plain_number,
    "ratio": _versus,
    "pressure": _pressure,
    "mark": _mark,
    "versus": _versus,
    "section": _section,
    "masked": _masked,
    "scheme": _scheme,
    "years": _years,
    "place": _place,
    "houses": _houses,
    "norm": _norm,
    "numeral": _numeral,
}
"""By reading."""

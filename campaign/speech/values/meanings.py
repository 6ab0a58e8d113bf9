"""What a match of the pattern means: a typed value with its reading's options, or the words themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language, Occurrence, Reader
from campaign.speech.languages.registry import spoken
from campaign.speech.revision import REFERENCE_DATE
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.values.shapes import LENGTHS
from campaign.speech.values.worded import WORDED
from campaign.speech.verbalise.agreeing import counted_as
from campaign.speech.verbalise.currencies import money_of
from campaign.speech.verbalise.durations import duration as read_duration
from campaign.speech.verbalise.numbers import cardinal, digits, number, year
from campaign.speech.verbalise.quantities import VULGAR_FRACTIONS, fraction, range_word, read_fraction
from campaign.speech.verbalise.telephone import key
from campaign.speech.verbalise.written import ascii_digits, parse_number
from workers.digits import are_digits

_PLAIN: Final[dict[str, Kind]] = {
    "address": Kind.ADDRESS,
    "version": Kind.ADDRESS,
    "time": Kind.TIME,
    "iban": Kind.SPELL,
    "groups": Kind.DIGITS,
    "secret": Kind.DIGITS,
    "zeros": Kind.DIGITS,
    "moneys": Kind.RANGE,
    "money": Kind.MONEY,
    "measures": Kind.RANGE,
    "unit": Kind.UNIT,
    "rate": Kind.UNIT,
    "ordinal": Kind.ORDINAL,
    "rank": Kind.ORDINAL,
    "compound": Kind.CARDINAL,
    "count": Kind.CARDINAL,
    "leading": Kind.CARDINAL,
    "code": Kind.CODE,
    "hash": Kind.CODE,
    "year": Kind.YEAR,
}


def reading_of(match: re.Match[str]) -> str:
    """The name of the reading that matched."""
    return match.lastgroup or ""


def parts(
    match: re.Match[str], text: str, language: str, region: str = ""
) -> tuple[tuple[int, int, TypedValue], ...]:
    """(start, end, value) of what a match of `pattern` in `text` is: one value, or several with their joint."""
    name = reading_of(match)
    if name not in _PARTED:
        return ((match.start(), match.end(), meaning(match, text, language, region)),)
    return _PARTED[name](match, text, spoken(language, "a value in prose"))


def _hours(match: re.Match[str], text: str, room: Language) -> tuple[tuple[int, int, TypedValue], ...]:
    """`9:30-17`."""
    joint = re.search(r"\s?[-–—]\s?$", text[match.start() : match.start("hours_last")])
    assert joint is not None
    dash, last = match.start() + joint.start(), match.start("hours_last")
    first = typed(Kind.TIME, text[match.start() : dash], clock="any")
    return (
        (match.start(), dash, first),
        _to(text, match.start(), dash, last, room),
        (last, match.end(), typed(Kind.TIME, match["hours_last"], hour=match["hours_last"], place="last")),
    )


def _until(match: re.Match[str], text: str, room: Language) -> tuple[tuple[int, int, TypedValue], ...]:
    """The `9-` of `9-17 Uhr`."""
    dash = match.end("until_first")
    first = typed(Kind.TIME, match["until_first"], hour=match["until_first"], place="first")
    return (match.start(), dash, first), _to(text, match.start(), dash, match.end(), room)


def _dayspan(match: re.Match[str], text: str, room: Language) -> tuple[tuple[int, int, TypedValue], ...]:
    """`12/24-12/26`: each day by the order of the region."""
    dash = match.start("last_day")
    last = match.end() - len(match["last_day"].lstrip(" -–"))
    return (
        (match.start(), dash, typed(Kind.DATE, text[match.start() : dash])),
        _to(text, match.start(), dash, last, room),
        (last, match.end(), typed(Kind.DATE, text[last : match.end()])),
    )


def _to(text: str, begin: int, start: int, end: int, room: Language) -> tuple[int, int, TypedValue]:
    """The dash of a range that begins at `begin`."""
    return start, end, in_words(text[start:end], range_word(room, text[:begin]), padded=bool(room.space))


_PARTED: Final = {"hours": _hours, "until": _until, "dayspan": _dayspan}


def meaning(match: re.Match[str], text: str, language: str, region: str = "") -> TypedValue:
    """The typed value that a match of `pattern` in `text` is."""
    name = reading_of(match)
    if _PLAIN.get(name) is Kind.TIME:
        return typed(Kind.TIME, match[0], clock="any")  # a declared time is by the clock of 24 hours
    if _PLAIN.get(name) is Kind.MONEY:
        return typed(Kind.MONEY, match[0], decimals="any")
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
        found.written,
        words.times.format(cardinal(count, found.language.code, gender="f", noun=True, region=found.region)),
    )


def _by(found: Occurrence) -> TypedValue:
    words = found.language.words
    said = words.signs["×"] if _is_multiplied(found) else words.by
    return in_words(found.written, said, padded=bool(found.language.space))


def _is_multiplied(found: Occurrence) -> bool:
    """`2 x 500 mg`, `3 x 49,90 €`: no length and width."""
    if re.match(r"(?:[€$£¥]|[\d.,]+\s?[€$£¥])", found.right):
        return True
    measured = re.match(r"[\d.,]+\s?([^\W\d_]+)", found.right)
    return bool(measured and measured[1] in found.language.units and not re.fullmatch(LENGTHS, measured[1]))


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
    first, *others = (cardinal(int(part), room.code, region=found.region) for part in parts)
    words = [first]
    for other in others:
        words += [link, other]
    return in_words(found.written, room.space.join(words))


def _versus(found: Occurrence) -> TypedValue:
    parts = re.split("[:：]", found.written)
    return _pair(found, parts, found.language.words.ratio)


def _section(found: Occurrence) -> TypedValue:
    parts = found.written.strip(".").split(".")
    return _pair(found, parts, found.language.words.section)


def _dash(found: Occurrence) -> TypedValue:
    return in_words(found.written, range_word(found.language, found.left), padded=bool(found.language.space))


def _large(found: Occurrence) -> TypedValue:
    match = re.fullmatch(r"(.*?\d)\s?([^\d\s]+)", found.written)
    assert match is not None
    room = found.language
    magnitude = money_of(room.code).magnitudes[match[2]]
    amount = parse_number(match[1], room.code, found.region)
    size = magnitude.one if match[1] == "1" else magnitude.many
    place = Context(language=room.code, region=found.region, left=found.left)
    return in_words(found.written, counted_as(amount, money_of(room.code).magnitude_gender, size, place))


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


def _cents(found: Occurrence) -> TypedValue:
    room = found.language
    currency = money_of(room.code).currencies["USD"]
    count = parse_number(found.written.rstrip(" ¢"), room.code, found.region)
    words = number(count, room.code, gender=currency.cent_gender, noun=True, region=found.region)
    return in_words(found.written, room.space.join((words, currency.cent if count == 1 else currency.cents)))


def _plain_number(found: Occurrence) -> TypedValue:
    figures = found.written.lstrip("-−")
    plain = ascii_digits(figures)
    if re.fullmatch(r"0[\d.,]*\d", plain) and not re.fullmatch(r"0[.,]\d+", plain):
        return typed(Kind.DIGITS, figures)  # leading zeros never go
    if (
        are_digits(plain)
        and len(plain) >= _CODE_FIGURES
        and (found.left.endswith(found.language.leads.numbering) or not _is_counted(found, len(plain)))
    ):
        return typed(Kind.DIGITS, figures)
    ordinals = found.language.numerals.ordinals
    ranked = ordinals is not None and len(figures) <= 2 and ordinals.bare.search(found.text, 0, found.start)
    if ranked and found.right[:1] == ".":
        return typed(Kind.ORDINAL, found.written)
    return typed(Kind.CARDINAL, found.written)


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


_THIS_CENTURY: Final = "2000"
"""A year behind it and two figures more are a code too: `2024-27`."""


def _fraction(found: Occurrence) -> TypedValue:
    """`3/4 cup`; by itself at the end of a clause `3/4` may be a day of a month too."""
    calendar, parts = found.language.calendar, re.fullmatch(r"(\d{1,2})/(\d{1,2})", found.written)
    if parts is not None and int(parts[1]) > int(parts[2]) and _DAY_BEFORE.search(found.text[: found.start]):
        return _date(found)
    if (
        parts is None
        or calendar is None
        or parts[0] == "1/2"
        or _SAID_BEFORE.search(found.left)
        or not _ALONE.match(found.right)
        or _is_part(found)
    ):
        return typed(Kind.FRACTION, found.written)
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {parts[1]} of {parts[2]} parts, or a day of a month",
        "write the month in words, or what it is a part of",
    )


_DAY_BEFORE: Final = re.compile(r"\b\d{1,2}/\d{1,2}\b")
_SAID_BEFORE: Final = re.compile(
    r"(?:hal(?:f|ves)|thirds?|quarters?|tercios?|cuartos?|quintos?|terzi|quarti|tiers|quarts?|terços|quartos"
    r"|Drittel|Viertel)\s\($"
)
"""`three quarters (3/4)`."""
_ALONE: Final = re.compile(r"\s*(?:[.,;:!?)]|$)|\s(?:at|um|à|a las|às|alle|ore)\s\d")
"""Nothing stands after it of which it could be a part."""
_HALVED: Final = re.compile(r"[\d+×=]\s*$|\b(?:of|about|over|um|por|pour)\s$")
_UP_TO: Final = re.compile(r"(?:\s?[-–]\s?|\s\w{1,3}\s)[1-9]/[1-9]\d?(?!\w)")


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
    counted = found.language.agreement.counted.match(found.right)
    if (
        counted and not _HOURS.match(found.right) and not found.right[1:2].isupper()
    ):  # a German noun may be a place too: `9.30 Rathaus`
        return typed(Kind.CARDINAL, found.written)
    raise _time_or_number(found)


_AFTER_A_DATE: Final = re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.](?:\d\d)?\d\d,?\s$")
_HOURS: Final = re.compile(r"\s(?:h(?:or|eur)[ae]s?|ore|Stunden?)\b")
"""`9.30 horas`: so long, or at that time."""


def _time_or_number(found: Occurrence) -> UnreadableValueError:
    hour, minute = found.written.split(".")
    return UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {hour}:{minute} or the number {hour},{minute}",
        f"write {hour}:{minute} for the time, {hour},{minute} for the number",
    )


def _numeral(found: Occurrence) -> TypedValue:
    """`Act Ⅳ`: one letter."""
    number = int(unicodedata.numeric(found.written))
    return in_words(found.written, cardinal(number, found.language.code, region=found.region))


def _nothing(found: Occurrence) -> TypedValue:
    return in_words(found.written, "")


def _duration(found: Occurrence) -> TypedValue:
    match = re.match(r"[\d:]+", found.written)
    assert match is not None
    value = typed(Kind.DURATION, match[0], form="h:mm")
    context = Context(language=found.language.code, region=found.region)
    return in_words(found.written, read_duration(value, context).text)


def _part(found: Occurrence) -> TypedValue:
    """`½ Std.`, `1/2 cp`: a part of a unit, which agrees with it."""
    room = found.language
    match = re.fullmatch(r"(.*?[\d½¼¾⅓⅔⅛⅜⅝])\s?([^\d\s½¼¾⅓⅔⅛⅜⅝]+?)\.?", found.written)
    assert match is not None
    unit = room.units[match[2]]
    context = Context(language=room.code, region=found.region, left=found.left, right=f" {unit.one}")
    words = fraction(typed(Kind.FRACTION, match[1]), context).text
    is_more = re.match(r"\d{1,2}\s?[½¼¾⅓⅔⅛⅜⅝\d]", match[1]) is not None and "/" not in match[1][:2]
    return in_words(found.written, room.space.join((words, unit.many if is_more else unit.one)))


def _share(found: Occurrence) -> TypedValue:
    """`5¼%`."""
    context = Context(language=found.language.code, region=found.region)
    said = fraction(typed(Kind.FRACTION, found.written.rstrip(" %")), context).text
    return in_words(found.written, f"{said} {found.language.words.percent}")


def _bare(found: Occurrence) -> TypedValue:
    """The `m²` of `the price per m²`."""
    return in_words(found.written, found.language.units[found.written].one)


def _key(found: Occurrence) -> TypedValue:
    return in_words(found.written, key(found.written, found.language, found.region))


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
    is_day_too = len(when) == 2 and int(when) <= _LONGEST_MONTH and month.isdigit()
    is_valid = found.left.endswith(found.language.leads.expiry) or _CARD.search(found.left)
    if is_day_too and not is_valid:
        raise UnreadableValueError(
            "ambiguous-date",
            f"{found.written!r} is month {int(month)} of 20{when}, or day {int(when)} of month {int(month)}",
            f"write {month}/20{when} for the month, or the day with its month in words",
        )
    return typed(Kind.DATE, found.written, order="my")


_CARD: Final = re.compile(r"(?i:[ck]art[ae]|tarjeta|cartão|\bcard)\b")
_LONGEST_MONTH: Final = 31


def _sign(found: Occurrence) -> TypedValue:
    return typed(Kind.SYMBOL, found.written.strip())


_SPECIAL: Final[dict[str, Reader]] = {
    **WORDED,
    "round": _round,
    "dimensions": _dimensions,
    "times": _times,
    "halves": _halves,
    "scheme": _scheme,
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
    "key": _key,
    "iso": _date,
    "date": _date,
    "daymonth": _day_month,
    "clock": _dotted,
    "undecided": _undecided,
    "fraction": _fraction,
    "numeral": _numeral,
    "footnote": _nothing,
    "duration": _duration,
    "part": _part,
    "share": _share,
    "bare": _bare,
    "offset": _offset,
    "monthyear": _month_of_year,
    "sign": _sign,
}

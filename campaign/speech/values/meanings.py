"""What a match of the pattern means: a typed value with its reading's options, or the words themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language, Occurrence, Reader
from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.values.dated import DATED
from campaign.speech.values.measured import MEASURED
from campaign.speech.values.numbered import NUMBERED
from campaign.speech.values.worded import WORDED
from campaign.speech.verbalise.durations import duration
from campaign.speech.verbalise.quantities import range_word
from campaign.speech.verbalise.telephone import key

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
        if (length := _length(match, text, spoken(language, "a value in prose"))) is not None:
            return length
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


def _length(match: re.Match[str], text: str, room: Language) -> TypedValue | None:
    """The `1:30 h` of `it lasts 1:30 h`; raises for `1:30`, hours and minutes or minutes and seconds. None for a time
    of day."""
    parts = _COLON.fullmatch(match[0])
    if parts is None or not room.leads.lasting.search(text[: match.start()].lower()):
        return None
    larger, smaller = int(parts[1]), int(parts[2])
    if parts[3]:
        value = typed(Kind.DURATION, f"{parts[1]}:{parts[2]}", form="h:mm")
        return in_words(match[0], duration(value, Context(language=room.code)).text)
    raise UnreadableValueError(
        "ambiguous-duration",
        f"{match[0]!r} is {larger} h {smaller} min, or {larger} min {smaller} s",
        f"write {larger} h {smaller} min, or {larger} min {smaller} s",
    )


_COLON: Final = re.compile(r"(\d{1,2}):(\d\d)(\s?h(?:oras?|s|rs?)?\b\.?)?")


def _round(found: Occurrence) -> TypedValue:
    return in_words(found.written, found.language.words.round_the_clock)


def _dash(found: Occurrence) -> TypedValue:
    return in_words(found.written, range_word(found.language, found.left), padded=bool(found.language.space))


def _nothing(found: Occurrence) -> TypedValue:
    return in_words(found.written, "")


def _arrow(found: Occurrence) -> TypedValue:
    """`Bonn → Berlin`, `Menu → Settings`."""
    return in_words(found.written, found.language.words.pause)


def _key(found: Occurrence) -> TypedValue:
    return in_words(found.written, key(found.written, found.language, found.region))


def _sign(found: Occurrence) -> TypedValue:
    return typed(Kind.SYMBOL, found.written.strip())


_SPECIAL: Final[dict[str, Reader]] = {
    **WORDED,
    **NUMBERED,
    **MEASURED,
    **DATED,
    "round": _round,
    "dash": _dash,
    "key": _key,
    "footnote": _nothing,
    "sign": _sign,
    "arrow": _arrow,
}

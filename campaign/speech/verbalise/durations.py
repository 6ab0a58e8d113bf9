"""How long something takes: `90 min`, `1h30`, `PT1H30M`, `2 h`; `1:30` where its column says what the colon parts.

Said in the units that are written: 90 minutes stay 90 minutes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.numbers import cardinal
from campaign.speech.verbalise.quantities import unit
from campaign.speech.verbalise.written import ascii_digits

_MINUTES: Final = "m:ss"
"""Option `form`; the other one is `h:mm`."""
_SIXTY: Final = 60
_LAST_TWO_UNITS: Final = 2

_ORDER: Final = ("w", "d", "h", "min", "s")
_LINK: Final = r"(?:\s*(?:,|and|und|y|et|e)\s+|\s*)"
_PART: Final = re.compile(r"(\d+(?:[.,]\d{1,2})?)\s?([^\W\d_]+)\.?")
_PARTS: Final = re.compile(rf"(?:{_PART.pattern}{_LINK})*?{_PART.pattern}", re.I)
_ISO: Final = re.compile(
    r"P(?:(\d+)W|(?:(\d+)D)?(?:T(?=\d)(?:(\d+(?:[.,]\d{1,2})?)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]0+)?S)?)?)"
)
_MINUTES_AFTER_HOURS: Final = re.compile(r"(\d+)\s?[hH]\s?(\d{2})(?:\s?m(?:in)?\.?)?")
_COLONS: Final = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2}))?")


@cache
def _units() -> Mapping[str, str]:
    """How units are written, in any language, to their names: a list is often written in another one than is spoken."""
    rooms = (registry.language(code) for code in sorted(registry.codes()))
    return {
        word.casefold(): name
        for room in rooms
        if room is not None and room.durations is not None
        for name, words in room.durations.written.items()
        for word in words.split()
    }


def duration(value: TypedValue, context: Context) -> Reading:
    """A length of time; option `form` says what the colon of `1:30` parts."""
    room = registry.spoken(context.language, "a duration")
    if room.durations is None:
        raise registry.lacking(room, "durations")
    parts = _parse(value.written, value.option("form"))
    said = [_said(count, name, value, context) for name, count in parts]
    if not room.words.joint:
        return Reading(text=room.space.join(said))
    head, last = ", ".join(said[:-1]), said[-1]
    return Reading(text=f"{head} {room.words.joint} {last}" if head else last)


def _said(count: str, name: str, value: TypedValue, context: Context) -> str:
    room = registry.spoken(context.language, "a duration")
    if name not in ("d", "w") or room.durations is None:
        part = replace(value, written=f"{count} {name}", options=())
        return unit(part, replace(context, right="")).text
    named = room.durations.day if name == "d" else room.durations.week
    words = cardinal(int(count), room.code, gender=named.gender, noun=True, region=context.region)
    return room.space.join((words, named.one if int(count) == 1 else named.many))


def _parse(written: str, form: str) -> list[tuple[str, str]]:
    """(unit, count as written) from the largest to the smallest; raises `UnreadableValueError`."""
    text = ascii_digits(written.strip()).replace("：", ":")
    if match := _COLONS.fullmatch(text):
        return _by_colons(match, form, written)
    if (match := _ISO.fullmatch(text.upper())) and any(match.groups()):
        found = [(name, count) for name, count in zip(_ORDER, match.groups(), strict=True) if count]
    elif match := _MINUTES_AFTER_HOURS.fullmatch(text):
        found = [("h", match[1]), ("min", match[2])]
    elif _PARTS.fullmatch(text):
        found = _by_words(text, written)
    else:
        raise _not_a_duration(written)
    return _checked(found, written)


def _by_words(text: str, written: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for count, word in _PART.findall(text):
        name = _units().get(word.casefold(), "")
        if word in ("m", "M") and found and found[-1][0] == "h":  # `1h30m`; `30 m` may be metres
            name = "min"
        if not name:
            raise _not_a_duration(written)
        found.append((name, count))
    return found


def _checked(found: list[tuple[str, str]], written: str) -> list[tuple[str, str]]:
    """The parts that say something: each unit once, in order, only the last with decimals, no more than its next."""
    names = [name for name, _ in found]
    if names != sorted(set(names), key=_ORDER.index):
        raise _not_a_duration(written)
    if any(not count.isdecimal() for _, count in found[:-1]) or not _is_plain(
        found[-1], single=len(found) == 1
    ):
        raise _not_a_duration(written)
    for name, count in found[1:]:
        if name in ("min", "s") and int(count) >= _SIXTY:
            raise _not_a_duration(written)
    said = [(name, count) for name, count in found if not count.isdecimal() or int(count)]
    return [(name, str(int(count)) if count.isdecimal() else count) for name, count in said or found[-1:]]


def _is_plain(part: tuple[str, str], *, single: bool) -> bool:
    """Whether a part's decimals can be said: only where it stands alone, and not of days."""
    name, count = part
    return count.isdecimal() or (single and name not in ("d", "w"))


def _by_colons(match: re.Match[str], form: str, written: str) -> list[tuple[str, str]]:
    first, second, third = match.groups()
    if third is None and not form:
        raise UnreadableValueError(
            "ambiguous-duration",
            f"{written!r} is {int(first)} hours and {int(second)} minutes, or {int(first)} minutes and {int(second)} "
            "seconds",
            'declare the column as "duration h:mm" or "duration m:ss", or write 1h30 or 90 s',
        )
    if third is not None and form == _MINUTES:
        raise _not_a_duration(written)
    names = _ORDER[-_LAST_TWO_UNITS:] if form == _MINUTES else _ORDER[-_LAST_TWO_UNITS - 1 :]
    counts = [count for count in match.groups() if count is not None]
    return _checked(list(zip(names, counts, strict=False)), written)


def _not_a_duration(written: str) -> UnreadableValueError:
    return UnreadableValueError(
        "not-a-duration",
        f"{written!r} is not a length of time",
        "write it as 90 min, 1h30 or PT1H30M; for bare numbers declare the column as unit min",
    )

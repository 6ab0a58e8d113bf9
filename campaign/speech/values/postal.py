"""The numbers of a postal address: of houses and floors, postal codes, none of which counts anything.

    find_address_values("Hauptstr. 12a, 10115 Berlin", "de") -> "Hauptstraße zwölf A, eins null eins eins fünf Berlin"

Short numbers are read as people read house numbers, long ones and those that begin with a zero digit by digit. Words
stay as they are but for short forms that have one reading.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.languages.record import Language
from campaign.speech.typed import Kind, UnreadableValueError, in_words, typed
from campaign.speech.values.tokeniser import ValueSpan, find_values
from campaign.speech.verbalise.numbers import cardinal, digits, ordinal

_VALUE: Final = re.compile(
    r"(?P<groups>(?<![\w/-])\d{2,5}-\d{3,4}(?![\w-]))"
    r"|(?P<rank>(?<!\w)\d{1,3}(?:st|nd|rd|th|er|re|ère|ème|[ºª°])(?!\w))"
    r"|(?P<dotted>(?<!\w)\d{1,2}\.(?=\s[^\W\d_]))"
    r"|(?P<number>(?<![0-9A-Za-z])\d+(?P<suffix>[A-Za-z]?)(?![0-9A-Za-z]))"
    r"|(?P<code>(?<![^\W\d_])[A-Za-z]{0,3}\d[0-9A-Za-z]*)"
    r"|(?P<dash>(?<=[0-9A-Za-z])\s?[-–—]\s?(?=\d))"
    r"|(?P<stroke>(?:(?<=\d)|(?<=\d[A-Za-z]))\s?/\s?(?=[0-9A-Za-z]))"
    r"|(?P<letters>(?<![\w.'’-])[A-Z]{2}(?![\w'’-]))"
)
"""A letter after a house number, `12a`, belongs to it; more, or letters in front, are a code: `SW1A 1AA`."""
_FEMININE: Final = ("ª", "re", "ère")
_ROMAN: Final = frozenset("IVX")
_WORD_KINDS: Final = frozenset({Kind.WORDS, Kind.SYMBOL})


@lru_cache(maxsize=4096)
def find_address_values(text: str, language: str, region: str = "") -> tuple[ValueSpan, ...]:
    """What of an address is not said as it is written, in order, never overlapping."""
    room = registry.language(language)
    if room is None:
        if any(c.isdecimal() for c in text):
            registry.spoken(language, "a number of an address")
        return ()
    matches = [match for match in _VALUE.finditer(text) if _is_value(match, text)]
    try:
        words = [
            span
            for span in find_values(text, language, region)
            if span.value.kind in _WORD_KINDS and not any(c.isdecimal() for c in span.value.written)
        ]
    except UnreadableValueError:  # of a number that is none here
        words = []
    words += [_street(match, room) for match in room.postal.street.finditer(text)]
    words += [
        _span(match, text, room, region) for match in matches if match["letters"]
    ]  # where no short form is
    spans: list[ValueSpan] = []
    for span in [_span(match, text, room, region) for match in matches if not match["letters"]] + words:
        if all(span.end <= other.start or span.start >= other.end for other in spans):
            spans.append(span)
    spans.sort(key=lambda span: span.start)
    return tuple(spans)


def _street(match: re.Match[str], room: Language) -> ValueSpan:
    value = in_words(match[0], room.postal.streets[match[0]])
    return ValueSpan(start=match.start(), end=match.end(), value=value)


def _is_value(match: re.Match[str], text: str) -> bool:
    """Two capitals are a state or `PO`, but for a Roman numeral, and in a text of capitals nobody knows."""
    letters = match["letters"]
    return letters is None or not (set(letters) <= _ROMAN or text.isupper())


def _span(match: re.Match[str], text: str, room: Language, region: str) -> ValueSpan:
    written = match[0]
    if match["groups"]:
        value = typed(Kind.DIGITS, written)
    elif match["rank"] and room.postal.ranked:
        gender = "f" if written.endswith(_FEMININE) else "m"
        rank = ordinal(int(re.sub(r"\D", "", written)), room.code, gender=gender, region=region)
        value = in_words(written, rank)
    elif match["rank"] or (match["dotted"] and room.sentences.ordinal_dot):
        value = typed(Kind.ORDINAL, written)
    elif match["code"]:
        value = typed(Kind.SPELL, written)
    elif match["letters"]:
        value = in_words(written, " ".join(written))
    elif match["dash"] or match["stroke"]:
        value = in_words(written, _between(match, text, room), padded=bool(room.space))
    else:
        suffix = match["suffix"] or ""
        figures = written.removesuffix(".").removesuffix(suffix)
        words = _number(figures, text[match.end() :], room, region)
        space = room.space
        before = space if text[: match.start()][-1:].isalpha() else ""
        value = in_words(written, f"{before}{words}{space + suffix.upper() if suffix else ''}")
    return ValueSpan(start=match.start(), end=match.end(), value=value)


def _number(figures: str, right: str, room: Language, region: str) -> str:
    is_code = figures[0] == "0" or len(figures) > room.postal.longest_house
    if is_code or room.postal.room.match(right):
        return digits(figures, room.code)
    if room.postal.house is not None:
        return room.postal.house(int(figures))
    return cardinal(int(figures), room.code, region=region)


def _between(match: re.Match[str], text: str, room: Language) -> str:
    """The dash of `12-14`, the stroke of `12/3`."""
    sign = "/" if "/" in match[0] else "-"
    low = re.search(r"(\d+)[A-Za-z]?$", text[: match.start()])
    high = re.match(r"\d+", text[match.end() :])
    if sign == "-" and room.postal.ranges and low and high and int(low[1]) < int(high[0]):
        return room.words.range
    return room.words.signs[sign]

"""The numbers of a postal address: of houses and floors, postal codes, none of which counts anything.

    find_address_values("Hauptstr. 12a, 10115 Berlin", "de") -> "Hauptstraße zwölf A, eins null eins eins fünf Berlin"

Short numbers are read as people read house numbers, long ones and those that begin with a zero digit by digit. Words
stay as they are but for short forms that have one reading.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.typed import Kind, UnreadableValueError
from campaign.speech.values.tokeniser import ValueSpan, find_values
from campaign.speech.values.worded import in_words, typed
from campaign.speech.verbalise.numbers import cardinal, digits, in_pairs, ordinal, require_language
from campaign.speech.verbalise.words import RANGE_WORDS, SIGN_WORDS

_LONGEST_PAIRS: Final = 4
"""English reads a house number of up to so many figures in pairs: `1428 Elm Street`."""
_LONGEST_NUMBER: Final = 3
"""Other languages read one of up to so many as a number; a longer one is a postal code."""
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
_RANKED: Final = frozenset({"en", "es", "fr", "it", "pt"})
"""Languages that write a rank with letters: `43rd`, `3º`."""
_FEMININE: Final = ("ª", "re", "ère")
_ROMAN: Final = frozenset("IVX")
_ROOM: Final = re.compile(r"[室房]")
_WORD_KINDS: Final = frozenset({Kind.WORDS, Kind.SYMBOL})


@lru_cache(maxsize=4096)
def find_address_values(text: str, language: str, region: str = "") -> tuple[ValueSpan, ...]:
    """What of an address is not said as it is written, in order, never overlapping."""
    if any(c.isdigit() for c in text):
        require_language(language, "a number of an address")
    matches = [match for match in _VALUE.finditer(text) if _is_value(match, text)]
    try:
        words = [
            span
            for span in find_values(text, language, region)
            if span.value.kind in _WORD_KINDS and not any(c.isdigit() for c in span.value.written)
        ]
    except UnreadableValueError:  # of a number that is none here
        words = []
    if language == "en":
        words += [_street(match) for match in _STREET.finditer(text)]
    words += [_span(match, text, language) for match in matches if match["letters"]]  # where no short form is
    spans: list[ValueSpan] = []
    for span in [_span(match, text, language) for match in matches if not match["letters"]] + words:
        if all(span.end <= other.start or span.start >= other.end for other in spans):
            spans.append(span)
    spans.sort(key=lambda span: span.start)
    return tuple(spans)


_STREETS: Final = {
    "St": "Street", "Dr": "Drive", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Ln": "Lane", "Ct": "Court",
    "Pl": "Place", "Hwy": "Highway", "Pkwy": "Parkway", "Sq": "Square", "Ter": "Terrace", "Cir": "Circle",
}  # fmt: skip
_STREET: Final = re.compile(
    rf"(?<=[\w.] )(?:{'|'.join(_STREETS)})(?=$|[,;\n]|\s(?:[NSEW]{{1,2}}|Apt|Suite|Ste|Unit|Floor|Room|#)(?!\w))"
)
"""English names of streets without their dot, at the end of a line of an address."""


def _street(match: re.Match[str]) -> ValueSpan:
    return ValueSpan(start=match.start(), end=match.end(), value=in_words(match[0], _STREETS[match[0]]))


def _is_value(match: re.Match[str], text: str) -> bool:
    """Two capitals are a state or `PO`, but for a Roman numeral, and in a text of capitals nobody knows."""
    letters = match["letters"]
    return letters is None or not (set(letters) <= _ROMAN or text.isupper())


def _span(match: re.Match[str], text: str, language: str) -> ValueSpan:
    written = match[0]
    if match["groups"]:
        value = typed(Kind.DIGITS, written)
    elif match["rank"] and language in _RANKED:
        gender = "f" if written.endswith(_FEMININE) else "m"
        value = in_words(written, ordinal(int(re.sub(r"\D", "", written)), language, gender=gender))
    elif match["rank"] or (match["dotted"] and language == "de"):
        value = typed(Kind.ORDINAL, written)
    elif match["code"]:
        value = typed(Kind.SPELL, written)
    elif match["letters"]:
        value = in_words(written, " ".join(written))
    elif match["dash"] or match["stroke"]:
        value = in_words(written, _between(match, text, language), padded=language != "zh")
    else:
        suffix = match["suffix"] or ""
        figures = written.removesuffix(".").removesuffix(suffix)
        words = _number(figures, text[match.end() :], language)
        space = "" if language == "zh" else " "
        before = space if text[: match.start()][-1:].isalpha() else ""
        value = in_words(written, f"{before}{words}{space + suffix.upper() if suffix else ''}")
    return ValueSpan(start=match.start(), end=match.end(), value=value)


def _number(figures: str, right: str, language: str) -> str:
    is_code = figures[0] == "0" or len(figures) > (_LONGEST_PAIRS if language == "en" else _LONGEST_NUMBER)
    if is_code or (language == "zh" and _ROOM.match(right)):
        return digits(figures, language)
    return in_pairs(int(figures)) if language == "en" else cardinal(int(figures), language)


def _between(match: re.Match[str], text: str, language: str) -> str:
    """The dash of `12-14`, the stroke of `12/3`."""
    sign = "/" if "/" in match[0] else "-"
    low = re.search(r"(\d+)[A-Za-z]?$", text[: match.start()])
    high = re.match(r"\d+", text[match.end() :])
    if sign == "-" and language != "en" and low and high and int(low[1]) < int(high[0]):
        return RANGE_WORDS[language]
    return SIGN_WORDS[language][sign]

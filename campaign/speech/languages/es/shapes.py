"""How values are written in Spanish, and readings that Spanish alone has."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.es.nouns import DETERMINERS, NOUNS
from campaign.speech.languages.es.numbers import cardinal
from campaign.speech.languages.es.readings import READINGS
from campaign.speech.languages.es.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.romance import lettered
from campaign.speech.languages.shaping import ALONE, END, HALVES, HOUR, START, YEAR, any_of
from campaign.speech.typed import TypedValue, in_words

_DOT: Final = r"(?:\.(?=[,)]|\s[^\W_A-Z]))?"
"""Of a short form, where it ends no sentence."""
_MONTH: Final = any_of(cldr.months("es"))


def _decade(found: Occurrence) -> TypedValue:
    """`los '80`."""
    return in_words(found.written, cardinal(int(found.written.strip("'’"))))


def _postcode(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(WORDS.digits[int(digit)] for digit in found.written))


SHAPES: Final = Shapes(
    dates=rf"{START}\d{{1,2}}[ºo]?(?: de)? (?i:{_MONTH})\b\.?(?: del? {YEAR}{END})?",
    clock_tail=rf"(?:{HALVES}|\s?h(?:oras|rs?|s)?\b\.?)?",
    times=rf"{START}(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?{HALVES}|{START}{HOUR}(?:[hH][0-5]\d|:[0-5]\d\s?[hH]){END}|{START}(?:[5-9]|0\d|1\d|2[0-3])\.[0-5]\d\s?h{END}"
    rf"|(?=\d)(?:(?<=\blas )|(?<=\bla )|(?<=[-–])|(?<=\bLAS )|(?<=\bLA )){HOUR}\s?[hH]{END}"
    rf"|{START}(?:[5-9]|0\d|1\d|2[0-3])\.[0-5]\d\s?hs{END}{_DOT}"
    rf"|(?=\d)(?:(?<=\b[lL]as )|(?<=\b[lL]a )){HOUR}\.[0-5]\d\s?h(?:s|rs)?{END}{_DOT}",
    ordinals=rf"{START}(?:\d{{1,4}}|\d\.\d{{3}})(?:\.?(?:[ºª°](?!C)|ᵉʳ)|(?:\.?er|r[oa]|d[oa]|t[oa]|m[oa]|v[oa]|n[oa]){END})",
    rows=rf"{ALONE}\d{{3}} \d{{3}} (?!000)\d{{3}}(?![\w,.]| \d)",
    sizes=r"mill\.|M(?=\sde\b)|MM(?=\sde\b)",
    own=(
        lettered(NOUNS, DETERMINERS),
        *READINGS,
        OwnReading(name="decade", shape=r"(?<!\w)['’]\d\d(?![\w'’])", before="measures", read=_decade),
        OwnReading(name="street", shape=r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])", before="numeric", read=_postcode),
    ),
)

"""How values are written in Italian, and readings that Italian alone has."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.nouns import DETERMINERS, NOUNS
from campaign.speech.languages.it.numbers import cardinal
from campaign.speech.languages.it.readings import READINGS
from campaign.speech.languages.it.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.romance import lettered
from campaign.speech.languages.shaping import ALONE, END, HOUR, START, YEAR, any_of
from campaign.speech.typed import TypedValue, in_words

_MONTH: Final = any_of(cldr.months("it"))


def _decade(found: Occurrence) -> TypedValue:
    """`anni '80`."""
    return in_words(found.written, cardinal(int(found.written.strip("'’"))))


def _postcode(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(WORDS.digits[int(digit)] for digit in found.written))


SHAPES: Final = Shapes(
    dates=rf"{START}\d{{1,2}}[ºo]?°? (?!(?:set|mar|ago) (?!\d{{4}}))(?i:{_MONTH})\b\.?(?: {YEAR}{END})?",
    times=rf"{START}{HOUR}h[0-5]\d{END}|{START}(?:[5-9]|0\d|1\d|2[0-3])\.[0-5]\d\s?h{END}",
    ordinals=rf"{START}\d{{1,3}}[ºª°](?!C)",
    rows=rf"{ALONE}\d{{3}} \d{{3}} (?!000)\d{{3}}(?![\w,.]| \d)",
    sizes="mln|mld|mln\\.|mld\\.",
    own=(
        lettered(NOUNS, DETERMINERS),
        *READINGS,
        OwnReading(name="decade", shape=r"(?<!\w)['’]\d\d(?![\w'’])", before="measures", read=_decade),
        OwnReading(name="street", shape=r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])", before="numeric", read=_postcode),
    ),
)

"""How values are written in German, and readings that German alone has."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.de.leads import LEADS
from campaign.speech.languages.de.numbers import cardinal, year
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.shaping import END, HOUR, START, YEAR, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_MONTH: Final = any_of(cldr.months("de"))
_HEADS: Final = "|".join(rf"(?<=\b{head})" for head in LEADS.year)


def _decade(found: Occurrence) -> TypedValue:
    """`90er`, `1990er`."""
    figures = found.written.strip("er")
    words = year(int(figures)) if len(figures) == 4 else cardinal(int(figures))
    return in_words(found.written, words + "er")


def _postcode(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(WORDS.digits[int(digit)] for digit in found.written))


SHAPES: Final = Shapes(
    dates=rf"{START}\d{{1,2}}\.\s?(?:(?i:{_MONTH})\b\.?(?:\s{YEAR}{END})?|(?:0?[1-9]|1[0-2])\.(?!\d))",
    clock_tail=r"(?:\s?Uhr\b)?",
    times=rf"{START}{HOUR}\.[0-5]\d(?=\s?[-–]\s?\d\d?\.[0-5]\d\s?Uhr)|{START}{HOUR}\s?Uhr\s?[0-5]\d{END}"
    rf"|{START}{HOUR}(?:\.[0-5]\d)?\s?Uhr\b|{START}{HOUR}(?:h[0-5]\d|\.[0-5]\d\s?h){END}",
    ordinals=rf"{START}\d{{1,3}}\.(?=\s[^\W\d_]|\s?[-–/]\s?\d{{1,2}}\.|,\s?\d{{1,3}}\.)",
    years=rf"(?=\d)(?:{_HEADS})1[1-9]\d\d{END}(?![.,]\d)",
    sizes=r"(?:Mio|Mrd)\.",
    next_year=re.compile(r", | und | oder | bis "),
    own=(
        OwnReading(
            name="week",
            shape=r"(?:(?<=\bKW )|(?<=\bKalenderwoche ))\d{1,2}/\d{4}(?!\w)",
            before="monthyear",
            read=lambda found: in_words(
                found.written,
                f"{cardinal(int(found.written.split('/')[0]))} {year(int(found.written.split('/')[1]))}",
            ),
        ),
        OwnReading(
            name="voucher",
            shape=rf"{START}\d{{1,6}}-(?:€|Euro|EUR)-(?=[A-ZÄÖÜ])",
            before="moneys",
            read=lambda found: in_words(
                found.written, f"{cardinal(int(found.written.partition('-')[0]), noun=True)}-Euro-"
            ),
        ),
        OwnReading(
            name="war",
            shape=r"(?<!\w)(?:II|III|I)\.(?=\s(?:Weltkrieg|Quartal|Stock|Etage|Klasse|Instanz|Bundesliga|Lesung))",
            before="roman",
            read=lambda found: typed(Kind.ORDINAL, f"{len(found.written) - 1}."),
        ),
        OwnReading(
            name="decade",
            shape=rf"{START}(?:(?:1[1-9]|20)\d0|\d{{1,3}})er{END}",
            before="measures",
            read=_decade,
        ),
        OwnReading(name="street", shape=r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])", before="numeric", read=_postcode),
    ),
)

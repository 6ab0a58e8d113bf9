"""German numbers: "ein Buch", "eine Karte", the ordinal declined."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.spelled import spelled


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """`eins` alone, `ein` before a noun, `eine` before a feminine one."""
    words = spelled(number, "de")
    if noun and words.endswith("eins"):
        return words[:-1] + ("e" if gender == "f" and number == 1 else "")
    return words


_IRREGULAR: Final = {1: ("eins", "erst"), 3: ("drei", "dritt"), 7: ("sieben", "siebt"), 8: ("acht", "acht")}


def _stem(value: int) -> str:
    words = cardinal(value)
    tail = value % 100
    if tail in _IRREGULAR:
        written, stem = _IRREGULAR[tail]
        return words.removesuffix(written) + stem
    words = words.replace("eine Million", "einmillion")
    return words + ("t" if 0 < tail < 20 else "st")


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """With its case ending: `e`, `en`, `er`, `es`, `em`."""
    return _stem(value) + (ending or "e")


def year(value: int, *, region: str = "") -> str:
    """`neunzehnhundertneunundneunzig`."""
    if not 1100 <= value < 2000:
        return cardinal(value)
    century, rest = divmod(value, 100)
    return f"{cardinal(century)}hundert{cardinal(rest) if rest else ''}"


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
    """`ein Viertel`, `zweieinhalb`, `eine halbe Tablette`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return f"{cardinal(whole, noun=True)}einhalb"
    if is_half:
        return "eine halbe" if _FEMININE_HALF.match(right) else "einhalb"
    part = "Halbe" if bottom == 2 else ordinal(bottom, ending="el").capitalize()
    words = f"{'ein' if top == 1 else cardinal(top)} {part}"
    return f"{cardinal(whole)} {words}" if whole else words


_FEMININE_HALF: Final = re.compile(r"\s[^\W\d]\w+(?:e|ung)\b")

NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal, suffixes={".": "m"}, bare=re.compile(r"\b(?:der|den|dem|am|vom|zum) $")),
    fraction=fraction,
    digitwise_decimals=True,
    percent_is_noun=True,
    telephone_regions=("DE", "AT", "CH"),
)

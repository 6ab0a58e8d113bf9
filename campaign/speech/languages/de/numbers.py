"""German numbers: "ein Buch", "eine Karte", the ordinal declined."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.de.agreement import case, has_article
from campaign.speech.languages.de.agreement import ending as declined
from campaign.speech.languages.groups import groups
from campaign.speech.languages.record import Noun, Numerals, Ordinals

_ONES: Final = (
    "null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
)  # fmt: skip
_TENS: Final = (
    "",
    "",
    "zwanzig",
    "dreißig",
    "vierzig",
    "fünfzig",
    "sechzig",
    "siebzig",
    "achtzig",
    "neunzig",
)
_SIZES: Final = ("", "", "Million", "Milliarde", "Billion")


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """`eins` alone, `ein` before a noun, `eine` before a feminine one."""
    if number == 0:
        return _ONES[0]
    parts: list[str] = []
    for group, place in groups(number // _MILLION):
        size = _SIZES[place + 2]
        plural = "n" if size.endswith("e") else "en"
        parts.append(
            f"{_below_thousand(group)}{'e' if group % 100 == 1 else ''} {size}{'' if group == 1 else plural}"
        )
    thousands, rest = divmod(number % _MILLION, 1000)
    words = (f"{_below_thousand(thousands)}tausend" if thousands else "") + (
        _below_thousand(rest) if rest else ""
    )
    if words and rest % 100 == 1:
        words += "s" if not noun else "e" if gender == "f" and number == 1 else ""
    return " ".join([*parts, words] if words else parts)


_MILLION: Final = 10**6


def _below_thousand(number: int) -> str:
    """ "ein" at its end, whatever follows."""
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    head = f"{_ONES[hundreds]}hundert" if hundreds else ""
    if rest < len(_ONES):
        return head + (_ONES[rest] if rest else "")
    return f"{head}{f'{_ONES[unit]}und' if unit else ''}{_TENS[tens]}"


_IRREGULAR: Final = {1: ("eins", "erst"), 3: ("drei", "dritt"), 7: ("sieben", "siebt"), 8: ("acht", "acht")}


def _stem(value: int) -> str:
    words = cardinal(value)
    tail = value % 100
    if tail in _IRREGULAR:
        written, stem = _IRREGULAR[tail]
        return words.removesuffix(written) + stem
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


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """`ein Viertel`, `zweieinhalb`, `eine halbe Tablette`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return f"{cardinal(whole, noun=True)}einhalb"
    if is_half:
        return _half(noun, left, right)
    part = "Halbe" if bottom == 2 else ordinal(bottom, ending="el").capitalize()
    words = f"{'ein' if top == 1 else cardinal(top)} {part}"
    return f"{cardinal(whole)} {words}" if whole else words


_HALVES: Final = {
    "nominative": {"m": "ein halber", "f": "eine halbe", "n": "ein halbes"},
    "accusative": {"m": "einen halben", "f": "eine halbe", "n": "ein halbes"},
    "dative": {"m": "einem halben", "f": "einer halben", "n": "einem halben"},
    "genitive": {"m": "eines halben", "f": "einer halben", "n": "eines halben"},
}


def _half(noun: Noun, left: str, right: str) -> str:
    """`eine halbe Tablette`, `einen halben Löffel`."""
    if not noun.follows:
        return "einhalb"
    if has_article(left):
        return f"halb{declined(left, noun.gender)}"
    return _HALVES[case(left, right)][noun.gender]


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal, suffixes={".": "m"}, bare=re.compile(r"\b(?:der|den|dem|am|vom|zum) $")),
    fraction=fraction,
    digitwise_decimals=True,
    percent_is_noun=True,
    ranges_count=True,
    telephone_regions=("DE", "AT", "CH"),
)

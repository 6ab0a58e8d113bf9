"""Portuguese numbers: "duas", "duzentas", Brazil and Portugal."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed
from campaign.speech.languages.spelled import spelled, spelled_ordinal

_FEMININE: Final = (
    (re.compile(r"\bum\b"), "uma"),
    (re.compile(r"\bdois\b"), "duas"),
    (re.compile(r"(duz|trez|quatroc|quinh|seisc|setec|oitoc|novec)entos\b"), r"\1entas"),
    (re.compile(r"quinhentos\b"), "quinhentas"),
)


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The feminine reaches down from the thousands, not into the millions."""
    words = spelled(number, "pt_BR" if region == "BR" else "pt").replace(",", "")
    if gender != "f":
        return words
    head, separator, tail = words.rpartition("milhões") if "milhões" in words else words.rpartition("milhão")
    for pattern, feminine in _FEMININE:
        tail = pattern.sub(feminine, tail)
    return head + separator + tail


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "vigésima terceira"."""
    words = spelled_ordinal(value, "pt")
    return re.sub(r"o\b", "a", words) if gender == "f" else words


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


_PARTS: Final = {2: ("meio", "meios"), 3: ("terço", "terços")}


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
    """`três quartos`, `meia dose`, `dois e meio`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return mixed(cardinal(whole), "e", "meio")
    if is_half and noun.follows:
        return "meia" if noun.gender == "f" else "meio"
    singular, plural = _PARTS.get(bottom) or _parts(bottom)
    words = f"{cardinal(top, noun=True)} {singular if top == 1 else plural}"
    return mixed(cardinal(whole) if whole else "", "e", words)


def _parts(bottom: int) -> tuple[str, str]:
    if bottom <= 10:
        return ordinal(bottom), f"{ordinal(bottom)}s"
    return f"{cardinal(bottom)} avos", f"{cardinal(bottom)} avos"


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal, suffixes={"º": "m", "ª": "f", "°": "m", ".º": "m", ".ª": "f", ".°": "m"}),
    fraction=fraction,
    decimals_agree=True,
    is_one=lambda amount: abs(amount) < 2,
    telephone_regions=("PT", "BR"),
)

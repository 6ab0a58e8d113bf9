"""English numbers: "one hundred and one" where people say so, years in pairs."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.spelled import spelled, spelled_ordinal

AND_REGIONS: Final = frozenset({"GB", "IE", "AU", "NZ", "ZA", "IN", "MT"})
"""They say "one hundred and one"."""


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """Without "and" but in `AND_REGIONS`."""
    words = spelled(number, "en").replace(",", "")
    return words if region in AND_REGIONS else words.replace(" and ", " ")


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """Likewise."""
    words = spelled_ordinal(value, "en")
    return words if region in AND_REGIONS else words.replace(" and ", " ")


def year(value: int, *, region: str = "") -> str:
    """In pairs: "nineteen oh eight", "two thousand five"."""
    if not 1000 <= value < 10000:
        return cardinal(value, region=region)
    century, rest = divmod(value, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(value, region=region)
    return _pairs(cardinal(century), rest)


def in_pairs(value: int) -> str:
    """A number of a house or a room: "three oh five", "fourteen twenty-eight"."""
    head, rest = divmod(value, 100)
    return cardinal(value) if not head or value % 1000 == 0 else _pairs(cardinal(head), rest)


def _pairs(head: str, rest: int) -> str:
    if rest == 0:
        return f"{head} hundred"
    return f"{head} oh {cardinal(rest)}" if rest < 10 else f"{head} {cardinal(rest)}"


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
    """ "one half", "two and a quarter"."""
    singular, plural = _PARTS.get(bottom) or (ordinal(bottom), f"{ordinal(bottom)}s")
    words = f"{cardinal(top)} {singular if top == 1 else plural}"
    if not whole:
        return words
    return f"{cardinal(whole)} and {words.replace('one ', 'a ', 1) if top == 1 else words}"


_PARTS: Final = {2: ("half", "halves"), 4: ("quarter", "quarters")}

NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal, suffixes={"st": "m", "nd": "m", "rd": "m", "th": "m"}),
    fraction=fraction,
    digitwise_decimals=True,
    telephone_regions=("US", "GB", "CA", "AU", "IE", "IN", "NZ", "ZA"),
)

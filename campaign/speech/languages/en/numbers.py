"""English numbers: "one hundred and one" where people say so, years in pairs."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.groups import groups
from campaign.speech.languages.record import Noun, Numerals, Ordinals

AND_REGIONS: Final = frozenset({"GB", "IE", "AU", "NZ", "ZA", "IN", "MT"})
"""They say "one hundred and one"."""


_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SIZES: Final = ("", " thousand", " million", " billion", " trillion")


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """Without "and" but in `AND_REGIONS`."""
    if number == 0:
        return _ONES[0]
    link = " and " if region in AND_REGIONS else " "
    words = ""
    for group, place in groups(number):
        joint = link if place == 0 and group < 100 else " "
        words += f"{joint if words else ''}{_below_thousand(group, link)}{_SIZES[place]}"
    return words


def _below_thousand(number: int, link: str) -> str:
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    head = f"{_ONES[hundreds]} hundred{link if rest else ''}" if hundreds else ""
    if rest < len(_ONES):
        return head + (_ONES[rest] if rest else "")
    return f"{head}{_TENS[tens]}{f'-{_ONES[unit]}' if unit else ''}"


_IRREGULAR: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_LAST_WORD: Final = re.compile(r"[a-z]+$")


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "twenty-first", "one hundred and third"."""
    return _LAST_WORD.sub(_ranked, cardinal(value, region=region))


def _ranked(match: re.Match[str]) -> str:
    word = match[0]
    return _IRREGULAR.get(word) or (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th")


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


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """ "one half", "two and a quarter"."""
    part = ordinal(bottom, region=region)
    singular, plural = _PARTS.get(bottom) or (part, f"{part}s")
    words = f"{cardinal(top, region=region)} {singular if top == 1 else plural}"
    if not whole:
        return words
    return f"{cardinal(whole, region=region)} and {words.replace('one ', 'a ', 1) if top == 1 else words}"


_PARTS: Final = {2: ("half", "halves"), 4: ("quarter", "quarters")}

NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal, suffixes={"st": "m", "nd": "m", "rd": "m", "th": "m"}),
    fraction=fraction,
    digitwise_decimals=True,
    telephone_regions=("US", "GB", "CA", "AU", "IE", "IN", "NZ", "ZA"),
)

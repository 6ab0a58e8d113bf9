"""Cardinals, decimals, ordinals and years as words: what holds in every language."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import lacking, spoken
from campaign.speech.typed import UnreadableValueError

_LIMIT = 10**15
_LAST_ORDINAL = 10**6


@lru_cache(maxsize=65536)
def cardinal(number: int, language: str, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The words for a whole number.

    `noun` says that a counted noun of that gender follows: "un livre", "veintiún libros", "ein Buch".
    """
    room = spoken(language, "a number")
    if abs(number) >= _LIMIT:
        raise UnreadableValueError(
            "number-too-large", f"{number} is too large to be read aloud", "declare it as digits or spell"
        )
    words = room.numerals.cardinal(abs(number), gender=gender, noun=noun, region=region)
    return f"{room.words.minus}{room.space}{words}" if number < 0 else words


def digits(text: str, language: str) -> str:
    """Each digit as a word."""
    room = spoken(language, "a row of digits")
    return room.space.join(room.words.digits[int(digit)] for digit in text)


def number(value: Decimal, language: str, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The words for a whole or decimal number; trailing zeros of the written form are said."""
    sign, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return cardinal(int(value), language, gender=gender, noun=noun, region=region)
    room = spoken(language, "a number")
    whole = abs(int(value))
    head = cardinal(whole, language, gender=gender if room.numerals.decimals_agree else "m", region=region)
    tail = _decimals("".join(map(str, figures)).rjust(-exponent, "0")[exponent:], room, region)
    words = [head, room.words.regional_decimal.get(region, room.words.decimal), tail]
    return room.space.join([room.words.minus, *words] if sign else words)


_FEW_DECIMALS = 3
"""Up to so many are one number where the language says them so: "coma veinticinco"."""


def _decimals(text: str, room: Language, region: str) -> str:
    if room.numerals.digitwise_decimals or len(text) > _FEW_DECIMALS:
        return digits(text, room.code)
    stripped = text.lstrip("0")
    zeros = [room.words.digits[0]] * (len(text) - len(stripped))
    return room.space.join(zeros + ([cardinal(int(stripped), room.code, region=region)] if stripped else []))


@lru_cache(maxsize=8192)
def ordinal(
    value: int, language: str, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = ""
) -> str:
    """The words for an ordinal; `ending` is what the language's agreement gave."""
    room = spoken(language, "an ordinal")
    if room.numerals.ordinals is None:
        raise lacking(room, "ordinals")
    if not 0 < value < _LAST_ORDINAL:
        raise UnreadableValueError(
            "not-an-ordinal", f"{value} has no ordinal", "write a number from 1 to 999999"
        )
    return room.numerals.ordinals.said(value, gender=gender, ending=ending, noun=noun, region=region)


@lru_cache(maxsize=4096)
def year(value: int, language: str, *, region: str = "") -> str:
    """The words for a year of the common era."""
    return spoken(language, "a year").numerals.year(value, region=region)

"""Roman numerals where they are certain: after a head word, after a ruler's name, in a century."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import spoken

_NUMERAL: Final = r"X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3}"
_VALUES: Final = {"I": 1, "V": 5, "X": 10}
_NOT_INITIAL: Final = r"(?!(?<=\s[IVX])\.\s[A-Z])(?!\.?\s?[A-Z]\w*\.?\s[A-Z])(?![\w-])"


def roman_pattern(room: Language) -> str:
    """Where a numeral is one: part of the front end's pattern, empty for a language without."""
    roman = room.roman
    if roman is None:
        return ""
    ruling = _behind(roman.rulers) + r"(?![IVX]\b)"  # `Charles V. Smith`, `Dear Charles I am`
    heads = rf"(?:{_behind(roman.heads)})|(?:{ruling})"
    other = f"|{roman.shape.replace('{numeral}', _NUMERAL)}" if roman.shape else ""
    return rf"(?=[IVX])(?:{heads})(?:{_NUMERAL}){roman.suffix}{_NOT_INITIAL}{roman.tail}{other}"


def _behind(heads: frozenset[str]) -> str:
    return "(?:" + "|".join(rf"(?<=\b{head} )" for head in sorted(heads)) + ")"


@lru_cache(maxsize=512)
def roman_words(written: str, left: str, language: str, region: str = "") -> str:
    """The words for the numeral `written`, which `left` stands before."""
    roman = spoken(language, "a Roman numeral").roman
    numeral = re.match(r"[IVX]+", written)
    assert roman is not None and numeral is not None
    head = re.findall(r"[^\W\d_]+", left)[-1:] or [""]
    return roman.said(_value(numeral[0]), written, head[0], left, region=region)


def _value(numeral: str) -> int:
    figures = [_VALUES[letter] for letter in numeral]
    return sum(
        -figure if any(after > figure for after in figures[index + 1 : index + 2]) else figure
        for index, figure in enumerate(figures)
    )

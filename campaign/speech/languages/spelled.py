"""Numbers by num2words, remembered: a number costs it a tenth of a millisecond."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def spelled(number: int, language: str) -> str:
    """The cardinal as num2words writes it."""
    from num2words import num2words

    return str(num2words(number, lang=language))


@lru_cache(maxsize=8192)
def spelled_ordinal(number: int, language: str) -> str:
    """The ordinal as num2words writes it, its commas left out."""
    from num2words import num2words

    return str(num2words(number, lang=language, to="ordinal")).replace(",", "")

"""Roman numerals in English: `Chapter IV`, `Henry VIII`."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.en.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    return f"the {ordinal(value, region=region)}" if head in ROMAN.rulers else cardinal(value, region=region)


ROMAN: Final = Roman(
    heads=words(
        "War Chapter Part Volume Book Act Phase Type Class Grade Stage Section Article Title Level Factor Annex "
        "chapter part volume book act phase type class grade stage section article title level factor annex"
    ),
    rulers=words(
        "Louis Henry Charles George Edward William Richard James Elizabeth Philip Paul Pius Benedict Francis"
    ),
    said=_said,
)

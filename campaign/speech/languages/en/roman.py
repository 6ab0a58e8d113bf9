"""Roman numerals in English: `Chapter IV`, `Henry VIII`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_PLAIN: Final = words(
    "Louis Henry Charles George Edward William Richard James Elizabeth Philip Paul Pius Benedict Francis"
)
"""Before these a single letter is a numeral; after other names it is an initial, but for a ruler's title."""
_ROYAL: Final = re.compile(
    r"\b(?:[Kk]ing|[Qq]ueen|[Pp]ope|[Ee]mperor|[Ee]mpress|[Tt]sar|[Pp]rince|[Pp]rincess|[Dd]uke|Saint|St\.?)"
    r"\s(?:[^\W\d_]+\s)?[^\W\d_]+\s$"
)


_BEFORE_I: Final = words(
    "Scene Schedule Division Tier Mark Mk Appendix Figure Table Rule Unit Lesson Exhibit"
)
"""Heads after which a single `I` may be who speaks: `Mark I am here`."""


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if written == "I" and head in _BEFORE_I:
        return written
    if head in ROMAN.rulers:
        if len(written) == 1 and head not in _PLAIN and not _ROYAL.search(left):
            return written
        return f"the {ordinal(value, region=region)}"
    return cardinal(value, region=region)


ROMAN: Final = Roman(
    heads=words(
        "War Chapter Part Volume Book Act Phase Type Class Grade Stage Section Article Title Level Factor Annex "
        "Scene Schedule Division Tier Mark Mk Appendix Figure Table Rule Unit Lesson Exhibit "
        "chapter part volume book act phase type class grade stage section article title level factor annex"
    ),
    rulers=words(
        "Louis Henry Charles George Edward William Richard James Elizabeth Philip Paul Pius Benedict Francis John "
        "Alexander Alfonso Boniface Catherine Clement Constantine Ferdinand Frederick Gregory Gustav Innocent Isabella "
        "Ivan Joseph Julius Juan Leo Leopold Ludwig Malcolm Mary Napoleon Nicholas Otto Pedro Peter Ptolemy Ramesses "
        "Robert Rudolf Sixtus Umberto Urban Victor Wilhelm"
    ),
    said=_said,
)

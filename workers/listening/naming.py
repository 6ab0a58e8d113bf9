"""What happened to an utterance that was misheard, in one word: what people call it who listen to it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from workers.listening.words import words_of

MOST_LEFT = 0.2
"""Share of an utterance's words that are heard where it counts as missing."""


class Mishap(StrEnum):
    """What happened."""

    NONE = ""
    """Nothing, or nothing that has a name: words were heard as other words."""
    MISSING = "missing"
    """Nothing of it is there."""
    CUT_END = "cut-end"
    """Its last words are not there."""
    SAID_TWICE = "said-twice"
    """Words of it are there again."""
    OTHER_LANGUAGE = "other-language"
    """It is in another language."""


def mishap_of(text: str, heard: str, misheard: Sequence[tuple[int, int, str]]) -> Mishap:
    """Of `text`, of which words [begun, ended) were heard as something else, or as nothing: (begun, ended, heard)."""
    if not misheard:
        return Mishap.NONE
    said = words_of(text)
    lost = sum(ended - begun for begun, ended, instead in misheard if not instead)
    if lost >= (1 - MOST_LEFT) * len(said):
        return Mishap.MISSING
    pairs = [(one.letters, other.letters) for one, other in pairwise(said)]
    again = [(one.letters, other.letters) for one, other in pairwise(words_of(heard))]
    if any(again.count(pair) > pairs.count(pair) for pair in set(pairs) & set(again)):
        return Mishap.SAID_TWICE
    _, ended, instead = misheard[-1]
    return Mishap.CUT_END if ended == len(said) and not instead else Mishap.NONE

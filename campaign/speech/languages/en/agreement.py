"""What an English number counts: it changes no number, but tells a quantity from a code."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement, Noun
from campaign.speech.languages.shaping import standing_before

_NO_PLURAL: Final = (
    "is|was|has|does|as|us|this|its|expires|needs|wins|plus|unless|across|perhaps|always|sometimes"
)
_COUNTED: Final = re.compile(
    r"\s(?:of\s|[a-z]+(?:al|ed|ive|ic|er|ew|ing|ful|ent|le|ous)\s)?"
    rf"(?:(?!(?:{_NO_PLURAL})\b)[a-z]{{2,}}s\b|people\b|children\b|men\b|women\b|feet\b)"
)
_COUNTING: Final = standing_before(
    "about",
    "over",
    "nearly",
    "some",
    "around",
    "approximately",
    "almost",
    "more than",
    "up to",
    "less than",
    "fewer than",
    "at least",
    "at most",
)
AGREEMENT: Final = Agreement(
    counting=_COUNTING,
    noun_after=lambda left, right: Noun("m", right[:1].isspace() and right[1:2].isalpha()),
    counted=_COUNTED,
)


_ARTICLE: Final = re.compile(r"\b(?:an?|so-called)\s[\"“']?$")
_THING: Final = re.compile(
    r"\s(?!(?:for|to|on|by|in|at|is|was|and|or|per|a|each|will|off|from|as|with|of)\b)[a-z]{3,}"
)


def is_attributive(left: str, right: str) -> bool:
    """`a $5 bill` is "a five dollar bill"."""
    return bool(_ARTICLE.search(left) and _THING.match(right))

"""Words as both sides are compared: what was to be said, and what was heard, with where each stands in its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b|\s|$)")
"""The dots of "p.m."."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?")
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


OTHER_SCRIPTS = frozenset(
    "ar be bg bn el fa he hi hy ja ka kk ko mk mr ru sr ta te th uk ur zh".split()  # noqa: SIM905
)
"""Languages that are not written in Latin letters."""
OWN_MARKED = {
    "de": "äöüß",
    "en": "",
    "es": "áéíñóúü",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "it": "àèéìíòóùú",
    "pt": "áâãàçéêíóôõúü",
}
"""Letters with marks of languages that are: others are of names from elsewhere."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word."""

    letters: str
    """Folded: no case, no apostrophe, no accent that a recogniser leaves out."""
    begun: int
    ended: int
    """Where it stands in the text."""


def words_of(text: str) -> list[Word]:
    """The words of a text; each character is one where a script has no spaces."""
    blanked = _DOTTED.sub("\u00ad", unicodedata.normalize("NFC", text))  # of the same length
    found = []
    for match in _WORD.finditer(blanked.replace("\u00ad", "'")):
        if is_without_spaces(match[0]):
            found += [
                Word(folded(character), match.start() + at, match.start() + at + 1)
                for at, character in enumerate(match[0])
            ]
        else:
            found.append(Word(folded(match[0]), match.start(), match.end()))
    return [word for word in found if word.letters]


def is_without_spaces(text: str) -> bool:
    """Whether it has characters of a script that parts no words."""
    return _WITHOUT_SPACES.search(text) is not None


def is_foreign(text: str, language: str) -> bool:
    """Whether a text has letters that its language is not written in, as names from elsewhere have."""
    if language in OTHER_SCRIPTS:
        return False
    own = OWN_MARKED.get(language)
    return any(
        not unicodedata.name(character, "LATIN").startswith("LATIN")
        or (own is not None and not character.isascii() and character not in own)
        for character in unicodedata.normalize("NFC", text.casefold())
        if character.isalpha()
    )


def folded(text: str) -> str:
    """Lower case, letters and digits alone, without marks above and below."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in parted if character.isalnum())


def joined(words: Sequence[Word]) -> str:
    """The letters of several words without what parts them."""
    return "".join(word.letters for word in words)

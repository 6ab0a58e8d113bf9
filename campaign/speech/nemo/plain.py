"""Which sentences a normaliser would give back as they are, so that nothing need be decoded.

A sentence is plain when it is words of letters with single spaces between them, commas and full stops where they
belong, no capitals but first letters, and no word that NeMo's grammar of the language does anything with. Those words
are listed (`campaign/speech/grammars/LANGUAGE.triggers`), found by `python -m tools.grammars.find_triggers`:
every word in NeMo's own tables and every short or roman-looking word, tried in many places of a sentence.
"""

from __future__ import annotations

import functools
import re

from campaign.speech.nemo.shipped import FOLDER

_WORD = r"(?:[a-zß-öø-ÿœ]{2,}|[^\W\d_][a-zß-öø-ÿœ]{2,}|[\ue000-\uf8ff])"
"""Two small letters or more, or three and more with a capital (`St Mary` must be decoded); or a protected character."""
_SENTENCE = re.compile(rf"{_WORD}(?:,? {_WORD})*[.!?]?")
_LETTERS = re.compile(r"[^\W\d_]+")


@functools.cache
def plain_languages() -> frozenset[str]:
    """Languages of which the words that a grammar changes are listed."""
    return frozenset(path.stem for path in FOLDER.glob("*.triggers"))


@functools.cache
def triggers(language: str) -> frozenset[str]:
    """Lower-case words that NeMo's grammar changes somewhere."""
    return frozenset((FOLDER / f"{language}.triggers").read_text(encoding="utf-8").split())


def needs_normaliser(text: str, language: str) -> bool:
    """False when `SentenceNormaliser.normalise(text)` would be `text`; True when it may not be. 5 microseconds.

    Always True for a language without a list of triggers.
    """
    if language not in plain_languages() or _SENTENCE.fullmatch(text) is None:
        return True
    return not triggers(language).isdisjoint(_LETTERS.findall(text.lower()))

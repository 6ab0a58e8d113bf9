"""Closed-set language detection for free text: the campaign's declared languages only, with a margin.

py3langid: numpy only, 4.5 MB installed, 28 us a text; lingua is as good at 96 MB and 130 us. Under three words
no detector can be trusted and none is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_WORDS: Final = 3
MARGIN: Final = 0.85
"""Least probability of the best language among the declared ones."""
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


@lru_cache(maxsize=16)
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier | None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    supported = [language for language in languages if language in set(identifier.labels)]
    if len(supported) < 2:
        return None
    identifier.set_languages(supported)
    return identifier


def detect(text: str, languages: Sequence[str]) -> tuple[str | None, str]:
    """(language or None, reason): the declared language that `text` is in, if it can be told."""
    if len(_WORD.findall(text)) < MIN_WORDS:
        return None, f"fewer than {MIN_WORDS} words"
    return _detect(text, tuple(languages))


@lru_cache(maxsize=8192)
def _detect(text: str, languages: tuple[str, ...]) -> tuple[str | None, str]:
    identifier = _identifier(languages)
    if identifier is None:
        return None, "one language declared"
    language, probability = identifier.classify(text)
    if probability < MARGIN:
        return None, f"undecided: {language} {probability:.2f}"
    return str(language), f"detected {probability:.2f}"

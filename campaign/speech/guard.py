"""What may never reach a voice, before and after normalisation.

Before: characters that break a grammar, a database or the reader's order (lone surrogates, controls, bidi
overrides, private use, non-characters). After: anything but words, marks, spaces and sentence punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufff9-\uffff\ufdd0-\ufdef"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Characters that no field and no template may hold."""
INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Characters that nobody sees or says: dropped."""
PUNCTUATION: Final = frozenset(" .,;:!?…¡¿'’‘‚\"“”„«»‹›()-‐‑–—·、。，；：！？（）「」『』《》؟،؛।॥\n")
_SPOKEN_CATEGORIES: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc"})
_known_good: set[str] = set(PUNCTUATION)


def unspeakable(text: str, vocabulary: Collection[str] | None = None) -> str | None:
    """The first character of `text` that no voice may get, or that the engine's vocabulary lacks; else None."""
    unknown = set(text) - _known_good
    bad = {
        c for c in unknown if unicodedata.category(c) not in _SPOKEN_CATEGORIES and c not in "\u200c\u200d"
    }
    _known_good.update(unknown - bad)
    if vocabulary is not None:
        bad |= {c for c in set(text) if c not in vocabulary}
    return next((c for c in text if c in bad), None) if bad else None

"""The revision of the text front end is raised with what it says: a golden sentence a language."""

from __future__ import annotations

import hashlib

from campaign.speech.revision import SPEECH_REVISION
from tests.unit.speech.test_front_end import front_end

TEXT = "12.50 EUR, 2026-12-03, 14:30, 1/2."


def test_the_words_of_a_revision_do_not_change() -> None:
    """Other words for the same text are another revision: raise it, then write the new digest here."""
    words = []
    for language in ("de", "en", "es", "fr", "it", "pt", "zh"):
        composed = front_end(TEXT, language).compose(locale=language, fields={})
        words.append(f"{language} {composed.spoken_text}")
    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
    assert (SPEECH_REVISION, digest) == (4, "0c6b5bb94d4d80ca")

"""When a word of an utterance is said, about: words take their time evenly, nobody measured them."""

from __future__ import annotations

from workers.listening.words import words_of


def begun_ms(text: str, word: int, *, start_ms: float, length_ms: float) -> float:
    """When word number `word` of `text` begins, in a file where the utterance begins at `start_ms`."""
    return start_ms + length_ms * word / max(1, len(words_of(text)))

"""How much of what was to be said was understood: word and character error rates, and whether a value was heard.

An average hides what matters: a message whose amount is misheard is wrong at a word error of 2 %. So every name,
amount, date and number is looked for by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HEARD_AT = 0.25
"""Character errors over a value's length up to which it counts as heard: one letter in four, as in "Jonson"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intelligibility:
    """One utterance's words against what was heard."""

    wer: float
    """Words wrong over words said; above 1 when words were heard that nobody said."""
    cer: float
    values: Mapping[str, tuple[int, int]]
    """Kind of value -> (heard, said)."""


def intelligibility_of(script: str, heard: str, values: Iterable[tuple[str, str]] = ()) -> Intelligibility:
    """Compare spoken text with a transcript; `values` are (kind, its spoken words) that must be in it."""
    import jiwer

    reference, hypothesis = words(script), words(heard)
    if not reference:
        raise ValueError("nothing was to be said")
    counts: dict[str, tuple[int, int]] = {}
    for kind, spoken in values:
        heard_count, total = counts.get(kind, (0, 0))
        counts[kind] = (heard_count + is_heard(spoken, heard), total + 1)
    return Intelligibility(
        wer=float(jiwer.wer(reference, hypothesis)),
        cer=float(jiwer.cer(reference, hypothesis)),
        values=counts,
    )


def words(text: str) -> str:
    """Lower case, letters and digits, single spaces: what both sides are compared as."""
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = "".join(character if character.isalnum() or character == "'" else " " for character in folded)
    return " ".join(kept.split())


def is_heard(value: str, heard: str) -> bool:
    """Whether the words of a value occur in a transcript, with `HEARD_AT` of its letters wrong at most."""
    value_words, transcript = words(value), words(heard)
    return bool(value_words) and _distance_within(value_words, transcript) <= HEARD_AT * len(value_words)


def _distance_within(pattern: str, text: str) -> int:
    """Fewest edits that turn some stretch of `text` into `wanted` (Sellers 1980)."""
    before = [0] * (len(text) + 1)
    for row, letter in enumerate(pattern, 1):
        now = [row]
        for column, other in enumerate(text, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != other)))
        before = now
    return min(before)

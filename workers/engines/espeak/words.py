"""When espeak-ng said each word of a span, from the events of its own synthesis.

An event marks the character and the sample at which the library begins a word. It knows words otherwise than a text
does: "of the" is one to it, "well-known" two, "n'est" three. What begins inside a word of the text belongs to that
word; a word without an event shares the time of those before it by its letters. A word ends where its sound does: what
is quiet before the next one is a pause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from workers.engines.engine import Pcm

Mark = tuple[int, int]
"""(character of the text from 0, sample of the span's sound) at which the library begins a word."""
Extent = tuple[int, int]
"""[first sample, one past the last) of a word."""
PIECE = re.compile(r"\S+")
TAIL_BITS = 6
"""What is 36 dB below a word's peak at its ends is no part of it."""


def words_in_span(text: str, marks: Sequence[Mark], pcm: Pcm, *, silence_peak: int) -> list[Extent] | None:
    """Each word of `text`, parted at white space, in samples of the span's sound; None where it is not clear.

    Signs by themselves are no words. What never exceeds `silence_peak` of int16 is quiet.
    """
    words = [piece.span() for piece in PIECE.finditer(text) if any(map(str.isalnum, piece.group()))]
    begun = _first_samples(words, marks)
    if not words or begun[0] is None:
        return None
    return list(_shared_out(words, begun, pcm, silence_peak))


def words_of_phonemes(text: str, pcm: Pcm, *, silence_peak: int) -> list[Extent] | None:
    """The same of a span that was given as phonemes, whose words the library does not hold against the text: of one."""
    words = [piece for piece in text.split() if any(map(str.isalnum, piece))]
    return [_sounding((0, len(pcm)), pcm, silence_peak)] if len(words) == 1 else None


def _first_samples(words: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> list[int | None]:
    """Where each word begins; None for one that the library says together with those before it."""
    begun: list[int | None] = [None] * len(words)
    ends = [end for _, end in words]
    for character, sample in sorted(marks, key=lambda mark: mark[1]):
        word = int(np.searchsorted(ends, character, side="right"))
        is_later = all(one is None for one in begun[word:])
        if word < len(words) and is_later:
            begun[word] = sample
    return begun


def _shared_out(
    words: Sequence[tuple[int, int]], begun: Sequence[int | None], pcm: Pcm, silence_peak: int
) -> Iterator[Extent]:
    """Every word's sound up to the next one; words said together part theirs by their letters."""
    at = 0
    while at < len(words):
        after = at + 1
        while after < len(words) and begun[after] is None:
            after += 1
        last = len(pcm) if after == len(words) else begun[after] or 0
        first, last = _sounding((begun[at] or 0, last), pcm, silence_peak)
        letters = np.cumsum([0, *(end - start for start, end in words[at:after])])
        places = first + np.rint((last - first) * letters / letters[-1]).astype(int)
        yield from ((int(start), int(end)) for start, end in pairwise(places))
        at = after


def _sounding(extent: Extent, pcm: Pcm, silence_peak: int) -> Extent:
    """Without what is quiet at its ends: silence, and the tail that the library's own filters leave."""
    first, last = extent
    levels = np.abs(pcm[first:last].astype(np.int32))
    if not len(levels):
        return extent
    loud = np.flatnonzero(levels > max(silence_peak, int(levels.max()) >> TAIL_BITS))
    return (first + int(loud[0]), first + int(loud[-1]) + 1) if len(loud) else extent

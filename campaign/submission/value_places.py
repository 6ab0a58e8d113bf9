"""Which words of an utterance are values: of what kind and column, by their places alone.

Whoever listens to a file looks for each value by itself. What is kept beside an utterance are numbers and the names of
kinds and columns, no words.
"""

from __future__ import annotations

from typing import NamedTuple

from campaign.speech.front_end import Composition
from campaign.speech.pieces import Piece
from workers.listening.words import words_of


class ValuePlace(NamedTuple):
    """One value among the words of an utterance."""

    kind: str
    begun: int
    ended: int
    """Words [begun, ended), as `words_of` parts them."""
    column: str
    """Of the recipients file; empty for a value that stands in the text."""


def value_places(composition: Composition) -> list[tuple[ValuePlace, ...]]:
    """The values of each utterance, in order.

    Both sides are made of the same sentences: the pieces of one are the words of its utterances, in their order. Where
    tidying changed words (euphony), the piece that holds them is left out and not guessed.
    """
    places: list[tuple[ValuePlace, ...]] = []
    for sentence in composition.trace.sentences:
        pieces = [piece for piece in sentence.spoken.pieces if words_of(piece.text)]
        at = 0
        for utterance in sentence.spoken.utterances:
            words = [word.letters for word in words_of(utterance.text)]
            found, at = _in_utterance(words, pieces, at)
            places.append(tuple(found))
    if len(places) != len(composition.utterances):
        return [()] * len(composition.utterances)
    return places


def _in_utterance(words: list[str], pieces: list[Piece], first: int) -> tuple[list[ValuePlace], int]:
    """(values of an utterance, the first piece that lies in the next one)."""
    found: list[ValuePlace] = []
    begun, at = 0, first
    while at < len(pieces):
        piece = pieces[at]
        letters = [word.letters for word in words_of(piece.text)]
        place = _find(words, letters, begun)
        if place is None:
            if piece.kind == "text" or begun >= len(words):
                return found, at
            at += 1
            continue
        if piece.kind != "text":
            found.append(ValuePlace(str(piece.kind), place, place + len(letters), piece.column or ""))
        begun = place + len(letters)
        at += 1
    return found, at


def _find(words: list[str], letters: list[str], begun: int) -> int | None:
    for place in range(begun, len(words) - len(letters) + 1):
        if words[place : place + len(letters)] == letters:
            return place
    return None

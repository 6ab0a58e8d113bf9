"""Faults as they happen: each takes what a file says, or its sound, and spoils it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from campaign.speech.pieces import SpokenUtterance
from campaign.submission.value_places import ValuePlace
from workers.engines.engine import Pcm
from workers.listening.rivals import ValueWords, value_words
from workers.listening.words import words_of

KINDS = ("word dropped", "digit swapped", "loop", "cut end", "neighbour", "language")
SHORTEST_DROPPED = 4
"""Letters of a word of the text that is left out; words of values are of any length. "Is" is left out by people too."""
LOOP_WORDS = (3, 7)
CUT_SHARE = (0.06, 0.35)
"""Of the sound of a file; at least its last word is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file as it is to be."""

    id: str
    language: str
    utterances: tuple[SpokenUtterance, ...]
    places: tuple[tuple[ValuePlace, ...], ...]


def without_a_word(row: Row, chance: random.Random) -> tuple[int, SpokenUtterance, str] | None:
    """(which utterance, how it is said now, what is missing)."""
    found = []
    for number, utterance in enumerate(row.utterances):
        text = utterance.text
        for at, word in enumerate(words_of(text)):
            in_value = any(place.begun <= at < place.ended for place in row.places[number])
            if in_value or len(word.letters) >= SHORTEST_DROPPED:
                found.append((number, text[: word.begun] + text[word.ended :], text[word.begun : word.ended]))
    number, text, missing = chance.choice(found)
    return number, said(row.utterances[number], " ".join(text.split())), missing


def with_another_digit(row: Row, chance: random.Random) -> tuple[int, SpokenUtterance, str] | None:
    """A number word of a value exchanged for another of its kind: a digit, a teen, a ten, an ordinal."""
    words = value_words(row.language)
    numbers = [word for word in words.words if any(meaning.isdigit() for meaning in words.of(word))]
    found = []
    for number, utterance in enumerate(row.utterances):
        text = utterance.text
        for at, word in enumerate(words_of(text)):
            spelled = text[word.begun : word.ended]
            in_value = any(
                place.begun <= at < place.ended and place.kind != "name" for place in row.places[number]
            )
            others = alike(spelled, numbers, words) if in_value else []
            if others:
                found.append((number, word.begun, word.ended, spelled, others))
    if not found:
        return None
    number, begun, ended, spelled, others = chance.choice(found)
    text, other = row.utterances[number].text, chance.choice(others)
    return number, said(row.utterances[number], text[:begun] + other + text[ended:]), f"{spelled} -> {other}"


def alike(spelled: str, numbers: Sequence[str], words: ValueWords) -> list[str]:
    """Other number words of the same size and form."""
    mine = words.of(spelled)
    size = next((len(meaning) for meaning in mine if meaning.isdigit()), 0)
    return [
        other
        for other in numbers
        if size
        and not words.of(other) & mine
        and any(meaning.isdigit() and len(meaning) == size for meaning in words.of(other))
        and (other[-2:] == spelled[-2:] or abs(len(other) - len(spelled)) < 2)
    ]


def with_a_loop(row: Row, chance: random.Random) -> tuple[int, SpokenUtterance, str] | None:
    """Some words in a row said twice."""
    number = max(range(len(row.utterances)), key=lambda one: len(row.utterances[one].text))
    text = row.utterances[number].text
    words = words_of(text)
    size = min(len(words), chance.randint(*LOOP_WORDS))
    first = chance.randint(0, len(words) - size)
    begun, ended = words[first].begun, words[first + size - 1].ended
    again = text[begun:ended]
    return number, said(row.utterances[number], f"{text[:ended]} {again}{text[ended:]}"), again


def cut(pcm: Pcm, chance: random.Random) -> Pcm:
    """A file's sound without its end."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > 600)
    last = int(loud[-1]) if len(loud) else len(pcm)
    return pcm[: int(last * (1 - chance.uniform(*CUT_SHARE)))]


def said(utterance: SpokenUtterance, text: str) -> SpokenUtterance:
    """The same with other words."""
    return replace(utterance, spans=(replace(utterance.spans[0], text=text, phonemes=()),))

"""Which of the timed words of an asset's utterances are its values: for finishing, where it helps them to be heard.

The rows know a value by its place among an utterance's words, as listening parts them; an engine or a listener times
the words as white space parts them. Each timed word is parted again, and so both are the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from storage.records import AssetPart, AssetWork, JsonObject
from workers.errors import FinishError
from workers.finish import Part
from workers.finish.captions import written_words
from workers.finish.finishing import word_times
from workers.finish.values import UNPLACED, refuse_unplaced
from workers.listening.words import words_of
from workers.requests import Spec

NO_VALUES = frozenset({"text", "alias", "symbol", "words", "flag"})
"""Kinds of what is written short and read in full: no value that a recipient has to note down."""


def with_values(work: AssetWork, parts: Sequence[Part], runs: Mapping[str, JsonObject]) -> list[Part]:
    """The parts with the places of their values. Raises `FinishError` where nobody tells when they are said."""
    return [
        replace(part, values=_values(one, part, runs.get(one.run_id, {}), position))
        for position, (one, part) in enumerate(zip(work.parts, parts, strict=True))
    ]


def _values(one: AssetPart, part: Part, run: JsonObject, position: int) -> tuple[tuple[int, int], ...]:
    assert one.words is not None, "the words are read with the asset where values are helped"
    places = [
        (int(str(begun)), int(str(ended)))
        for kind, begun, ended, _column in one.words.value_places
        if str(kind) not in NO_VALUES
    ]
    if not places:
        return ()
    times = word_times(part, run)
    refuse_unplaced(times, [(0, 0)], position)
    assert times is not None
    found = timed_places(Spec.from_json(one.words.spec).text, len(times), places)
    if found is None:
        raise FinishError(
            UNPLACED,
            f"the times of sentence {position + 1} are not of its words, so its values cannot be helped; leave "
            "pause_before_values and slow_values out, or choose another voice",
        )
    return found


def timed_places(
    text: str, count: int, places: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...] | None:
    """Words [begun, ended) of a text, as listening parts them, among the `count` words that somebody timed, in order.

    None where it is not clear which words those are.
    """
    timed = written_words(text, count)
    ends = list(accumulate(len(words_of(word)) for word in timed))
    if not ends or ends[-1] != len(words_of(text)):
        return None
    return tuple(sorted((_word_at(ends, begun), _word_at(ends, ended - 1) + 1) for begun, ended in places))


def _word_at(ends: Sequence[int], place: int) -> int:
    """The timed word that holds a word."""
    return next(number for number, end in enumerate(ends) if place < end)

"""Figures in a transcript: heard where a certain reading is what was to be said, else open, and seldom misheard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pytest

from tools.value_words import NUMBERS_FILE, numbers_document
from workers.engines.engine import Pcm
from workers.listening.figures import read_transcript
from workers.listening.judging import Hearing, Judgement, Means, SpokenValue, compare, judgement_of
from workers.listening.rivals import value_words
from workers.listening.utterance import listen
from workers.listening.words import words_of
from workers.recognisers.recogniser import Heard

HEARD, MISHEARD, OPEN = Hearing.HEARD, Hearing.MISHEARD, Hearing.NOT_JUDGED
SOUND = np.full(16_000, 500, np.int16)


def means(language: str) -> Means:
    return Means(language=language, pronunciations=None, value_words=value_words(language))


def judged(language: str, said: str, heard: str, kind: str = "money") -> Judgement:
    value = SpokenValue(kind=kind, begun=1, ended=len(words_of(said)), column="due")
    comparison = compare(said, [value], heard, means(language))
    return judgement_of(said, [value], comparison, comparison.amiss)


class Case(NamedTuple):
    language: str
    said: str
    heard: str
    verdict: Hearing


CASES = [
    # as it was to be said: as a number, or one by one
    Case("en", "You owe five dollars.", "You owe 5 dollars.", HEARD),
    Case("en", "You owe forty-one dollars and sixty cents.", "You owe 41 dollars and 60 cents.", HEARD),
    Case("en", "The code is Z Q, seven one four.", "The code is ZQ714.", HEARD),
    Case("en", "The code is seven one four.", "The code is 7 1 4.", HEARD),
    Case("en", "Call five five five, zero one nine two.", "Call 555-0192.", HEARD),
    Case("en", "On the eleventh of May.", "On the 11 of May", HEARD),
    Case("en", "in twenty twenty-one", "in 20 21", HEARD),
    Case("de", "am elften Mai", "am 11. Mai", HEARD),
    Case("es", "son treinta y una libras", "son 31 libras", HEARD),
    Case("fr", "il doit septante-deux francs", "il doit 72 francs", HEARD),
    Case("fr", "il doit soixante-douze euros", "il doit 72 euros", HEARD),
    Case("zh", "代码是七一四。", "代码是714。", HEARD),
    Case("zh", "今天是三月三日", "今天是3月3日", HEARD),
    # another number than was to be said
    Case("en", "You owe fifteen dollars.", "You owe 50 dollars.", MISHEARD),
    Case("en", "You owe fifteen dollars.", "You owe 16 dollars.", MISHEARD),
    Case("en", "The code is seven one four.", "The code is 715.", MISHEARD),
    Case("en", "The code is seven one four.", "The code is 7144.", MISHEARD),
    Case("en", "The code is Z Q, seven one four.", "The code is ZQ754.", MISHEARD),
    Case("en", "Call five five five, zero one nine two.", "Call 555-0193.", MISHEARD),
    Case("fr", "il doit septante-deux francs", "il doit 73 francs", MISHEARD),
    Case("zh", "代码是七一四。", "代码是715。", MISHEARD),
    # what has several readings, though one of them is what was to be said
    Case("en", "You owe eight dollars and thirty cents.", "You owe $8.30.", OPEN),
    Case("en", "You owe five dollars.", "You owe $5.", OPEN),
    Case("en", "You owe five.", "You owe $5.", OPEN),
    Case("en", "Save fifty percent.", "Save 50%.", OPEN),
    Case("en", "Save fifty.", "Save fifty %.", OPEN),
    Case("en", "At eight thirty.", "At 8.30.", OPEN),
    Case("en", "At eight thirty.", "At 8:40.", OPEN),
    Case("en", "At nine.", "At 9am.", OPEN),
    Case("en", "on March thirtieth, twenty twenty-one", "on 3/30/2021", OPEN),
    Case("en", "on March thirtieth, twenty twenty-one", "on March 30th, 2021", OPEN),
    Case("en", "in twenty twenty-one", "in 2021", OPEN),
    Case("en", "in twenty twenty-one", "in 2022", OPEN),
    Case("en", "nine five", "9-5", OPEN),
    Case("en", "You owe four hundred.", "You owe 400.", OPEN),
    Case("en", "You owe half of it.", "You owe ½ of it.", OPEN),
    Case("de", "es kostet vierhundert Euro", "es kostet 400 Euro", OPEN),
    Case("de", "am dritten Februar neunzehnhundertachtundneunzig", "am 3.2.1998", OPEN),
    Case("sw", "mia tano", "mia 5", OPEN),
    # beside figures words are judged as ever
    Case("en", "On Tuesday you owe five dollars.", "On Thursday you owe 5 dollars.", MISHEARD),
    Case("en", "You owe five dollars.", "You owe five", MISHEARD),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language} {case.said} / {case.heard}")
def test_what_figures_say_of_what_was_to_be_said(case: Case) -> None:
    judgement = judged(case.language, case.said, case.heard)
    assert judgement.verdict == case.verdict, judgement
    if case.verdict == OPEN:
        assert judgement.word_error == 0.0
        assert [value.verdict for value in judgement.values] == [OPEN]


def test_an_open_stretch_leaves_the_values_beside_it_as_they_were_heard() -> None:
    said = "Hello Anna, you owe five dollars on May first."
    values = [
        SpokenValue(kind="name", begun=1, ended=2),
        SpokenValue(kind="money", begun=4, ended=6),
        SpokenValue(kind="date", begun=7, ended=9),
    ]
    comparison = compare(said, values, "Hello Anna, you owe $5 on March first.", means("en"))
    judgement = judgement_of(said, values, comparison, comparison.amiss)
    assert [value.verdict for value in judgement.values] == [HEARD, OPEN, MISHEARD]
    assert judgement.verdict == MISHEARD
    assert judgement.word_error == pytest.approx(1 / 9, abs=1e-3)


def test_a_transcript_without_figures_is_read_as_it_is() -> None:
    heard = "Well, forty-five; l'électricité p.m. — and/or «yes»!"
    read = read_transcript(heard, words_of("what was to be said"), value_words("en"))
    assert (read.text, list(read.words), read.places) == (heard, words_of(heard), ())


class Ears:
    """Hears what it is told, one hearing after another."""

    name = "ears"

    def __init__(self, *texts: str) -> None:
        self._texts: Iterator[str] = iter(texts)

    def understands(self, language: str) -> bool:
        return True

    def hear(self, pcm: Pcm, rate_hz: int, language: str, *, attempt: int = 0) -> Heard:
        return Heard(text=next(self._texts))

    def close(self) -> None:
        """Nothing to give back."""


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [
        (["at 8.30", "at eight thirty"], HEARD),
        (["at 8.30"] * 4, OPEN),
        (["at eight forty", "at 8.40", "at 8.40", "at 8.40"], OPEN),
        (["at 8.40", "at eight forty", "at eight forty", "at eight forty"], OPEN),
        (["at eight forty"] * 4, MISHEARD),
    ],
)
def test_it_is_misheard_only_where_every_hearing_says_so_in_words(
    heard: Sequence[str], verdict: Hearing
) -> None:
    value = SpokenValue(kind="time", begun=1, ended=3)
    judgement = listen(
        SOUND, 16_000, "At eight thirty.", [value], language="en", recogniser=Ears(*heard), means=means("en")
    )
    assert judgement.verdict == verdict


def test_the_table_of_numbers_is_what_the_rooms_say() -> None:
    assert NUMBERS_FILE.read_text(encoding="utf-8") == numbers_document()

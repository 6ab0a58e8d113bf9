"""When espeak-ng says its words: its own events, held against its own sound."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from tests.unit.workers.engines.spoken import demo_voice, request, sound
from workers.engines.engine import WORDS, SpokenSpan, Waveform
from workers.engines.espeak import EspeakEngine
from workers.engines.espeak.engine import RATE_HZ, _join, _sounding, _words_ms
from workers.engines.espeak.process import SpanSound, SpanToSpeak
from workers.engines.espeak.words import words_in_span, words_of_phonemes
from workers.finish.words import told_times
from workers.measure.activity import FRAME_MS, activity

LOUD = np.full(1000, 9_000, np.int16)


@pytest.fixture(scope="module")
def engine() -> Iterator[EspeakEngine]:
    made = EspeakEngine()
    made.warm([demo_voice()])
    yield made
    made.close()


def told(waveform: Waveform) -> list[tuple[float, float]]:
    times = told_times({"notes": dict(waveform.notes)})
    assert times is not None
    return times


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Your balance of the account is forty-two dollars today. Hello, O'Brien; yes, don't — please!",
        ),
        ("fr", "L'été est arrivé, n'est-ce pas ? Vous êtes prêt."),
        ("es", "¿Hola, qué tal? Son las tres y media de la tarde."),
        ("de", "Guten Tag, Herr Müller. Ihr Betrag ist vierzehn Euro."),
    ],
)
def test_every_word_has_its_time_and_its_sound(engine: EspeakEngine, language: str, text: str) -> None:
    spoken = sound(engine.synthesise([request((language, text))])[0])
    times = told(spoken)
    assert len(times) == len([word for word in text.split() if any(map(str.isalnum, word))])
    assert all(before[1] <= after[0] + 1 for before, after in pairwise(times))
    assert times[-1][1] <= 1000 * spoken.duration_s + 1
    speaks = activity(spoken.pcm, spoken.rate_hz).speech
    inside = np.zeros(len(speaks), bool)
    for begun, ended in times:
        frames = slice(int(begun // FRAME_MS), int(ended // FRAME_MS) + 1)
        assert speaks[frames].mean() > 0.5, (begun, ended)
        inside[frames] = True
    assert speaks[inside].mean() > 0.85, "pauses lie between words"
    assert inside[speaks].mean() > 0.97, "speech lies in words"


def test_words_of_several_languages_lie_in_the_joined_sound(engine: EspeakEngine) -> None:
    parts = (("en", "Dear"), ("de", "Frau Müller-Lüdenscheidt,"), ("en", "your parcel is here."))
    whole = sound(engine.synthesise([request(*parts)])[0])
    alone = [sound(engine.synthesise([request(part)])[0]) for part in parts]
    times = told(whole)
    assert len(times) == 7
    begun_ms = 0.0
    for first, part in zip((0, 1, 3), alone, strict=True):
        assert times[first][0] == pytest.approx(begun_ms, abs=70)
        begun_ms += 1000 * part.duration_s + 45


def test_a_name_in_phonemes_is_one_word_and_two_are_nobodys(engine: EspeakEngine) -> None:
    def said(name: str, phonemes: str) -> Waveform:
        spans = (
            SpokenSpan(text="Hello", language="en"),
            SpokenSpan(text=name, language="en", phonemes=(("x-espeak", phonemes),)),
        )
        return sound(engine.synthesise([request(*spans)])[0])

    hello, maria = told(said("Maria.", "m@r'i:@"))
    assert hello[1] < maria[0] < maria[1]
    assert WORDS not in said("Maria Lopez.", "m@r'i:@||l'oUpEz").notes


def test_words_said_together_share_their_time_by_letters() -> None:
    assert words_in_span("of the end", [(0, 0), (7, 500)], LOUD, silence_peak=24) == [
        (0, 200),
        (200, 500),
        (500, 1000),
    ]


def test_a_word_ends_where_its_sound_does_and_signs_are_no_words() -> None:
    pcm = np.concatenate((LOUD, np.zeros(400, np.int16), LOUD))
    marks = [(0, 0), (6, 1400), (8, 1500)]
    assert words_in_span("Hello – B-C", marks, pcm, silence_peak=24) == [(0, 1000), (1400, 2400)]


def test_what_no_event_places_is_not_told() -> None:
    assert words_in_span("Hello there", [], LOUD, silence_peak=24) is None
    assert words_in_span("Hello there", [(6, 10)], LOUD, silence_peak=24) is None
    assert words_in_span("–", [(0, 0)], LOUD, silence_peak=24) is None
    assert words_of_phonemes("Anna Maria", LOUD, silence_peak=24) is None


def test_silences_that_are_cut_and_gaps_between_spans_move_the_words() -> None:
    quiet = np.zeros(2205, np.int16)
    part = SpanSound(pcm=np.concatenate((quiet, LOUD, quiet)), marks=((0, 0),))
    span = SpanToSpeak(voice="gmw/en", text="Hello", phonemes=None)
    kept = _sounding(part.pcm)
    assert kept is not None
    joined = _join([part.pcm[kept]] * 2)
    times = _words_ms([span] * 2, [part] * 2, [kept] * 2)
    assert joined is not None and times is not None
    word_ms = 1000 * len(LOUD) / RATE_HZ
    assert list(times[0]) == pytest.approx([5, 5 + word_ms], abs=1)
    last_ms = 1000 * len(joined) / RATE_HZ - 5
    assert list(times[1]) == pytest.approx([last_ms - word_ms, last_ms], abs=1)

"""Words that an engine told lie in the file where their sound is, whatever finishing did to it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import soundfile
from pydantic import JsonValue

from tests.unit.workers.finish.sounds import RATE_HZ, silence, sine
from workers.engines.engine import WORDS, Pcm
from workers.finish import FinishProfile, Part, Provenance, finish
from workers.finish.reading import read_file

SPOKEN_S = (0.35, 0.3, 0.1, 0.25, 0.4)
"""Silence, a word, silence, a word, silence."""
WORDS_MS: JsonValue = [[350, 650], [750, 1000]]
TOLERANCE_S = 0.01
TEMPO_TOLERANCE_S = 0.03
"""Another tempo is made of pieces, which move a little."""


def two_words() -> Pcm:
    quiet, first, between, second, end = SPOKEN_S
    return np.concatenate([silence(quiet), sine(first), silence(between), sine(second), silence(end)])


def timebase(words_ms: JsonValue, **profile: Any) -> tuple[list[dict[str, Any]], np.ndarray[Any, Any], int]:
    """(what the descriptor says of two utterances, the file's sound, its rate)."""
    noted: dict[str, JsonValue] = {} if words_ms is None else {WORDS: words_ms}
    runs: list[dict[str, JsonValue]] = [{"run_id": "r1", "notes": noted}, {"run_id": "r2", "notes": noted}]
    about: dict[str, JsonValue] = {"campaign": "spring", "recipient": "ab" * 16, "version": 1}
    audio = finish(
        [Part(pcm=two_words(), rate_hz=RATE_HZ, pause_after_ms=200)] * 2,
        FinishProfile(codec="wav", gain="preset", **profile),
        provenance=Provenance(about=about, runs=runs),
    )
    descriptor = read_file(audio.data).descriptor
    assert descriptor is not None
    sound, rate_hz = soundfile.read(io.BytesIO(audio.data))
    return descriptor["timebase"], np.abs(sound), rate_hz


@pytest.mark.parametrize(
    "profile",
    [{}, {"rate_hz": 48_000}, {"tempo": 0.8}, {"tempo": 1.25, "rate_hz": 16_000}, {"lead_in_ms": 500}],
)
def test_words_lie_where_their_sound_is(profile: dict[str, Any]) -> None:
    places, sound, rate_hz = timebase(WORDS_MS, **profile)
    margin = round((TEMPO_TOLERANCE_S if "tempo" in profile else TOLERANCE_S) * rate_hz)
    heard = sound > 0.02
    for place in places:
        for word in place["words"]:
            first, end = word["first_sample"], word["first_sample"] + word["samples"]
            inside = heard[first + margin : end - margin]
            window = rate_hz // 200  # longer than the sine's own zeros
            assert all(inside[at : at + window].any() for at in range(0, len(inside) - window, window))
            assert not heard[end + margin : end + margin + rate_hz // 50].any()
            assert not heard[max(0, first - margin - rate_hz // 50) : max(0, first - margin)].any()
            assert place["first_sample"] <= first and end <= place["first_sample"] + place["samples"]


@pytest.mark.parametrize(
    "noted",
    [None, [], "350", [[350]], [[650, 350]], [["a", "b"]], [350, 650], 7],
)
def test_what_tells_no_times_gives_no_words(noted: JsonValue) -> None:
    places, _sound, _rate_hz = timebase(noted)
    assert [place["words"] for place in places] == [None, None]


def test_a_word_beyond_the_sound_is_held_within_it() -> None:
    places, _sound, _rate_hz = timebase([[0, 100], [900, 9000]])
    for place in places:
        first, last = place["words"]
        assert (first["first_sample"], first["samples"]) == (place["first_sample"], 0)
        assert last["first_sample"] + last["samples"] == place["first_sample"] + place["samples"]

"""A voice print: the middle of its renders, and how far from it another sound is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.encoders import PitchEncoder
from workers.engines.engine import Pcm
from workers.measure.likeness import Vector
from workers.measure.voice_print import LONGEST_S, SHORTEST_SCORED_S, likeness, resampled, voice_print

RATE_HZ = 16_000


def at(degrees: float) -> Vector:
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])


def test_the_print_is_the_middle_and_each_render_is_held_against_the_others() -> None:
    made = voice_print([at(-10), at(10), at(0)])
    assert made is not None
    assert made.vector == (1.0, 0.0)
    assert made.lowest == pytest.approx(math.cos(math.radians(15)), abs=1e-4)
    assert made.median == pytest.approx(math.cos(math.radians(15)), abs=1e-4)


def test_one_render_is_no_voice() -> None:
    assert voice_print([at(0)]) is None


def buzz(f0_hz: float, seconds: float) -> Pcm:
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = sum(np.sin(2 * np.pi * f0_hz * number * time_s) / number for number in range(1, 12))
    return np.asarray(6000 * wave, dtype=np.int16)


def test_a_sound_is_as_much_the_voice_as_its_encoder_says() -> None:
    encoder = PitchEncoder()
    vector = [float(one) for one in encoder.embed(buzz(120, 2), RATE_HZ)]
    same, other = (likeness(encoder, vector, buzz(f0_hz, 5), RATE_HZ) for f0_hz in (120, 170))
    assert same is not None and other is not None
    assert same > 0.99 and other < 0.5
    assert likeness(encoder, vector, buzz(120, SHORTEST_SCORED_S - 0.1), RATE_HZ) is None


def test_of_a_long_sound_its_first_minute_is_heard() -> None:
    class Lengths(PitchEncoder):
        def embed(self, pcm: Pcm, rate_hz: int) -> Vector:
            self.seconds = len(pcm) / rate_hz
            return at(0)

    encoder = Lengths()
    likeness(encoder, (1.0, 0.0), np.zeros(round((LONGEST_S + 9) * RATE_HZ), np.int16), RATE_HZ)
    assert encoder.seconds == LONGEST_S


def test_a_telephone_s_sound_is_as_long_and_clips_nothing() -> None:
    loud = np.full(RATE_HZ, 32_767, np.int16)
    assert len(resampled(loud, RATE_HZ, 8_000)) == 8_000
    assert resampled(loud, RATE_HZ, 8_000).min() > 0, "what is too loud stays loud"

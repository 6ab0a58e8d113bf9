"""Trim, fade, join, to the sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.finish.sounds import babble, silence, sine
from workers.engines.engine import Pcm
from workers.finish.assembly import Assembly, amplitude, fade, samples_of, trim


def test_trim_keeps_the_sound_and_the_margin() -> None:
    sound = np.full(2400, 10_000, np.int16)
    padded = np.concatenate([silence(0.5), sound, silence(0.3)])
    trimmed = trim(padded, 24_000, below_dbfs=-50, keep_ms=10)
    assert len(trimmed) == 2400 + 2 * 240
    np.testing.assert_array_equal(trimmed[240:-240], sound)


def test_trim_cuts_noise_below_the_threshold_and_nothing_inside() -> None:
    noise = (babble(0.2, peak=50), babble(0.1, peak=50))  # -56 dBFS
    inside = np.concatenate([sine(0.1), silence(0.4), sine(0.1)])
    trimmed = trim(np.concatenate([noise[0], inside, noise[1]]), 24_000, below_dbfs=-50, keep_ms=0)
    assert len(trimmed) == pytest.approx(len(inside), abs=4)


def test_trim_of_a_sound_without_silence_is_the_sound() -> None:
    sound = np.full(100, -32_768, np.int16)
    np.testing.assert_array_equal(trim(sound, 24_000, below_dbfs=-50, keep_ms=15), sound)


@pytest.mark.parametrize("length", [0, 1, 5000])
def test_trim_of_silence_is_empty(length: int) -> None:
    assert len(trim(np.zeros(length, np.int16), 24_000, below_dbfs=-50, keep_ms=15)) == 0


@given(st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=60), st.floats(-90, -20))
def test_trim_never_cuts_a_loud_sample(samples: list[int], below_dbfs: float) -> None:
    pcm = np.array(samples, np.int16)
    trimmed = trim(pcm, 24_000, below_dbfs=below_dbfs, keep_ms=0)
    threshold = max(1, int(amplitude(below_dbfs)))
    loud = [n for n in samples if abs(n) >= threshold]
    assert [n for n in trimmed.tolist() if abs(n) >= threshold] == loud
    assert not loud or (abs(int(trimmed[0])) >= threshold and abs(int(trimmed[-1])) >= threshold)


def test_fade_ramps_both_ends_and_leaves_the_middle_and_the_source() -> None:
    sound = np.full(2400, 10_000, np.int16)
    faded = fade(sound, 24_000, fade_ms=5)
    assert (sound == 10_000).all()
    assert (faded[120:-120] == 10_000).all()
    assert (np.diff(faded[:120]) > 0).all()
    assert faded[0] < 100
    assert faded[-1] < 100


@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_fade_of_a_few_samples_keeps_their_number(length: int) -> None:
    assert len(fade(np.full(length, 1000, np.int16), 24_000, fade_ms=50)) == length


def assembled(
    sounds: Sequence[Pcm], pauses_ms: Sequence[float], rate_hz: int, fade_ms: float = 5
) -> Assembly:
    made = Assembly(rate_hz, fade_ms=fade_ms, lead_in_ms=pauses_ms[0], lead_out_ms=pauses_ms[-1])
    for sound, pause_ms in zip(sounds, [*pauses_ms[1:-1], 0], strict=True):
        made.add(sound, pause_after_ms=pause_ms)
    return made


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 24_000, 48_000])
def test_pauses_are_what_they_say_and_the_timebase_points_at_each_sound(rate_hz: int) -> None:
    first, second = np.full(1001, 5000, np.int16), np.full(777, -6000, np.int16)
    made = assembled([first, second], [100, 350, 33], rate_hz)
    joined, starts = made.end(), made.starts
    assert len(joined) == len(first) + len(second) + sum(samples_of(ms, rate_hz) for ms in (100, 350, 33))
    assert starts == [samples_of(100, rate_hz), samples_of(100, rate_hz) + 1001 + samples_of(350, rate_hz)]
    np.testing.assert_array_equal(joined[starts[0] : starts[0] + 1001], first)
    np.testing.assert_array_equal(joined[starts[1] : starts[1] + 777], second)
    assert np.count_nonzero(joined) == 1001 + 777


def test_sounds_without_a_pause_overlap_by_a_linear_cross_fade() -> None:
    rate_hz, loud = 24_000, np.full(2400, 32_767, np.int16)
    sounds = [fade(loud, rate_hz, fade_ms=5) for _ in range(3)]
    made = assembled(sounds, [0, 0, 0, 0], rate_hz)
    joined = made.end()
    overlap = samples_of(5, rate_hz)
    assert len(joined) == 3 * 2400 - 2 * overlap
    assert made.starts == [0, 2400 - overlap, 2 * (2400 - overlap)]
    inside = joined[overlap:-overlap].astype(int)
    assert inside.min() >= 32_765  # two ramps that add up to one, each rounded


@pytest.mark.parametrize("lengths", [(50, 2400), (2400, 50), (1, 1), (2400, 50, 2400), (121, 120, 119)])
def test_sounds_shorter_than_the_overlap_are_not_lost(lengths: tuple[int, ...]) -> None:
    sounds = [np.full(length, 1000, np.int16) for length in lengths]
    made = assembled(sounds, [0] * (len(lengths) + 1), 24_000)
    joined = made.end()
    assert joined.astype(int).sum() == 1000 * sum(lengths)
    assert all(start >= 0 for start in made.starts)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([0, 0, 3, 10])), min_size=1, max_size=6),
    st.integers(0, 63),
)
def test_pieces_are_the_same_samples_however_they_are_taken(
    sounds: list[tuple[int, int]], takes: int
) -> None:
    """`takes` says in bits after which sounds something is taken."""
    rng = np.random.default_rng(len(sounds))
    made = [(rng.integers(-9000, 9000, length).astype(np.int16), pause) for length, pause in sounds]
    whole, parts = (Assembly(24_000, fade_ms=5, lead_in_ms=1, lead_out_ms=2) for _ in range(2))
    taken = []
    for number, (sound, pause) in enumerate(made):
        whole.add(sound, pause_after_ms=pause)
        parts.add(sound, pause_after_ms=pause)
        if takes >> number & 1:
            taken.append(parts.take())
    np.testing.assert_array_equal(np.concatenate([*taken, parts.end()]), whole.end())
    assert parts.starts == whole.starts


@pytest.mark.parametrize("level", [32_767, -32_768])
def test_sounds_that_overlap_at_full_scale_are_held_there(level: int) -> None:
    sounds = [np.full(480, level, np.int16)] * 2
    joined = assembled(sounds, [0, 0, 0], 24_000).end()
    assert (joined == level).all()


@given(st.integers(1, 400), st.integers(0, 8))
def test_a_fade_is_a_straight_line_as_long_as_it_says(length: int, fade_ms: int) -> None:
    faded = fade(np.full(length, 10_000, np.int16), 24_000, fade_ms=fade_ms)
    ramp = min(24 * fade_ms, length // 2)
    rising = [round(10_000 * (step + 0.5) / ramp) for step in range(ramp)]
    assert faded.tolist() == pytest.approx([*rising, *[10_000] * (length - 2 * ramp), *rising[::-1]], abs=1)


def test_what_was_taken_is_not_taken_again() -> None:
    made = assembled([sine(0.1)], [10, 10], 24_000)
    assert len(made.take()) > 0
    assert made.take().tolist() == []
    assert made.take().dtype == np.int16

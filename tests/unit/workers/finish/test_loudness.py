"""Loudness and true peak against the standard's own cases and against independent implementations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyloudnorm
import pytest
import soxr

from tests.unit.workers.finish.sounds import babble, silence, sine
from workers.engines.engine import Pcm
from workers.finish.loudness import Level, apply_gain, gain_to_target_db, measure


def loudness(pcm: Pcm, rate_hz: int) -> float:
    found = measure(pcm, rate_hz).loudness_lufs
    assert found is not None
    return found


def true_peak(pcm: Pcm, rate_hz: int) -> float:
    found = measure(pcm, rate_hz).true_peak_dbtp
    assert found is not None
    return found


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_the_standard_s_calibration_tone(rate_hz: int) -> None:
    # BS.1770-4: a 997 Hz sine at 0 dBFS in one front channel is -3.01 LKFS
    assert loudness(sine(5, rate_hz=rate_hz, dbfs=0), rate_hz) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_loudness_is_pyloudnorm_s(rate_hz: int, seed: int) -> None:
    pcm = np.concatenate([babble(3.1, rate_hz=rate_hz, seed=seed), silence(0.7, rate_hz=rate_hz)])
    pcm = np.concatenate([pcm, babble(2.0, rate_hz=rate_hz, seed=seed + 10, peak=3_000)])
    oracle = pyloudnorm.Meter(rate_hz, filter_class="DeMan").integrated_loudness(pcm / 32_768)
    assert loudness(pcm, rate_hz) == pytest.approx(oracle, abs=0.05)


def test_gating_leaves_silence_out() -> None:
    # EBU Tech 3341 case 3 in mono: quiet, loud, quiet reads as the loud part alone
    quiet, loud = sine(10, rate_hz=48_000, dbfs=-36), sine(60, rate_hz=48_000, dbfs=-23)
    assert loudness(np.concatenate([quiet, loud, quiet]), 48_000) == pytest.approx(
        loudness(loud, 48_000), abs=0.1
    )


MONO_DB = 3.01
"""The cases are of two channels alike, which are so much louder than one."""


def levels(*parts: tuple[float, float]) -> Pcm:
    """1 kHz sines one after the other: (dBFS in each of two channels, seconds)."""
    return np.concatenate(
        [sine(seconds, rate_hz=48_000, frequency_hz=1_000, dbfs=dbfs + MONO_DB) for dbfs, seconds in parts]
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(-23, 20)], -23, id="case 1"),
        pytest.param([(-33, 20)], -33, id="case 2"),
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], -23, id="case 3"),
        pytest.param([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23, id="case 4"),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], -23, id="case 5"),
    ],
)
def test_the_cases_of_ebu_tech_3341(parts: list[tuple[float, float]], expected: float) -> None:
    # the cases of more channels and of programmes with short and momentary loudness have no meaning here
    assert loudness(levels(*parts), 48_000) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("quiet", "counts"), [(-32.0, True), (-34.0, True), (-35.4, True), (-36.3, False), (-38.0, False)]
)
def test_the_relative_gate_lies_ten_below_what_passed_the_absolute_one(quiet: float, counts: bool) -> None:
    # half at -23, half quieter: the mean of all is some 2.7 below -23, and the gate ten below that
    powers = [10**-2.3, 10 ** (quiet / 10)]
    expected = 10 * np.log10(np.mean(powers)) if counts else -23.0
    assert loudness(levels((-23, 30), (quiet, 30)), 48_000) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("quiet", "counts"), [(-69.8, True), (-70.2, False)])
def test_the_absolute_gate_lies_at_seventy_below(quiet: float, counts: bool) -> None:
    assert (measure(levels((quiet, 5)), 48_000).loudness_lufs is not None) == counts


def test_clips_shorter_than_a_block_are_measured_as_their_repetition() -> None:
    short = babble(0.25)
    assert loudness(short, 24_000) == pytest.approx(loudness(np.tile(short, 20), 24_000), abs=0.7)


@pytest.mark.parametrize("pcm", [silence(1), silence(0), sine(1, dbfs=-85)])
def test_what_is_below_the_gate_has_no_loudness(pcm: Pcm) -> None:
    assert measure(pcm, 24_000).loudness_lufs is None


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5])
def test_true_peak_finds_peaks_between_samples(phase: float) -> None:
    # a quarter of the sample rate at 45 degrees: samples reach 0.707 of the peak
    time = np.arange(48_000)
    pcm = np.rint(16_384 * np.sin(2 * np.pi * (time / 4 + phase / 2))).astype(np.int16)
    assert true_peak(pcm, 48_000) == pytest.approx(-6.02, abs=0.45)  # the standard allows +0.2/-0.4 dB


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_true_peak_is_that_of_a_long_interpolator(seed: int) -> None:
    pcm = babble(2, seed=seed)
    oversampled = soxr.resample(pcm.astype(np.float64), 24_000, 96_000, quality="VHQ")
    oracle = 20 * np.log10(np.abs(oversampled).max() / 32_768)
    assert true_peak(pcm, 24_000) == pytest.approx(oracle, abs=0.3)


def test_passing_over_quiet_blocks_changes_nothing() -> None:
    from workers.finish.kernels import oversampled_peak
    from workers.finish.loudness import _phases

    for seed in range(5):
        pcm = babble(1, seed=seed)
        exact = oversampled_peak(pcm, _phases(), 1e9)  # no block is passed over
        bound = float(np.abs(_phases()).sum(axis=1).max())
        assert oversampled_peak(pcm, _phases(), bound) == exact
        oracle = max(np.abs(np.convolve(pcm.astype(float), phase)).max() for phase in _phases())
        assert exact == pytest.approx(max(oracle, float(np.abs(pcm.astype(int)).max())), rel=1e-12)


@pytest.mark.parametrize("gain_db", [-12.0, -0.1, 3.0, 0.0])
def test_gain_is_applied_and_rounded(gain_db: float) -> None:
    pcm = babble(0.5, peak=10_000)
    louder, clipped = apply_gain(pcm, gain_db)
    assert clipped == 0
    np.testing.assert_array_equal(louder, np.rint(pcm * 10 ** (gain_db / 20)).astype(np.int16))


def test_samples_that_clip_are_counted_and_held() -> None:
    pcm = np.array([0, 20_000, -20_000, 10_000], np.int16)
    louder, clipped = apply_gain(pcm, 6.0)
    assert clipped == 2
    assert louder.tolist() == [0, 32_767, -32_768, 19_953]


def test_the_ceiling_wins_over_the_target() -> None:
    level = Level(loudness_lufs=-20.0, true_peak_dbtp=-3.0)
    assert gain_to_target_db(level, target_lufs=-19.0, ceiling_dbtp=-1.0) == pytest.approx(1.0)
    assert gain_to_target_db(level, target_lufs=-10.0, ceiling_dbtp=-1.0) == pytest.approx(2.0)
    assert gain_to_target_db(level, target_lufs=-30.0, ceiling_dbtp=-1.0) == pytest.approx(-10.0)
    nothing = Level(loudness_lufs=None, true_peak_dbtp=None)
    assert gain_to_target_db(nothing, target_lufs=-10, ceiling_dbtp=-1) == 0.0


def test_a_function_without_a_place_for_its_cache_is_compiled_all_the_same() -> None:
    from workers.finish.kernels import _compiled

    scope: dict[str, object] = {}
    exec("def twice(x):\n    return 2 * x\n", scope)  # no file, so no cache folder
    twice = _compiled("int64(int64)")(scope["twice"])  # type: ignore[arg-type]
    assert twice(21) == 42


def test_kernels_leave_the_interpreter_to_other_threads() -> None:
    from workers.finish.kernels import _compiled, weighted_energies

    scope: dict[str, Any] = {}
    exec("def thrice(x):\n    return 3 * x\n", scope)
    kernels: list[Any] = [weighted_energies, _compiled("int64(int64)")(scope["thrice"])]
    assert [kernel.targetoptions["nogil"] for kernel in kernels] == [True, True]

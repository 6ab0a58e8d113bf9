"""What must not be released, right at each border."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.unit.workers.finish.sounds import babble, sine
from workers.engines.engine import Pcm
from workers.errors import FinishError
from workers.finish.checks import check_audible, check_duration, check_gain, check_gaps, check_unclipped

RATE_HZ = 24_000
FULL = 32_767


def code_of(check: Callable[[], None]) -> str:
    """Of the refusal; empty where there is none."""
    try:
        check()
    except FinishError as problem:
        return problem.code
    return ""


@pytest.mark.parametrize(("sample", "code"), [(1036, "silent"), (1037, ""), (-1036, "silent"), (-1037, "")])
def test_a_peak_at_the_threshold_is_sound(sample: int, code: str) -> None:
    pcm = np.array([0, sample, 0], np.int16)  # -30 dBFS is 1036.2
    assert code_of(lambda: check_audible(pcm, position=0, silent_below_dbfs=-30)) == code


def test_nothing_is_silent() -> None:
    assert code_of(lambda: check_audible(sine(0), position=0, silent_below_dbfs=-90)) == "silent"


@pytest.mark.parametrize("top", [FULL, -FULL, -FULL - 1])
@pytest.mark.parametrize(("flat", "code"), [(3, ""), (4, "clipped"), (9, "clipped")])
def test_four_samples_in_a_row_at_full_scale_are_clipped(top: int, flat: int, code: str) -> None:
    pcm = np.array([*[1000] * 5, *[top] * flat, *[1000] * 3], np.int16)
    assert code_of(lambda: check_unclipped(pcm, position=0)) == code


@pytest.mark.parametrize("top", [FULL - 1, -FULL + 1])
def test_a_flat_top_below_full_scale_is_not_clipped(top: int) -> None:
    assert code_of(lambda: check_unclipped(np.full(9, top, np.int16), position=0)) == ""
    assert code_of(lambda: check_unclipped(np.array([FULL, *[top] * 9], np.int16), position=0)) == ""
    assert code_of(lambda: check_unclipped(np.zeros(0, np.int16), position=0)) == ""


@pytest.mark.parametrize(("hops", "code"), [(20, ""), (21, "gap"), (60, "gap")])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_silence_inside_may_be_as_long_as_the_longest(hops: int, code: str, sign: int) -> None:
    hop = RATE_HZ // 100
    loud, quiet = np.full(hop, sign * 104, np.int16), np.full(hops * hop, sign * 102, np.int16)
    pcm = np.concatenate([loud, quiet, loud])  # -50 dBFS is 103.6

    def check() -> None:
        check_gaps(pcm, RATE_HZ, position=0, below_dbfs=-50, longest_ms=200)

    assert code_of(check) == code


def test_the_longest_of_several_silences_counts_and_one_at_an_end_does_not() -> None:
    hop = RATE_HZ // 100
    loud = np.full(hop, 9_000, np.int16)
    quiet = np.zeros(15 * hop, np.int16)

    def code(*pieces: Pcm) -> str:
        pcm = np.concatenate(pieces)
        return code_of(lambda: check_gaps(pcm, RATE_HZ, position=0, below_dbfs=-50, longest_ms=200))

    assert code(loud, quiet, loud, quiet, loud) == ""
    assert code(loud, quiet, loud, quiet, quiet, loud, quiet, loud) == "gap"
    assert code(quiet, quiet, loud, quiet, loud) == ""
    assert code(babble(0.3)) == ""


def test_one_clipped_sample_is_one_too_many() -> None:
    assert code_of(lambda: check_gain(0, 3.0)) == ""
    assert code_of(lambda: check_gain(1, 3.0)) == "clipped"


@pytest.mark.parametrize(
    ("spoken_s", "characters", "code"),
    [
        (2.0, 40, ""),  # twenty a second is not too fast
        (2.0, 41, "too-short"),
        (11.0, 40, ""),  # a second of slack, then four a second
        (11.0, 39, "too-long"),
        (1.0, 0, ""),
    ],
)
def test_the_bounds_of_speech_are_allowed_themselves(spoken_s: float, characters: int, code: str) -> None:
    def check() -> None:
        check_duration(spoken_s, characters=characters, bounds=(4.0, 20.0), language="en")

    assert code_of(check) == code

"""What must not be released: each check at its threshold, one step before and one behind."""

from __future__ import annotations

import numpy as np
import pytest

from workers.engines.engine import Pcm
from workers.errors import FinishError
from workers.finish.checks import (
    FLAT_TOP_SAMPLES,
    SLACK_S,
    check_audible,
    check_duration,
    check_gain,
    check_gaps,
    check_unclipped,
)

RATE_HZ = 8_000


def level(*values: int) -> Pcm:
    return np.array(values, dtype=np.int16)


def code_of(problem: pytest.ExceptionInfo[FinishError]) -> str:
    return problem.value.code


@pytest.mark.parametrize("pcm", [level(0, 0, 0), level(), level(32, -32)])
def test_sound_below_the_threshold_is_silent(pcm: Pcm) -> None:
    with pytest.raises(FinishError, match="utterance 3") as problem:
        check_audible(pcm, position=2, silent_below_dbfs=-60)  # 32.8 of 32,768
    assert code_of(problem) == "silent"


@pytest.mark.parametrize("pcm", [level(0, 33), level(0, -33), level(-32_768)])
def test_one_loud_sample_of_either_sign_is_sound(pcm: Pcm) -> None:
    check_audible(pcm, position=0, silent_below_dbfs=-60)


@pytest.mark.parametrize("top", [32_767, -32_767, -32_768])
def test_flat_top_is_clipped_and_a_loud_peak_is_not(top: int) -> None:
    check_unclipped(level(0, *[top] * (FLAT_TOP_SAMPLES - 1), 0, top), position=0)
    with pytest.raises(FinishError) as problem:
        check_unclipped(level(0, *[top] * FLAT_TOP_SAMPLES, 0), position=0)
    assert code_of(problem) == "clipped"


def gap(silence_ms: int) -> Pcm:
    """Sound, silence, sound."""
    loud = np.full(RATE_HZ // 10, 5_000, dtype=np.int16)
    return np.concatenate((loud, np.zeros(RATE_HZ * silence_ms // 1000, dtype=np.int16), -loud))


def test_silence_inside_is_a_gap_from_ten_milliseconds_over_the_longest() -> None:
    check_gaps(gap(500), RATE_HZ, position=0, below_dbfs=-50, longest_ms=500)
    with pytest.raises(FinishError, match="510 ms") as problem:
        check_gaps(gap(510), RATE_HZ, position=0, below_dbfs=-50, longest_ms=500)
    assert code_of(problem) == "gap"


def test_gain_that_clips_names_its_mend() -> None:
    check_gain(0, 12.0)
    with pytest.raises(FinishError, match="lower gain_db") as problem:
        check_gain(1, 12.0)
    assert code_of(problem) == "clipped"


@pytest.mark.parametrize(
    ("spoken_s", "code"),
    [(4.9, "too-short"), (5.0, None), (20.0 + SLACK_S, None), (20.1 + SLACK_S, "too-long")],
)
def test_duration_is_held_against_its_characters_with_a_second_of_slack(
    spoken_s: float, code: str | None
) -> None:
    try:
        check_duration(spoken_s, characters=100, bounds=(5.0, 20.0), language="en")
    except FinishError as problem:
        assert problem.code == code
    else:
        assert code is None

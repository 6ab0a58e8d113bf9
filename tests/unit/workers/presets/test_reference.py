from __future__ import annotations

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from tests import voices
from workers.engines.engine import Pcm
from workers.errors import RecordingError
from workers.pcm import to_wav
from workers.presets.recording import Recording, decode
from workers.presets.reference import (
    TAIL_SILENCE_MS,
    TARGET_LUFS,
    check_transcript,
    cost_factor,
    make_reference,
)


def recorded(pcm: Pcm, tmp_path: Path, *, rate_hz: int = 24_000) -> Recording:
    path = tmp_path / "a.wav"
    path.write_bytes(to_wav(pcm, voices.RATE_HZ))
    return decode(path, rate_hz=rate_hz)


def test_edges_are_cut_the_level_is_set_and_the_tail_is_silent(speech: Pcm, tmp_path: Path) -> None:
    reference = make_reference(recorded(speech, tmp_path))
    assert reference.steps["cut_before_ms"] == pytest.approx(480, abs=60)
    assert reference.steps["cut_after_ms"] == pytest.approx(900, abs=300)
    tail = 24_000 * TAIL_SILENCE_MS // 1000
    assert not reference.pcm[-tail:].any()
    assert reference.pcm[-2 * tail : -tail].any()
    loudness = pyloudnorm.Meter(24_000).integrated_loudness(reference.pcm / 32_768)
    assert loudness == pytest.approx(TARGET_LUFS, abs=0.5)


def test_a_quiet_recording_makes_the_same_reference(speech: Pcm, tmp_path: Path) -> None:
    loud = make_reference(recorded(speech, tmp_path))
    quiet = make_reference(recorded((speech // 16).astype(np.int16), tmp_path))
    assert abs(len(loud.pcm) - len(quiet.pcm)) < 24_000 * 0.05
    assert np.abs(loud.pcm.astype(int)).max() == pytest.approx(np.abs(quiet.pcm.astype(int)).max(), rel=0.03)


def test_the_same_recording_gives_the_same_bytes(speech: Pcm, tmp_path: Path) -> None:
    one, other = (make_reference(recorded(speech, tmp_path)) for _ in range(2))
    assert one.pcm.tobytes() == other.pcm.tobytes()


def test_too_short_too_long_and_silent_recordings_are_refused_with_the_mend(
    speech: Pcm, tmp_path: Path
) -> None:
    with pytest.raises(RecordingError, match="give 3 to 6 s"):
        make_reference(recorded(speech[11_025:25_000], tmp_path))
    with pytest.raises(RecordingError, match="campaign preset clips"):
        make_reference(recorded(np.concatenate([speech] * 3), tmp_path))
    with pytest.raises(RecordingError, match="5 s is the most"):
        make_reference(recorded(speech, tmp_path), limit_s=5.0)
    with pytest.raises(RecordingError, match="silent"):
        make_reference(recorded(voices.silence(3), tmp_path))


def test_a_long_reference_is_taken_with_what_it_costs(speech: Pcm, tmp_path: Path) -> None:
    inner = speech[11_025:-15_000]
    reference = make_reference(recorded(np.concatenate([inner, inner[:60_000]]), tmp_path))
    assert reference.speech_s > 7
    assert f"{cost_factor(reference.speech_s):.2f} times" in reference.advice[0]
    assert cost_factor(3.0) == 1.0
    assert cost_factor(10.0) == pytest.approx(20 / 13)


def test_transcript_is_taken_when_it_fits() -> None:
    assert check_transcript("  Good\n morning,  Ada. ", speech_s=1.2) == "Good morning, Ada."
    assert check_transcript('He said "yes."', speech_s=1.0) == 'He said "yes."'
    assert check_transcript("你好，我是你的新声音。", speech_s=2.5) == "你好，我是你的新声音。"


@pytest.mark.parametrize(
    ("text", "speech_s", "said"),
    [
        ("", 3, "empty"),
        ("Good morning, this is a voice", 2, "full stop"),
        ("Room 12 is open.", 2, "digits"),
        ("Room \ue000 is open.", 2, "cannot be spoken"),
        ("Yes.", 6, "exactly what is said"),
        ("word " * 100 + "end.", 3, "exactly what is said"),
    ],
)
def test_transcript_that_cannot_be_what_is_said_is_refused(text: str, speech_s: float, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        check_transcript(text, speech_s=speech_s)

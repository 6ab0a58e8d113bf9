"""A stream is the file, earlier."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import pytest

from tests.unit.workers.finish.sounds import babble
from workers.finish import FinishError, FinishProfile, Part, ProfileError, finish
from workers.finish.streaming import StreamedFinish

PROFILES = (
    FinishProfile(),
    FinishProfile(gain_db=-3.5, pause_ms=0),
    FinishProfile(rate_hz=8_000, pause_ms=0, fade_ms=10),
    FinishProfile(rate_hz=48_000, lead_in_ms=0, lead_out_ms=0),
)


def parts(count: int) -> list[Part]:
    pauses = (None, 0, 120)
    return [
        Part(pcm=babble(0.6 + number / 5, seed=number), rate_hz=22_050, pause_after_ms=pauses[number % 3])
        for number in range(count)
    ]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_stream_holds_the_samples_of_the_file(profile: FinishProfile, count: int) -> None:
    made = parts(count)
    stream = StreamedFinish(profile, engine_rate_hz=22_050)
    pieces = [stream.add(part, is_last=part is made[-1]) for part in made]
    whole = finish(made, profile)
    pcm = np.concatenate(pieces)
    assert hashlib.sha256(pcm.astype("<i2").tobytes()).hexdigest() == whole.sound_sha256
    assert (stream.samples, stream.rate_hz) == (whole.samples, whole.rate_hz)
    assert len(pieces[0]) > 0


def test_joins_without_a_pause_jump_no_more_than_speech_does() -> None:
    """Energy and spectrum from one frame to the next, at the joins against all the others."""
    profile = FinishProfile(pause_ms=0, lead_in_ms=0, lead_out_ms=0)
    made = [Part(pcm=one.pcm, rate_hz=one.rate_hz) for one in parts(6)]
    audio = finish(made, profile)
    stream = StreamedFinish(profile, engine_rate_hz=22_050)
    pcm = np.concatenate([stream.add(one, is_last=one is made[-1]) for one in made]).astype(float)
    frame = 22_050 // 100
    spectra = [
        np.log1p(np.abs(np.fft.rfft(pcm[at : at + frame] * np.hanning(frame))))
        for at in range(0, len(pcm) - frame, frame)
    ]
    jumps = np.array([np.abs(after - before).mean() for before, after in pairwise(spectra)])
    steps = np.abs(np.diff(pcm))
    at_joins = {start // frame + shift for start in audio.timebase[1:] for shift in (-1, 0)}
    inside = np.array([jump for number, jump in enumerate(jumps) if number not in at_joins])
    assert max(jumps[list(at_joins)]) <= np.quantile(inside, 0.999) * 1.5
    clicks = [steps[start - 1 : start + 1].max() for start in audio.timebase[1:]]
    assert max(clicks) <= np.quantile(steps, 0.999)


def test_loudness_target_cannot_be_streamed() -> None:
    with pytest.raises(ProfileError, match="static gain"):
        StreamedFinish(FinishProfile(gain="asset"), engine_rate_hz=22_050)


def test_part_that_must_not_be_released_ends_the_stream() -> None:
    stream = StreamedFinish(FinishProfile(), engine_rate_hz=22_050)
    with pytest.raises(FinishError):
        stream.add(Part(pcm=np.zeros(22_050, np.int16), rate_hz=22_050), is_last=False)

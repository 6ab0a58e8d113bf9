"""A streamed file is the file, in pieces."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np
import pytest

from tests.unit.workers.finish.sounds import babble
from workers.ffmpeg import process
from workers.finish.encoding import encode
from workers.finish.profile import Codec, FinishProfile
from workers.finish.stream_encoding import StreamEncoder, open_encoder
from workers.finish.tags import Tags

RATE_HZ = 16_000
SOUND = babble(0.8, rate_hz=RATE_HZ)
NOTHING = SOUND[:0]
UNKNOWN = b"\xff" * 4


def streamed(encoder: StreamEncoder) -> bytes:
    """In pieces, some of them empty."""
    pieces = [encoder.encode(SOUND[place : place + 3_001]) for place in range(0, len(SOUND), 3_001)]
    return b"".join([*pieces, encoder.encode(NOTHING), encoder.end()])


def test_a_raw_stream_is_the_samples_alone() -> None:
    for codec in ("wav", "mp3"):
        profile = FinishProfile(codec=codec)
        assert streamed(open_encoder(profile, RATE_HZ, is_raw=True)) == SOUND.astype("<i2").tobytes()


def test_a_streamed_wav_is_the_file_but_for_the_lengths_that_nobody_knew() -> None:
    profile = FinishProfile(codec="wav")
    file = encode(SOUND, RATE_HZ, profile, Tags()).data
    expected = file[:4] + UNKNOWN + file[8:40] + UNKNOWN + file[44:]
    assert streamed(open_encoder(profile, RATE_HZ)) == expected


def test_the_header_of_a_streamed_wav_is_sent_once_and_at_once() -> None:
    encoder = open_encoder(FinishProfile(codec="wav"), RATE_HZ)
    assert len(encoder.encode(NOTHING)) == 44
    assert encoder.encode(SOUND[:1]) == SOUND[:1].astype("<i2").tobytes()


@pytest.mark.parametrize("settings", [{}, {"mp3_kbps": 24}, {"mp3_quality": 0}])
def test_a_streamed_mp3_is_the_file(settings: dict[str, Any]) -> None:
    profile = FinishProfile(codec="mp3", **settings)
    encoder = open_encoder(profile, RATE_HZ)
    assert encoder.encode(NOTHING) == b""
    assert streamed(encoder) == encode(SOUND, RATE_HZ, profile, Tags()).data


def test_a_streamed_flac_has_every_sample() -> None:
    encoder = open_encoder(FinishProfile(codec="flac"), RATE_HZ)
    assert encoder.encode(NOTHING) == b""
    with av.open(io.BytesIO(streamed(encoder)), "r") as container:
        frames = list(container.decode(audio=0))
    assert {frame.sample_rate for frame in frames} == {RATE_HZ}
    pcm = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    np.testing.assert_array_equal(pcm, SOUND)


def test_streamed_opus_has_the_profile_s_bit_rate() -> None:
    sizes = [
        len(streamed(open_encoder(FinishProfile(codec="opus", opus_kbps=kbps), RATE_HZ))) for kbps in (8, 96)
    ]
    assert sizes[0] < 96_000 * 0.8 / 8 / 3 < sizes[1] < 1.5 * 96_000 * 0.8 / 8


@pytest.mark.parametrize("codec", ["flac", "opus"])
def test_a_stream_that_ended_leaves_its_process_to_the_next(codec: Codec) -> None:
    encoder = open_encoder(FinishProfile(codec=codec), RATE_HZ)
    child = encoder._process  # type: ignore[attr-defined]
    streamed(encoder)
    assert child in process._children()._idle

"""Bytes from a server to samples: what is wrong is named and never mended."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from workers.engines.http.client import Answer, AnswerError
from workers.engines.http.sound import samples_of
from workers.riff import chunk, wave

RATE_HZ = 24_000
PCM = np.array([0, 100, -100, 32_767], dtype="<i2").tobytes()
FORM = struct.pack("<HHIIHH", 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16)
WAV = wave(chunk(b"fmt ", FORM), chunk(b"data", PCM))


def answer(data: bytes, content_type: str = "audio/wav") -> Answer:
    return Answer(data=data, content_type=content_type, headers={}, first_at=0, last_at=0)


def code(data: bytes, content_type: str = "audio/wav", *, raw_rate_hz: int | None = None) -> tuple[str, bool]:
    with pytest.raises(AnswerError) as problem:
        samples_of(answer(data, content_type), rate_hz=RATE_HZ, raw_rate_hz=raw_rate_hz)
    return problem.value.code, problem.value.retryable


def form(**changed: int) -> bytes:
    values = {"tag": 1, "channels": 1, "rate": RATE_HZ, "bits": 16} | changed
    return struct.pack("<HHIIHH", values["tag"], values["channels"], values["rate"], 0, 0, values["bits"])


def test_wav_is_read_past_other_chunks_and_their_padding() -> None:
    data = wave(chunk(b"LIST", b"odd"), chunk(b"fmt ", FORM), chunk(b"fact", b"x"), chunk(b"data", PCM))
    assert samples_of(answer(data), rate_hz=RATE_HZ).tolist() == [0, 100, -100, 32_767]


def test_floats_are_rounded_and_held_at_full_scale() -> None:
    floats = np.array([0.5, -2.0, 2.0], dtype="<f4").tobytes()
    data = wave(chunk(b"fmt ", form(tag=3, bits=32)), chunk(b"data", floats))
    assert samples_of(answer(data), rate_hz=RATE_HZ).tolist() == [16_384, -32_767, 32_767]
    broken = np.array([np.nan, 1], dtype="<f4").tobytes()
    assert code(wave(chunk(b"fmt ", form(tag=3, bits=32)), chunk(b"data", broken))) == ("not-audio", False)


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF - 36])
def test_length_that_was_not_known_yet_is_the_rest(size: int) -> None:
    data = WAV[: -len(PCM) - 4] + struct.pack("<I", size) + PCM
    assert len(samples_of(answer(data), rate_hz=RATE_HZ)) == 4


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("empty", True)),
        (b'{"error": "busy"}', ("not-audio", True)),
        (b"ID3\x04" + bytes(64), ("not-audio", False)),
        (WAV[:-1], ("truncated", True)),
        (WAV[:30], ("truncated", True)),
        (WAV[:36], ("truncated", True)),
        (wave(chunk(b"data", PCM)), ("not-audio", False)),
        (wave(chunk(b"fmt ", form(channels=2)), chunk(b"data", PCM)), ("wrong-channels", False)),
        (wave(chunk(b"fmt ", form(rate=22_050)), chunk(b"data", PCM)), ("wrong-rate", False)),
        (wave(chunk(b"fmt ", form(bits=8)), chunk(b"data", PCM)), ("not-audio", False)),
        (wave(chunk(b"fmt ", FORM), chunk(b"data", bytes(8))), ("silent", False)),
    ],
)
def test_what_is_wrong_is_named_and_whether_it_is_worth_another_attempt(
    data: bytes, expected: tuple[str, bool]
) -> None:
    assert code(data) == expected


def test_words_are_no_sound_whatever_their_name() -> None:
    assert code(PCM, "text/html; charset=utf-8") == ("not-audio", True)
    assert code(b"<html>busy</html>", "audio/pcm", raw_rate_hz=RATE_HZ) == ("not-audio", True)


def test_bare_samples_are_read_where_the_protocol_sends_them() -> None:
    made = samples_of(answer(PCM, "audio/pcm"), rate_hz=RATE_HZ, raw_rate_hz=RATE_HZ)
    assert made.tobytes() == PCM
    assert code(PCM[:-1], "audio/pcm", raw_rate_hz=RATE_HZ) == ("truncated", True)
    assert code(PCM, "audio/pcm", raw_rate_hz=22_050) == ("wrong-rate", False)

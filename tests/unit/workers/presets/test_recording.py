from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests import voices
from workers.engines.engine import Pcm
from workers.errors import RecordingError
from workers.pcm import to_wav
from workers.presets import recording
from workers.presets.recording import clipped_frames, decode

SNDFILE = [
    ("a.wav", "WAV", 1),
    ("a.flac", "FLAC", 2),
    ("a.ogg", "OGG", 1),
    ("a.mp3", "MP3", 2),
    ("a.aiff", "AIFF", 2),
]


@pytest.mark.parametrize(("name", "format", "channels"), SNDFILE)
def test_every_sound_format_gives_the_same_speech(
    speech: Pcm, tmp_path: Path, name: str, format: str, channels: int
) -> None:
    path = tmp_path / name
    soundfile.write(path, np.stack([speech] * channels, axis=1), voices.RATE_HZ, format=format)
    decoded = decode(path, rate_hz=24_000)
    assert decoded.source.channels == channels
    assert decoded.source.seconds == pytest.approx(len(speech) / voices.RATE_HZ, abs=0.1)
    assert len(decoded.samples) == pytest.approx(len(speech) * 24_000 / voices.RATE_HZ, rel=0.02)
    assert _rms(decoded.samples) == pytest.approx(_rms(speech / 32_768), rel=0.05)


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("matroska", "libopus")])
def test_what_phones_record_is_read(speech: Pcm, tmp_path: Path, container: str, codec: str) -> None:
    path = tmp_path / "phone"
    path.write_bytes(_encoded(speech, container, codec))
    decoded = decode(path, rate_hz=24_000)
    assert decoded.source.format == container
    assert len(decoded.samples) / 24_000 == pytest.approx(len(speech) / voices.RATE_HZ, abs=0.1)
    assert _rms(decoded.samples) == pytest.approx(_rms(speech / 32_768), rel=0.1)


def test_a_title_that_is_no_utf_8_keeps_nobody_from_reading_the_sound(speech: Pcm, tmp_path: Path) -> None:
    path = tmp_path / "phone"
    data = _encoded(speech[:20_000], "mp4", "aac", title="titletitle")
    assert data.count(b"titletitle") == 1
    path.write_bytes(data.replace(b"titletitle", b"title\xff\xfetit"))
    assert decode(path, rate_hz=24_000).source.seconds > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "http://169.254.169.254/latest",
        "<?xml version='1.0'?><MPD/>",
        "",
    ],
)
def test_playlists_and_texts_are_never_followed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "song.wav"
    path.write_text(text)
    with pytest.raises(RecordingError, match="no recording that can be read"):
        decode(path, rate_hz=24_000)


def test_headers_are_held_to_limits_before_anything_is_decoded(
    speech: Pcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((100, 9), dtype=np.int16), 48_000)
    with pytest.raises(RecordingError, match="9 channels"):
        decode(path, rate_hz=24_000)
    soundfile.write(path, np.zeros(100, dtype=np.int16), 4_000)
    with pytest.raises(RecordingError, match="4000 Hz"):
        decode(path, rate_hz=24_000)
    path.write_bytes(to_wav(speech, voices.RATE_HZ))
    monkeypatch.setattr(recording, "MAX_SECONDS", 2.0)
    monkeypatch.setattr(recording, "_mono", None)  # would raise TypeError
    with pytest.raises(RecordingError, match="2 s is the most"):
        decode(path, rate_hz=24_000)
    monkeypatch.setattr(recording, "MAX_FILE_BYTES", 1000)
    with pytest.raises(RecordingError, match="larger than"):
        decode(path, rate_hz=24_000)


def test_a_header_that_lies_about_its_length_is_found_out(speech: Pcm, tmp_path: Path) -> None:
    path = tmp_path / "phone"
    path.write_bytes(_encoded(speech, "matroska", "libopus"))
    opened = recording._open(path.read_bytes(), path)
    assert opened.seconds is not None
    with pytest.raises(RecordingError, match=r"longer than 2 s\. Cut it\."):
        recording._mono(opened, 24_000, path, longest_s=2.0, mend="Cut it.")


def test_sound_that_is_no_number_is_refused(tmp_path: Path) -> None:
    samples = np.zeros(8000, dtype=np.float32)
    samples[100] = np.nan
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, 8000, subtype="FLOAT")
    with pytest.raises(RecordingError, match="no numbers"):
        decode(path, rate_hz=24_000)


@pytest.mark.parametrize("keep", [0, 12, 44, 60, 5000])
def test_a_file_that_was_cut_off_is_an_error_or_what_is_left(speech: Pcm, tmp_path: Path, keep: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(to_wav(speech, voices.RATE_HZ)[:keep])
    if keep == 5000:
        assert decode(path, rate_hz=voices.RATE_HZ).source.seconds == pytest.approx(
            (keep - 44) / 2 / voices.RATE_HZ
        )
    elif keep == 60:
        assert len(decode(path, rate_hz=voices.RATE_HZ).samples) == 8
    else:
        with pytest.raises(RecordingError):
            decode(path, rate_hz=24_000)


def test_damaged_bytes_are_a_recording_error_or_sound_and_nothing_else(speech: Pcm, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    sources = [to_wav(speech[:20_000], voices.RATE_HZ), _encoded(speech[:20_000], "mp4", "aac")]
    path = tmp_path / "a"
    refused = 0
    for data in sources:
        for _ in range(30):
            broken = bytearray(data)
            for place in random.integers(0, 400, 6):
                broken[place] = random.integers(0, 256)
            path.write_bytes(broken)
            try:
                assert np.isfinite(decode(path, rate_hz=24_000).samples).all()
            except RecordingError:
                refused += 1
    assert refused > 10


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there is no file"):
        decode(tmp_path / "none.wav", rate_hz=24_000)


def test_runs_at_full_scale_are_clipping_and_single_peaks_are_not() -> None:
    block = np.zeros((100, 2), dtype=np.float32)
    block[10, 0] = 1.0
    block[20:22, 1] = -1.0
    assert clipped_frames(block) == 0
    block[50:55, 1] = 1.0
    assert clipped_frames(block) == 5


def _rms(samples: npt.NDArray[np.floating[Any]]) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def _encoded(pcm: Pcm, container: str, codec: str, **metadata: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, mode="w", format=container) as file:
        file.metadata.update(metadata)
        stream = file.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = voices.RATE_HZ
        for packet in stream.encode(frame):
            file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)
    data = out.getvalue()
    assert struct.unpack_from(">I", data)
    return data

"""Encoders that give out bytes as sound comes in: for a listener, not for an archive.

A streamed file carries no descriptor and, in WAV and FLAC, no length: nobody knew it when the header was sent.
"""

from __future__ import annotations

import struct
import weakref
from typing import Protocol

from workers.engines.engine import Pcm
from workers.ffmpeg import give_back, lend
from workers.finish.profile import FinishProfile

_UNKNOWN = 0xFFFFFFFF
_WAV = struct.Struct("<4sI4s4sIHHIIHH4sI")


class StreamEncoder(Protocol):
    """One file as it is written."""

    def encode(self, pcm: Pcm) -> bytes:
        """What can be sent now; may be nothing."""
        ...

    def end(self) -> bytes:
        """The rest."""
        ...


def open_encoder(profile: FinishProfile, rate_hz: int, *, is_raw: bool = False) -> StreamEncoder:
    """For the profile's codec; `is_raw` leaves a WAV's header out."""
    if is_raw:
        return _Raw()
    if profile.codec == "wav":
        return _Wav(rate_hz)
    if profile.codec == "mp3":
        return _Mp3(profile, rate_hz)
    return _Container(profile, rate_hz)


class _Raw:
    def encode(self, pcm: Pcm) -> bytes:
        return pcm.astype("<i2", copy=False).tobytes()

    def end(self) -> bytes:
        return b""


class _Wav(_Raw):
    def __init__(self, rate_hz: int) -> None:
        self._header = _WAV.pack(
            b"RIFF", _UNKNOWN, b"WAVE", b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16, b"data", _UNKNOWN
        )

    def encode(self, pcm: Pcm) -> bytes:
        header, self._header = self._header, b""
        return header + super().encode(pcm)


class _Mp3:
    def __init__(self, profile: FinishProfile, rate_hz: int) -> None:
        import lameenc

        self._encoder = lameenc.Encoder()
        self._encoder.silence()
        self._encoder.set_channels(1)
        self._encoder.set_in_sample_rate(rate_hz)
        self._encoder.set_out_sample_rate(rate_hz)
        self._encoder.set_bit_rate(profile.mp3_kbps)
        self._encoder.set_quality(profile.mp3_quality)

    def encode(self, pcm: Pcm) -> bytes:
        return bytes(self._encoder.encode(pcm.astype("<i2", copy=False).tobytes())) if len(pcm) else b""

    def end(self) -> bytes:
        return bytes(self._encoder.flush())


class _Container:
    """Opus in Ogg, FLAC: FFmpeg's muxers, in a process that is this stream's until it ends or is forgotten."""

    def __init__(self, profile: FinishProfile, rate_hz: int) -> None:
        process = lend()
        self._rate_hz = rate_hz
        self._process = process
        self._give_back = weakref.finalize(self, give_back, process)
        bit_rate = 1000 * profile.opus_kbps if profile.codec == "opus" else None
        process.ask("open_stream", codec=profile.codec, rate_hz=rate_hz, bit_rate=bit_rate)

    def encode(self, pcm: Pcm) -> bytes:
        if not len(pcm):
            return b""
        body = pcm.astype("<i2", copy=False).tobytes()
        return self._process.ask("add_to_stream", body, rate_hz=self._rate_hz)[1]

    def end(self) -> bytes:
        rest = self._process.ask("end_stream")[1]
        self._give_back()
        return rest

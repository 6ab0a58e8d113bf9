"""Encoders that give out bytes as sound comes in: for a listener, not for an archive.

A streamed file carries no descriptor and, in WAV and FLAC, no length: nobody knew it when the header was sent.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Protocol

import numpy as np

from workers.engines.engine import Pcm
from workers.finish.profile import FinishProfile

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

OPUS_PAGE_US = 100_000
"""Sound in one Ogg page, so that an Opus stream does not wait for a second of it."""
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


class _Sink(io.RawIOBase):
    """Takes what a muxer writes, until somebody asks."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        before = len(self.data)
        self.data += memoryview(data)
        return len(self.data) - before

    def take(self) -> bytes:
        data = bytes(self.data)
        self.data.clear()
        return data


class _Container:
    """Opus in Ogg, FLAC: FFmpeg's muxers, from the PyAV wheel."""

    def __init__(self, profile: FinishProfile, rate_hz: int) -> None:
        import av

        is_opus = profile.codec == "opus"
        self._sink = _Sink()
        self._rate_hz = rate_hz
        self._container = av.open(
            self._sink,
            "w",
            format="ogg" if is_opus else "flac",
            options={"page_duration": str(OPUS_PAGE_US)} if is_opus else {},
        )
        self._stream = self._container.add_stream("libopus" if is_opus else "flac", rate=rate_hz)
        self._stream.layout = "mono"
        if is_opus:
            self._stream.bit_rate = 1000 * profile.opus_kbps

    def encode(self, pcm: Pcm) -> bytes:
        import av

        if len(pcm):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(pcm).reshape(1, -1), format="s16", layout="mono"
            )
            frame.sample_rate = self._rate_hz
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        return self._sink.take()

    def end(self) -> bytes:
        for packet in self._stream.encode(None):
            self._container.mux(packet)
        self._container.close()
        return self._sink.take()

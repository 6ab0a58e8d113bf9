"""Bytes from a server to samples: WAV or raw 16-bit PCM, and nothing else. What is wrong is named, never mended.

And the way there: samples as a WAV that a server is sent.
"""

from __future__ import annotations

import io
import struct
import wave

import numpy as np

from workers.engines.engine import Pcm
from workers.engines.http.client import Answer, AnswerError

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
UNKNOWN_SIZES = frozenset({0, 0x7FFFFFFF, 0xFFFFFFFF})
"""What streaming servers write where they do not know the length yet; near those, less their own header."""
HEADER_SLACK = 1024
WORDS = ("text/", "application/json", "application/xml", "application/xhtml")


def wav_bytes(pcm: Pcm, rate_hz: int) -> bytes:
    """int16 mono as a 16-bit WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.ascontiguousarray(pcm, dtype="<i2").tobytes())
    return buffer.getvalue()


def samples_of(answer: Answer, *, rate_hz: int, raw_rate_hz: int | None = None) -> Pcm:
    """int16 mono at `rate_hz`; raises `AnswerError`. `raw_rate_hz` is given where the protocol sends bare PCM."""
    if not answer.data:
        raise AnswerError("empty", "the server sent nothing", retryable=True)
    if answer.content_type.startswith(WORDS) or _is_text(answer.data):
        raise AnswerError(
            "not-audio", f"the server sent {answer.content_type or 'text'} in place of audio", retryable=True
        )
    if raw_rate_hz is None:
        pcm, found_hz = _wav(answer.data)
    else:
        pcm, found_hz = _raw(answer.data), raw_rate_hz
    if found_hz != rate_hz:
        raise AnswerError(
            "wrong-rate", f"the sound has {found_hz} Hz and the pin says {rate_hz}", retryable=False
        )
    if not len(pcm):
        raise AnswerError("empty", "the sound has no samples", retryable=True)
    if not pcm.any():
        raise AnswerError("silent", "the sound is digital silence", retryable=False)
    return pcm


def _is_text(data: bytes) -> bool:
    """Whether words came under a wrong name; bare samples may begin with any byte, and do not go on like words."""
    start = data[:64].strip()
    return start[:1] in (b"<", b"{") and all(9 <= byte <= 126 for byte in start)


def _raw(data: bytes) -> Pcm:
    if len(data) % 2:
        raise AnswerError("truncated", "half a sample at the end", retryable=True)
    return np.frombuffer(data, dtype="<i2").astype(np.int16)


def _wav(data: bytes) -> tuple[Pcm, int]:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise AnswerError("not-audio", "the sound is no WAV", retryable=False)
    place, form = 12, None
    while place + 8 <= len(data):
        name, size = data[place : place + 4], struct.unpack_from("<I", data, place + 4)[0]
        place += 8
        if name == b"fmt " and size >= 16:
            form = _form(data[place : place + size])
        if name == b"data":
            return _samples(data, place, size, form)
        place += size + size % 2
    raise AnswerError("truncated", "the WAV ends before its samples", retryable=True)


def _form(chunk: bytes) -> tuple[int, int, int, int]:
    """(format tag, channels, rate, bits)."""
    if len(chunk) < 16:
        raise AnswerError("truncated", "the WAV ends in its header", retryable=True)
    tag, channels, rate_hz, _bytes, _block, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == EXTENSIBLE and len(chunk) >= 26:
        tag = struct.unpack_from("<H", chunk, 24)[0]
    return tag, channels, rate_hz, bits


def _samples(data: bytes, place: int, size: int, form: tuple[int, int, int, int] | None) -> tuple[Pcm, int]:
    if form is None:
        raise AnswerError("not-audio", "the WAV does not say its format", retryable=False)
    tag, channels, rate_hz, bits = form
    if channels != 1:
        raise AnswerError("wrong-channels", f"the sound has {channels} channels, not one", retryable=False)
    unknown = any(0 <= placeholder - size < HEADER_SLACK for placeholder in UNKNOWN_SIZES)
    body = data[place:] if unknown else data[place : place + size]
    if not unknown and len(body) < size:
        raise AnswerError("truncated", f"the WAV has {len(body)} of {size} bytes", retryable=True)
    if (tag, bits) == (PCM, 16):
        return _raw(body), rate_hz
    if (tag, bits) == (FLOAT, 32) and len(body) % 4 == 0:
        wave = np.frombuffer(body, dtype="<f4")
        if not np.isfinite(wave).all():
            raise AnswerError("not-audio", "the sound has samples that are no numbers", retryable=False)
        return np.rint(np.clip(wave, -1, 1) * 32767).astype(np.int16), rate_hz
    raise AnswerError(
        "not-audio",
        f"the WAV is of format {tag} with {bits} bits; 16-bit PCM and floats are read",
        retryable=False,
    )

"""How alike two recordings' speakers are: a port for encoders, and what is measured through it.

`OnnxEncoder` takes an encoder in ONNX (80 log-mel filterbanks in, one vector out): `speaker-encoder` of the catalogue,
or a WeSpeaker or 3D-Speaker export that somebody brings.

`SpectralEncoder` needs no weights. It compares the long-term spectrum and its movement, so it tells voices apart only
within one recording set-up; it finds a reference with two speakers or a changed microphone, and proves nothing about
who speaks. Its numbers are kept under its own name and never compared with another encoder's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm
from workers.measure.activity import FRAME_MS, activity
from workers.measure.onnx import open_model, read_model

Vector = npt.NDArray[np.float64]
"""(dimensions,), length 1."""

RATE_HZ = 16_000
WINDOW_SAMPLES, HOP_SAMPLES, FFT_SAMPLES = 400, 160, 512
"""Kaldi's 25 ms every 10 ms, which the published encoders were trained on."""
CHANNELS = 80
CEPSTRA = 24
SHORTEST_S = 0.5
WHAT = "the speaker encoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """What a filterbank is made with."""

    highest_hz: float
    window_power: float
    """Of a Hann window; 0 is a Hamming window."""
    floor: float
    """Of a band's power, of int16-scaled sound."""


SPECTRAL = Bank(highest_hz=7_600.0, window_power=0.0, floor=1.0)
KALDI = Bank(highest_hz=8_000.0, window_power=0.85, floor=128.0)
"""Kaldi's own by default, as 3D-Speaker trains with it: a vector follows its bands closely."""


class SpeakerEncoder(Protocol):
    """Sound of one speaker to a vector that lies near those of the same speaker."""

    @property
    def name(self) -> str:
        """Kind and version; numbers are compared only under one name."""
        ...

    def embed(self, pcm: Pcm, rate_hz: int) -> Vector:
        """The vector of int16 mono, at least `SHORTEST_S` of speech."""
        ...


def similarity(left: Vector, right: Vector) -> float:
    """Cosine, -1 to 1."""
    return float(left @ right)


def self_similarity(encoder: SpeakerEncoder, pcm: Pcm, rate_hz: int) -> float | None:
    """How alike the halves of one recording are; None when a half has too little speech."""
    frames = activity(pcm, rate_hz).speech
    spoken = np.cumsum(frames)
    if not len(frames) or spoken[-1] * FRAME_MS / 1000 < 2 * SHORTEST_S:
        return None
    middle = int(np.searchsorted(spoken, spoken[-1] / 2)) * rate_hz * FRAME_MS // 1000
    return similarity(encoder.embed(pcm[:middle], rate_hz), encoder.embed(pcm[middle:], rate_hz))


class SpectralEncoder:
    """Mean, spread and movement of mel cepstra over the speech; no weights."""

    name = "spectral-1"

    def embed(self, pcm: Pcm, rate_hz: int) -> Vector:
        """See `SpeakerEncoder.embed`."""
        bands = filterbank(pcm, rate_hz, SPECTRAL)
        loud = bands.mean(axis=1)
        bands = bands[loud > np.percentile(loud, 95) - 30 * np.log(10) / 10]
        cepstra = (bands @ _cosines())[:, 1:]  # the first is loudness
        moved = np.abs(np.diff(cepstra, axis=0)).mean(axis=0) if len(cepstra) > 1 else np.zeros(CEPSTRA - 1)
        return _unit(np.concatenate((cepstra.mean(axis=0), cepstra.std(axis=0), moved)))


class OnnxEncoder:
    """A published encoder in ONNX: (1, frames, 80) float32 filterbanks less their mean in, one vector out."""

    def __init__(self, path: Path) -> None:
        data = read_model(path, what=WHAT, mend="mend its path")
        self.name = self.name_of(hashlib.sha256(data).hexdigest())
        self._session = open_model(data, path, what=WHAT, mend="give a WeSpeaker export")

    @staticmethod
    def name_of(sha256: str) -> str:
        """Of the encoder in a file with this digest; 2 is the filterbank's version."""
        return f"onnx-2-{sha256[:16]}"

    def embed(self, pcm: Pcm, rate_hz: int) -> Vector:
        """See `SpeakerEncoder.embed`."""
        bands = filterbank(pcm, rate_hz, KALDI)
        features = (bands - bands.mean(axis=0)).astype(np.float32)[None]
        vector = self._session.run(None, {self._session.get_inputs()[0].name: features})[0]
        return _unit(np.asarray(vector, dtype=np.float64).reshape(-1))


def filterbank(pcm: Pcm, rate_hz: int, bank: Bank) -> npt.NDArray[np.float64]:
    """(frames, 80): natural log of Kaldi-like mel bands of int16-scaled sound."""
    import soxr

    wave = soxr.resample(pcm.astype(np.float64), rate_hz, RATE_HZ)
    if len(wave) < WINDOW_SAMPLES:
        wave = np.pad(wave, (0, WINDOW_SAMPLES - len(wave)))
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW_SAMPLES)[::HOP_SAMPLES]
    frames = frames - frames.mean(axis=1, keepdims=True)
    frames = frames - 0.97 * np.concatenate((frames[:, :1], frames[:, :-1]), axis=1)
    window = (
        np.hanning(WINDOW_SAMPLES) ** bank.window_power if bank.window_power else np.hamming(WINDOW_SAMPLES)
    )
    power = np.abs(np.fft.rfft(frames * window, FFT_SAMPLES)) ** 2
    return np.log(np.maximum(power @ _mel_bands(bank.highest_hz), bank.floor))


@lru_cache(maxsize=2)
def _mel_bands(highest_hz: float) -> npt.NDArray[np.float64]:
    """(257, 80): triangles even on the mel scale, from 20 Hz."""
    edges = np.linspace(_mel(20.0), _mel(highest_hz), CHANNELS + 2)
    at = _mel(np.arange(FFT_SAMPLES // 2 + 1) * RATE_HZ / FFT_SAMPLES)[:, None]
    rising = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    bands: npt.NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    return bands


def _mel(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    mels: npt.NDArray[np.float64] = 1127.0 * np.log1p(np.asarray(hertz) / 700.0)
    return mels


@lru_cache(maxsize=1)
def _cosines() -> npt.NDArray[np.float64]:
    """(80, CEPSTRA): the discrete cosine transform, second kind."""
    band = np.arange(CHANNELS)[:, None] + 0.5
    waves: npt.NDArray[np.float64] = np.cos(np.pi * band * np.arange(CEPSTRA) / CHANNELS)
    return waves * float(np.sqrt(2 / CHANNELS))


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector

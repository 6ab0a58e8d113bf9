"""DistillMOS (Stahl and Gamper 2025): how people would rate the quality of speech, 1 to 5, without a reference.

`distillmos` of the catalogue, MIT, in ONNX: no torch, no pickle. It was trained on English, recorded and processed, not
on synthetic speech: it ranks voices and files within one language and proves nothing across languages.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm
from workers.measure.onnx import open_model, read_model

RATE_HZ = 16_000
WINDOW_SAMPLES = 122_880
"""7.68 s, what it was trained on; shorter sound is followed by silence, as its authors do."""
HOP_SAMPLES = 61_440
"""At most so far apart are windows of longer sound: half of one. Its authors take a second, at four times the cost."""
FFT_SAMPLES, FRAME_SAMPLES = 320, 160
COMPRESSION = 0.3
"""Power to which magnitudes are raised."""
QUIETEST = 1e-12
WHAT = "the predictor of opinions"
MEND = "fetch it: campaign voice get distillmos"


class DistillMos:
    """The model in a file. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Raises `EngineError` for a file that is none."""
        data = read_model(path, what=WHAT, mend=MEND)
        self.name = self.name_of(hashlib.sha256(data).hexdigest())
        self._session = open_model(data, path, what=WHAT, mend=MEND)

    @staticmethod
    def name_of(sha256: str) -> str:
        """Of the predictor in a file with this digest; 1 is the version of what is done to sound before it."""
        return f"distillmos-1-{sha256[:16]}"

    def rate(self, pcm: Pcm, rate_hz: int) -> float | None:
        """The predicted opinion of int16 mono, 1 to 5; None of silence. 0.17 CPU s a window of 7.68 s."""
        import soxr

        wave = soxr.resample(pcm.astype(np.float64) / 32_768, rate_hz, RATE_HZ)
        if not np.any(wave):
            return None
        # one after the other: what a window is rated does not depend on how many there are
        opinions = [
            self._session.run(None, {"spectra": _spectra(one)[None]})[0][0, 0] for one in _windows(wave)
        ]
        return float(np.mean(opinions))


def _windows(wave: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Stretches of `WINDOW_SAMPLES` from the first sample to the last, evenly apart."""
    beyond = len(wave) - WINDOW_SAMPLES
    if beyond <= 0:
        return [np.pad(wave, (0, -beyond))]
    starts = np.linspace(0, beyond, math.ceil(beyond / HOP_SAMPLES) + 1).astype(int)
    return [wave[start : start + WINDOW_SAMPLES] for start in starts]


def _spectra(window: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """float32 (2, 161, 768): real and imaginary parts of the compressed spectrum, the window at full scale."""
    scaled = window / (np.abs(window).max() + 1e-8)
    padded = np.pad(scaled, (FFT_SAMPLES - FRAME_SAMPLES) // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::FRAME_SAMPLES]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES)
    spectrum = np.fft.rfft(frames * hann).T
    compressed = spectrum * np.maximum(np.abs(spectrum), QUIETEST) ** (COMPRESSION - 1)
    return np.stack((compressed.real, compressed.imag)).astype(np.float32)

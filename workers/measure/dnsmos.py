"""DNSMOS (Reddy, Gopal, Cutler 2021, 2022): how a listener would rate the quality, 1 to 5.

Microsoft's ONNX models lie in the MIT-licensed `speechmos` wheel: no download, no pickle. The wheel's own code pulls
in librosa, pandas, requests and a thread pool; only its model files are used here, by onnxruntime on one thread.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workers.engines.engine import Pcm

RATE_HZ = 16_000
FFT_SAMPLES, HOP_SAMPLES, MEL_BANDS = 321, 160, 120
WINDOW_SAMPLES = 144_160
"""9.01 s, what the models were trained on; shorter sound is repeated to one window (the authors repeat on
and average up to nine, at nine times the cost for the same sound)."""
POLYNOMIALS = {
    "signal": (-0.08397278, 1.22083953, 0.0052439),
    "background": (-0.13166888, 1.60915514, -0.39604546),
    "overall": (-0.06766283, 1.11546468, 0.04602535),
}
"""speechmos/dnsmos.py: from the model's raw answer to the scale of the listening test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dnsmos:
    """Predicted opinions, 1 to 5."""

    overall: float
    """P.835: of speech and background together."""
    signal: float
    background: float
    p808: float
    """The older model's one score."""


def dnsmos(pcm: Pcm, rate_hz: int) -> Dnsmos | None:
    """The scores of int16 mono; None where the `measure` extra is not installed. 0.2 s for 9 s or less."""
    import soxr

    sessions = _sessions()
    if sessions is None:
        return None
    primary, p808 = sessions
    wave = soxr.resample(pcm.astype(np.float32) / 32_768, rate_hz, RATE_HZ)
    if not len(wave):
        return None
    if len(wave) < WINDOW_SAMPLES:
        wave = np.resize(wave, WINDOW_SAMPLES)
    rows = []
    for start in range(0, len(wave) - WINDOW_SAMPLES + 1, RATE_HZ):
        window = wave[start : start + WINDOW_SAMPLES]
        signal, background, overall = primary.run(None, {"input_1": window[None]})[0][0]
        older = p808.run(None, {"input_1": _log_mel(window[:-160])[None]})[0][0][0]
        rows.append(
            (
                np.polyval(POLYNOMIALS["overall"], overall),
                np.polyval(POLYNOMIALS["signal"], signal),
                np.polyval(POLYNOMIALS["background"], background),
                older,
            )
        )
    overall, signal, background, older = np.mean(rows, axis=0)
    return Dnsmos(
        overall=float(overall), signal=float(signal), background=float(background), p808=float(older)
    )


def _log_mel(window: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """float32 (frames, 120): the older model's input as its authors make it, by librosa's defaults."""
    padded = np.pad(window.astype(np.float64), FFT_SAMPLES // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES)
    power = np.abs(np.fft.rfft(frames * hann)) ** 2 @ _slaney_bands()
    decibels = 10 * np.log10(np.maximum(power, 1e-10)) - 10 * np.log10(max(power.max(), 1e-10))
    levels: npt.NDArray[np.float32] = ((np.maximum(decibels, -80.0) + 40) / 40).astype(np.float32)
    return levels


@lru_cache(maxsize=1)
def _slaney_bands() -> npt.NDArray[np.float64]:
    """(161, 120): triangles of equal area on Slaney's mel scale, linear below 1 kHz and logarithmic above."""
    mels = np.linspace(0.0, 15 + 27 * np.log(RATE_HZ / 2 / 1000) / np.log(6.4), MEL_BANDS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    at = np.arange(FFT_SAMPLES // 2 + 1)[:, None] * RATE_HZ / FFT_SAMPLES
    rising = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    triangles: npt.NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    widths: npt.NDArray[np.float64] = edges[2:] - edges[:-2]
    return triangles * 2 / widths


@lru_cache(maxsize=1)
def _sessions() -> tuple[Any, Any] | None:
    spec = importlib.util.find_spec("speechmos")
    if spec is None or not spec.submodule_search_locations:
        return None
    try:
        import onnxruntime
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    folder = Path(spec.submodule_search_locations[0]) / "dnsmos_models"
    return tuple(
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
        for name in ("sig_bak_ovr.onnx", "model_v8.onnx")
    )

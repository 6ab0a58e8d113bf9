"""What must not be released: silence, clipping, sound that is too short or too long to be its text."""

from __future__ import annotations

import numpy as np

from workers.engines.engine import Pcm
from workers.errors import FinishError
from workers.finish.assembly import amplitude

GAP_HOP_MS = 10
FLAT_TOP_SAMPLES = 4
"""So many full-scale samples in a row are a clipped peak; one or two are a loud one."""
SLACK_S = 1.0
"""Short words are slow: a lone "Yes." may take this much longer than its characters say."""


def check_audible(pcm: Pcm, *, position: int, silent_below_dbfs: float) -> None:
    """Raise `silent` when the utterance's peak stays below the threshold."""
    if not len(pcm) or max(int(pcm.max()), -int(pcm.min())) < amplitude(silent_below_dbfs):
        raise FinishError("silent", f"utterance {position + 1} has no sound above {silent_below_dbfs:g} dBFS")


def check_unclipped(pcm: Pcm, *, position: int) -> None:
    """Raise `clipped` for flat tops at full scale in what the engine gave."""
    if int(pcm.max(initial=0)) < 32_767 and int(pcm.min(initial=0)) > -32_767:
        return
    full = (pcm >= 32_767) | (pcm <= -32_767)
    runs = np.convolve(full, np.ones(FLAT_TOP_SAMPLES, np.int8), "valid")
    if (runs == FLAT_TOP_SAMPLES).any():
        raise FinishError("clipped", f"utterance {position + 1} came clipped from the engine")


def check_gaps(pcm: Pcm, rate_hz: int, *, position: int, below_dbfs: float, longest_ms: int) -> None:
    """Raise `gap` for a silence inside an utterance longer than `longest_ms`, to 10 ms."""
    hop = rate_hz * GAP_HOP_MS // 1000
    hops = len(pcm) // hop
    if hops * GAP_HOP_MS <= longest_ms:
        return
    threshold = max(1, int(amplitude(below_dbfs)))
    framed = pcm[: hops * hop].reshape(hops, hop)
    heard = np.flatnonzero((framed.max(axis=1) >= threshold) | (framed.min(axis=1) <= -threshold))
    silence_ms = GAP_HOP_MS * (int(np.diff(heard).max(initial=1)) - 1)
    if silence_ms > longest_ms:
        raise FinishError("gap", f"utterance {position + 1} falls silent for {silence_ms} ms")


def check_gain(clipped_samples: int, gain_db: float) -> None:
    """Raise `clipped` when the gain pushed samples over full scale."""
    if clipped_samples:
        raise FinishError(
            "clipped",
            f"{clipped_samples} samples clip at {gain_db:+.1f} dB; lower gain_db or use gain = asset",
        )


def check_duration(
    spoken_s: float, *, characters: int, bounds: tuple[float, float], language: str | None
) -> None:
    """Raise `too-short` or `too-long` when so many characters cannot have been spoken in `spoken_s`, pauses apart."""
    slowest, fastest = bounds
    pace = f"{characters} characters in {spoken_s:.2f} s"
    if spoken_s * fastest < characters:
        raise FinishError(
            "too-short", f"{pace}: faster than {fastest:g} a second, words must be missing ({language})"
        )
    if (spoken_s - SLACK_S) * slowest > characters:
        raise FinishError(
            "too-long", f"{pace}: slower than {slowest:g} a second, more than the text is there ({language})"
        )

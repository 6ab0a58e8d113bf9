"""From when on a divergence counts where no calibration says otherwise, by language (benchmarks.listening)."""

from __future__ import annotations

from workers.listening.judging import Bounds

DEFAULT = Bounds()
LEARNED = {
    "en": Bounds(nats=1.5),
    "es": Bounds(nats=8.0),
    "fr": Bounds(nats=6.0),
    "pt": Bounds(nats=9.0),
}
"""Whisper-base on Kokoro's speech, docs/listening.md."""


def bounds_of(language: str) -> Bounds:
    """Of a primary language."""
    return LEARNED.get(language, DEFAULT)

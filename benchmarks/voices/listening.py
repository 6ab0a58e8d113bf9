"""The stand-ins for people: a recogniser and a model of what listeners say."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.voices.speaking import Sound
from benchmarks.voices.words import as_words
from workers.measure.intelligibility import intelligibility_of, words
from workers.recognisers.whisper import WhisperRecogniser


class Listener:
    """Both, loaded when they are first asked."""

    def __init__(self, whisper: Path) -> None:
        self.recogniser = WhisperRecogniser(whisper)
        self._as_words = as_words()
        self._mos: Any = None

    def word_error(self, sounds: Sequence[Sound], language: str) -> float:
        """Words wrong over words said, of all utterances together."""
        wrong = said = 0.0
        for spoken, pcm, rate_hz in sounds:
            heard = self._as_words(self.recogniser.hear(pcm, rate_hz, language).text, language)
            count = len(words(spoken).split())
            wrong += intelligibility_of(spoken, heard).wer * count
            said += count
        return wrong / said

    def mos(self, sounds: Sequence[Sound]) -> float | None:
        """DistillMOS's mean, 1 to 5; None where it is not installed."""
        if find_spec("distillmos") is None:
            return None
        import distillmos
        import soxr
        import torch

        if self._mos is None:
            torch.set_num_threads(1)
            self._mos = distillmos.ConvTransformerSQAModel().eval()
        scores = []
        with torch.no_grad():
            for _words, pcm, rate_hz in sounds:
                wave = soxr.resample(pcm.astype(np.float32) / 32767, rate_hz, 16_000)
                scores.append(float(self._mos(torch.from_numpy(wave)[None])))
        return float(np.mean(scores))

"""What was understood: a port for speech recognisers, and those that can be had.

`WhisperRecogniser` takes a folder with a faster-whisper (CTranslate2) model that you bring. `SphinxRecogniser` needs
nothing brought: PocketSphinx is the one recogniser known that installs from a wheel with a model inside and is kept.
It is English only and far from the state of the art (word error 0.5 on clear synthetic speech), so its numbers compare
two voices and prove nothing by themselves; every number carries the recogniser's name.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from workers.engines.engine import EngineError, Pcm

RATE_HZ = 16_000
LONGEST_REPEAT = 8
"""Words, where several beams are followed."""
EDGE_S = 0.25
"""Silence put around an utterance: decoders lose words at hard edges."""


class Recogniser(Protocol):
    """Sound to words."""

    @property
    def name(self) -> str:
        """Kind and version; numbers are compared only under one name."""
        ...

    def understands(self, language: str) -> bool:
        """Whether it was made for this language."""
        ...

    def transcribe(self, pcm: Pcm, rate_hz: int, language: str) -> str:
        """What int16 mono says; empty when nothing was understood."""
        ...


def find_recogniser(model: Path | None = None, *, device: str = "cpu") -> Recogniser | None:
    """A whisper model where one is named, else PocketSphinx, else None. Raises `EngineError` for a bad folder."""
    if model is not None:
        return WhisperRecogniser(model, device=device)
    return SphinxRecogniser() if importlib.util.find_spec("pocketsphinx") else None


class SphinxRecogniser:
    """CMU PocketSphinx with the US English model of its wheel; 0.2 to 0.4 s a second of sound, 60 MB."""

    def __init__(self) -> None:
        self._decoder: Any = None

    @property
    def name(self) -> str:
        """With the package's version."""
        from importlib.metadata import version

        return f"pocketsphinx-{version('pocketsphinx')}-en-us"

    def understands(self, language: str) -> bool:
        """English alone."""
        return language == "en"

    def transcribe(self, pcm: Pcm, rate_hz: int, language: str) -> str:
        """See `Recogniser.transcribe`."""
        if not self.understands(language):
            raise EngineError(f"{self.name} does not understand {language!r}; give a whisper model")
        if self._decoder is None:
            from pocketsphinx import Decoder

            self._decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL")
        decoder = self._decoder
        decoder.start_utt()
        decoder.process_raw(_heard(pcm, rate_hz).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        hypothesis = decoder.hyp()
        return "" if hypothesis is None else str(hypothesis.hypstr)


class WhisperRecogniser:
    """faster-whisper on a model folder; loaded at the first utterance. Nothing is ever downloaded."""

    def __init__(
        self, model: Path, *, device: str = "cpu", beam_size: int = 1, compute_type: str = "default"
    ) -> None:
        """More beams hear better and take longer; they may not say eight words twice, as a small model's loops do.

        `compute_type` is CTranslate2's: `int8` is several times as fast on a CPU.
        """
        if not (model / "model.bin").is_file():
            raise EngineError(
                f"{model} holds no model.bin; give the folder of a faster-whisper (CTranslate2) model"
            )
        if importlib.util.find_spec("faster_whisper") is None:
            raise EngineError("a whisper model needs the faster-whisper package; install campaign[whisper]")
        self._folder = model
        self._device = device
        self._beam_size = beam_size
        self._compute_type = compute_type
        self._model: Any = None

    @property
    def name(self) -> str:
        """With the folder's name, and what is not as it is by default."""
        beams = f"-beam{self._beam_size}" if self._beam_size > 1 else ""
        compute = f"-{self._compute_type}" if self._compute_type != "default" else ""
        return f"faster-whisper-{self._folder.name}{compute}{beams}"

    def understands(self, language: str) -> bool:
        """A model whose name ends in `.en` is English alone."""
        return language == "en" or not self._folder.name.endswith(".en")

    def transcribe(self, pcm: Pcm, rate_hz: int, language: str) -> str:
        """See `Recogniser.transcribe`: without chance and earlier text, so that the same sound gives the same words."""
        if self._model is None:
            from faster_whisper import WhisperModel

            device = self._device.partition(":")[0]
            self._model = WhisperModel(
                str(self._folder), device=device, compute_type=self._compute_type, local_files_only=True
            )
        segments, _ = self._model.transcribe(
            _heard(pcm, rate_hz).astype(np.float32) / 32_768,
            language=language,
            beam_size=self._beam_size,
            no_repeat_ngram_size=LONGEST_REPEAT if self._beam_size > 1 else 0,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return " ".join(str(segment.text).strip() for segment in segments)


def _heard(pcm: Pcm, rate_hz: int) -> Pcm:
    """int16 at `RATE_HZ` with silence around it."""
    import soxr

    wave = soxr.resample(pcm.astype(np.float32), rate_hz, RATE_HZ)
    edge = np.zeros(int(EDGE_S * RATE_HZ), np.int16)
    return np.concatenate((edge, np.clip(np.rint(wave), -32_768, 32_767).astype(np.int16), edge))

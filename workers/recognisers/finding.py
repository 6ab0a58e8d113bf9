"""Which recogniser hears where nobody chose one by the catalogue: for the gate."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from workers.recognisers.recogniser import Recogniser
from workers.recognisers.sphinx import SphinxRecogniser
from workers.recognisers.whisper import WhisperRecogniser, compute_type_on


def find_recogniser(model: Path | None = None, *, device: str = "cpu") -> Recogniser | None:
    """A whisper model where one is named, else PocketSphinx, else None. Raises `EngineError` for a bad folder."""
    if model is not None:
        return WhisperRecogniser(model, device=device, compute_type=compute_type_on(device))
    return SphinxRecogniser() if importlib.util.find_spec("pocketsphinx") else None

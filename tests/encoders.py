"""Encoders of speakers for tests: the real one, fetched once a machine, and one that hears pitch alone."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from campaign.registry.catalogue import fetch_files, shipped_catalogue
from campaign.registry.catalogue.keeping import place_of
from campaign.registry.encoder import ENTRY, catalogue_encoder_name
from storage.settings import Settings
from workers.engines.engine import Pcm
from workers.measure.likeness import Vector
from workers.measure.pitch import pitch

MODELS = "models-of-tests"
"""Beside this machine's own models: whether those have an encoder is not the tests' to decide."""


class PitchEncoder:
    """One octave apart is as far as it goes; under the name that counts."""

    def __init__(self) -> None:
        self.name = catalogue_encoder_name()
        self.embedded = 0

    def embed(self, pcm: Pcm, rate_hz: int) -> Vector:
        self.embedded += 1
        heard = pitch(pcm, rate_hz)
        angle = math.pi * math.log2(heard.median_hz / 100) if heard else 0.0
        return np.array([math.cos(angle), math.sin(angle)])


def fetched_models() -> Path:
    """A models folder that has the catalogue's encoder."""
    models = Settings().kept_models.with_name(MODELS)
    entry = shipped_catalogue().find(ENTRY)
    fetch_files(entry, place_of(Settings(models=models), entry))
    return models

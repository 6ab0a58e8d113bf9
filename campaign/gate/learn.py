"""Bounds learned from what a preset has already delivered: a candidate must sound as that voice is known to sound.

Utterances of current files are measured as the gate measures; a bound is their median, give or take `SPREADS` times
their spread (1.4826 x the median absolute deviation, which outliers do not move).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from campaign.errors import ConflictError
from campaign.gate.measures import Likeness, Measurement, Prompt, measure
from campaign.gate.numbers import OF_PROMPTS, Better
from campaign.registry.voice import find_preset
from storage.errors import ObjectStoreError
from storage.history import origins
from storage.history.origins import MadeUtterance
from storage.installation import Installation
from workers.measure.likeness import SpectralEncoder
from workers.pcm import from_raw
from workers.requests import Spec

FEWEST = 10
"""Utterances below which a spread says nothing."""
SPREADS = 3.0
NUMBERS = (
    "f0_median_hz",
    "letters_per_second",
    "dnsmos_overall",
    "loudness_lufs",
    "silence_share",
    "clipped_share",
)
TO_SPREAD = 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedBounds:
    """What a preset is known to sound like."""

    preset: str
    utterances: int
    bounds: Mapping[str, Mapping[str, float]]
    """Number -> its limits, as a rule takes them."""

    def as_toml(self) -> str:
        """A rule with these bounds; who may take the baseline's place beyond them is for a person to write."""
        lines = [
            f"# Learned from {self.utterances} delivered utterances of {self.preset}.",
            f'name = "like {self.preset}"',
            'swap = "errors == 0"        # add what people have to hear: and candidate_mean >= baseline_mean',
            "",
            "[needs]",
            "prompts = 10",
        ]
        for name, limits in self.bounds.items():
            lines += ["", f"[bounds.{name}]", *(f"{key} = {value:g}" for key, value in limits.items())]
        return "\n".join(lines) + "\n"


def learn(
    installation: Installation, label: str, *, sample: int, progress: Callable[[int, int], None]
) -> LearnedBounds:
    """Measure up to `sample` delivered utterances of a preset. Raises `NotFoundError`, `ConflictError` for too few."""
    with installation.database.read() as connection:
        preset = find_preset(connection, label)
    with installation.database.read() as connection:
        keys = origins.keys_of_preset(connection, preset.label)
        sample_keys = random.Random(preset.label).sample(keys, min(sample, len(keys)))
        utterances = [
            utterance for key in sample_keys if (utterance := origins.utterance(connection, key)) is not None
        ]
    prompts = [prompt for utterance in utterances if (prompt := _prompt(installation, utterance)) is not None]
    if len(prompts) < FEWEST:
        raise ConflictError(
            f"{preset.label} has {len(prompts)} delivered utterances whose sound is kept, and a spread needs {FEWEST}. "
            "Let a campaign that uses it finish first."
        )
    no_recording = Likeness(recording=None, rate_hz=0, encoder=SpectralEncoder())
    measurements = measure(prompts, None, no_recording, progress=progress)
    bounds = {name: limits for name in NUMBERS if (limits := _limits(name, measurements))}
    return LearnedBounds(preset=preset.label, utterances=len(measurements), bounds=bounds)


def _prompt(installation: Installation, utterance: MadeUtterance) -> Prompt | None:
    if utterance.pcm_key is None or utterance.rate_hz is None:
        return None
    try:
        data = installation.store.get(utterance.pcm_key)
    except ObjectStoreError:
        return None
    if hashlib.sha256(data).hexdigest() != utterance.pcm_sha256:
        return None
    spec = Spec.from_json(utterance.spec)
    return Prompt(
        id=utterance.key,
        language=spec.spans[0].language,
        spoken_text=spec.text,
        utterances=(),
        pcm=from_raw(data),
        rate_hz=utterance.rate_hz,
    )


def _limits(name: str, measurements: Sequence[Measurement]) -> dict[str, float]:
    values = [value for measurement in measurements if (value := getattr(measurement, name)) is not None]
    if not values:
        return {}
    median = float(np.median(values))
    spread = SPREADS * TO_SPREAD * float(np.median(np.abs(np.asarray(values) - median)))
    better = OF_PROMPTS[name].better
    limits = {}
    if better != Better.LOWER:
        limits["at_least"] = round(median - spread, 4)
    if better != Better.HIGHER:
        limits["at_most"] = round(median + spread, 4)
    return limits

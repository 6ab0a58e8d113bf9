"""Weights of the true format with random values, and utterances: speed and arithmetic do not depend on either."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from tests.unit.workers.engines.f5.checkpoint import SIZES, make_checkpoint
from workers.engines.f5.sampler import Guidance, SamplerInput

FRAMES_PER_S = 24_000 / 256
GUIDANCE = Guidance(strength=2.0)
SWAY = -1.0
TOKENS_PER_S = 12
MELS = 100


def weights_folder(model: str, scratch: Path) -> Path:
    """The folder that `model` names, or random weights of that size, made once in `scratch`."""
    if model not in SIZES:
        return Path(model)
    folder = scratch / model / "F5TTS_v1_Base"
    ready = folder.parent / "ready"
    if not ready.exists():
        make_checkpoint(folder, size=model)
        ready.touch()
    return folder


def float8_folder(folder: Path, scratch: Path) -> Path:
    """The same weights as a pin whose products are of eight bits."""
    rounded = scratch / f"{folder.parent.name}-float8" / folder.name
    rounded.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        link = rounded / file.name
        if file.name != "model.yaml" and not link.exists():
            link.symlink_to(file.resolve())
    described = folder / "model.yaml"
    before = described.read_text(encoding="utf-8") if described.exists() else ""
    (rounded / "model.yaml").write_text(before + "products: float8\n", encoding="utf-8")
    return rounded


def make_samples(
    *, reference_s: float, lengths_s: Sequence[float], utterances: int, seed: int
) -> list[SamplerInput]:
    """Clips of these lengths in turn behind one reference, noise at the level of a mel."""
    generator = torch.Generator().manual_seed(seed)
    reference = torch.randn(round(reference_s * FRAMES_PER_S), MELS, generator=generator) * 2 - 4
    return [
        SamplerInput(
            reference=reference,
            tokens=torch.randint(
                1, 100, (round(TOKENS_PER_S * (reference_s + length_s)),), generator=generator
            ),
            frames=len(reference) + round(length_s * FRAMES_PER_S),
            seed=seed * 10_000 + number,
        )
        for number, length_s in ((n, lengths_s[n % len(lengths_s)]) for n in range(utterances))
    ]


def sample_of(frames: int, *, number: int) -> SamplerInput:
    """An utterance of exactly so many frames, a third of them reference; the same for the same arguments."""
    generator = torch.Generator().manual_seed(1000 + number)
    reference = torch.randn(frames // 3, MELS, generator=generator) * 2 - 4
    tokens = torch.randint(
        1, 100, (max(4, round(TOKENS_PER_S * frames / FRAMES_PER_S)),), generator=generator
    )
    return SamplerInput(reference=reference, tokens=tokens, frames=frames, seed=77 + number)


def spoken_s(samples: Sequence[SamplerInput]) -> float:
    """Seconds of speech without the references."""
    return sum(sample.frames - len(sample.reference) for sample in samples) / FRAMES_PER_S

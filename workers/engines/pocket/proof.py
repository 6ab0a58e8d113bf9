"""Which numbers of rows give a row the same bits on this machine: tried at warm-up, never believed.

Probes of unlike lengths are spoken a few frames with each number of rows, at other places and beside others. A
number whose rows differ from those of the largest is not used; the largest alone is always right, only slow for
few.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.pocket.backbone import Prefix
from workers.engines.pocket.products import ROW_COUNTS
from workers.engines.pocket.streams import SpeechNetwork

log = logging.getLogger(__name__)

FRAMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProof:
    """What was found."""

    row_counts: tuple[int, ...]
    """Numbers of rows that may be mixed, ascending."""
    digest: str
    """Of the probes' bits: machines that agree here compute alike."""


@torch.inference_mode()
def prove(network: SpeechNetwork, steps: int = 1, counts: Sequence[int] = ROW_COUNTS) -> RowProof:
    """Under a second at full size."""
    largest = max(counts)
    generator = torch.Generator().manual_seed(20)
    probes = [
        (
            torch.randint(0, len(network._embed) - 1, (1 + number % 7,), generator=generator),
            torch.randn(network.latent_width, generator=generator),
        )
        for number in range(largest)
    ]
    device = network.device
    empty = Prefix(
        keys_values=torch.zeros(
            len(network.transformer.layers),
            2,
            network.transformer.key_heads,
            0,
            network.transformer.channels,
            device=device,
        )
    )
    read = [network.read_tokens(tokens, empty) for tokens, _ in probes[:7]]
    prompts = [read[number % 7] for number in range(largest)]
    noise = torch.stack([drawn for _, drawn in probes]).to(device)
    whole = _spoken(network, prompts, noise, list(range(largest)), largest, steps)
    admitted = [largest]
    for count in sorted(set(counts) - {largest}, reverse=True):
        same = True
        for first in {0, largest - count, (largest - count) // 2}:
            members = list(range(first, first + count))[::-1]
            spoken = _spoken(network, prompts, noise, members, count, steps)
            same = same and torch.equal(spoken, whole[members])
        if same:
            admitted.append(count)
        else:
            log.warning(
                "rows differ in products of %d rows on this machine: they are filled up instead", count
            )
    bits = whole.cpu().numpy().tobytes()
    return RowProof(row_counts=tuple(sorted(admitted)), digest=hashlib.sha256(bits).hexdigest())


def _spoken(
    network: SpeechNetwork,
    prompts: Sequence[Prefix],
    noise: Tensor,
    members: list[int],
    total: int,
    steps: int,
) -> Tensor:
    """(members, frames, l) of some probes in products of `total` rows."""
    cache = network.cache(len(members), FRAMES + max(prompt.positions for prompt in prompts))
    for place, member in enumerate(members):
        for layer, kept in zip(cache.layers, prompts[member].keys_values, strict=True):
            layer[place, :, :, : prompts[member].positions] = kept
    lengths = [prompts[member].positions for member in members]
    latents, frames = network.begin(len(members)), []
    for frame in range(FRAMES):
        latents, _ = network.frame(
            cache, latents, range(len(members)), [length + frame for length in lengths], noise[members], steps
        )
        frames.append(latents)
    return torch.stack(frames, dim=1)

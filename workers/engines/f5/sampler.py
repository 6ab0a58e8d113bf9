"""From noise to mel: Euler's method over a pack, with classifier-free guidance.

Same result as `f5_tts.model.CFM.sample` for each utterance alone with the same noise (relative L2 under 1e-5 in
float32), without its trajectory and without its shared random generator.

    prepare -> everything that does not change between steps, on the device      (may be made ahead, in a thread)
    draw    -> steps.advance, as often as the schedule has steps
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.f5.network import Network
from workers.engines.f5.network.steps import PreparedDraw, StepPlan
from workers.engines.f5.packing import Budget, lay_out
from workers.engines.f5.schedule import Guidance, Schedule, times_of

__all__ = ["Guidance", "PreparedDraw", "SamplerInput", "Schedule", "draw", "noise", "prepare", "times_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerInput:
    """One utterance, ready to be drawn."""

    reference: Tensor
    """float32 (reference frames, mel): kept as it is."""
    tokens: Tensor
    """int64 (tokens,) of transcript and text together."""
    frames: int
    """Of reference and speech together."""
    seed: int


def noise(seed: int, frames: int, mel_channels: int) -> Tensor:
    """float32 (frames, mel) on the CPU, from this utterance's own generator."""
    return torch.randn(frames, mel_channels, generator=torch.Generator().manual_seed(seed))


@torch.inference_mode()
def prepare(
    network: Network,
    samples: Sequence[SamplerInput],
    halves: frozenset[int],
    *,
    budget: Budget | None,
) -> PreparedDraw:
    """What does not change between the steps of a pack, for steps of so many `halves`.

    Safe in another thread and on another stream than those that draw.
    """
    device = network.device
    frames = [sample.frames for sample in samples]
    references = [sample.reference.to(device, non_blocking=True) for sample in samples]
    texts = [network.text_embedding(sample.tokens, sample.frames, dropped=False) for sample in samples]
    packs = {}
    for count in halves:
        layout = lay_out(frames, halves=count, budget=budget)
        if count == 1:
            packs[1] = network.prepare(layout, references, texts)
            continue
        dropped = [network.text_embedding(sample.tokens, sample.frames, dropped=True) for sample in samples]
        nothing = [reference[:0] for reference in references]
        packs[2] = network.prepare(layout, [*references, *nothing], [*texts, *dropped])
    drawn = torch.cat([noise(sample.seed, sample.frames, network.mel_channels) for sample in samples])
    if device.type == "cuda":
        drawn = drawn.pin_memory()
    return PreparedDraw(packs=packs, noise=drawn.to(device, non_blocking=True))


@torch.inference_mode()
def draw(
    network: Network,
    samples: Sequence[SamplerInput],
    schedule: Schedule,
    guidance: Guidance,
    *,
    budget: Budget | None,
    between_steps: Callable[[], None] | None = None,
    prepared: PreparedDraw | None = None,
) -> list[Tensor]:
    """One mel (frames - reference frames, mel) float32 for each sample: the speech without the reference.

    `between_steps` is called after each step but the last, when the device has at most one step still to do.
    """
    if prepared is None:
        prepared = prepare(network, samples, guidance.halves_in(schedule), budget=budget)
    plan = StepPlan(
        table=schedule.table,
        deltas=schedule.deltas,
        guided=guidance.guides(schedule),
        strength=guidance.strength,
    )
    pace = _Pace(network.device)
    with network.steps(prepared, plan) as steps:
        for step in range(len(plan.deltas)):
            steps.advance(step)
            if between_steps is not None and step + 1 < len(plan.deltas):
                pace.keep()
                between_steps()
        state = steps.conditioned()
        bounds = next(iter(prepared.layouts.values())).bounds[: len(samples)]
        return [
            state[start + len(sample.reference) : end].clone()
            for (start, end), sample in zip(bounds, samples, strict=True)
        ]


class _Pace:
    """Lets the device run one step ahead of Python and no more, so that what comes between steps does not queue."""

    def __init__(self, device: torch.device) -> None:
        self._previous: torch.cuda.Event | None = None
        self._on_cuda = device.type == "cuda"

    def keep(self) -> None:
        """Wait for the step before the one just launched."""
        if not self._on_cuda:
            return
        if self._previous is not None:
            self._previous.synchronize()
        self._previous = torch.cuda.Event()  # type: ignore[no-untyped-call]
        self._previous.record()

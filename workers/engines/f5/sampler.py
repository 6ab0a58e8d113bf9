"""From noise to mel: Euler's method over a pack, with classifier-free guidance.

Same result as `f5_tts.model.CFM.sample` for each utterance alone with the same noise (relative L2 under 1e-5 in
float32), without its trajectory and without its shared random generator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.f5.network import Modulation, Network
from workers.engines.f5.packing import Budget, lay_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The times of the steps and what the network makes of them."""

    times: tuple[float, ...]
    """NFE + 1 values from 0 to 1, as float32 gives them."""
    table: Sequence[Modulation]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """How strongly the text pulls: velocity = conditioned + strength x (conditioned - unconditioned)."""

    strength: float

    @property
    def halves(self) -> int:
        """1 without guidance, as upstream decides it."""
        return 1 if self.strength < 1e-5 else 2


def times_of(
    nfe: int, *, empirical: bool, sway: float | None, get_epss_timesteps: Callable[..., Tensor]
) -> Tensor:
    """float32 (nfe + 1,): EPSS where upstream has a table for this NFE, else even steps; then swayed."""
    if empirical:
        times = get_epss_timesteps(nfe, device=torch.device("cpu"), dtype=torch.float32)
    else:
        times = torch.linspace(0, 1, nfe + 1, dtype=torch.float32)
    if sway is not None:
        times = times + sway * (torch.cos(torch.pi / 2 * times) - 1 + times)
    return times


def noise(seed: int, frames: int, mel_channels: int) -> Tensor:
    """float32 (frames, mel) on the CPU, from this utterance's own generator."""
    return torch.randn(frames, mel_channels, generator=torch.Generator().manual_seed(seed))


@torch.inference_mode()
def draw(
    network: Network,
    samples: Sequence[SamplerInput],
    schedule: Schedule,
    guidance: Guidance,
    *,
    budget: Budget | None,
    between_steps: Callable[[], None] | None = None,
) -> list[Tensor]:
    """One mel (frames - reference frames, mel) float32 for each sample: the speech without the reference.

    `between_steps` is called after each step but the last, when the device has at most one step still to do.
    """
    halves = guidance.halves
    frames = [sample.frames for sample in samples]
    layout = lay_out(frames, halves=halves, budget=budget)
    references, texts = [], []
    for half in range(halves):
        for sample in samples:
            texts.append(network.text_embedding(sample.tokens, sample.frames, dropped=half == 1))
            references.append(sample.reference if half == 0 else sample.reference[:0])
    prepared = network.prepare(layout, [reference.to(network.device) for reference in references], texts)
    used = sum(frames)
    # the state's rows are the pack's, fill included: one shape a budget
    state = torch.zeros(layout.rows, network.mel_channels)
    drawn = torch.cat([noise(sample.seed, sample.frames, network.mel_channels) for sample in samples])
    for half in range(halves):
        state[half * used : (half + 1) * used] = drawn
    state = state.to(network.device)
    pace = _Pace(network.device)
    for step, (now, then) in enumerate(zip(schedule.times[:-1], schedule.times[1:], strict=True)):
        velocity = network.velocity(state, prepared, schedule.table[step])
        if halves == 2:
            conditioned, unconditioned = velocity[:used], velocity[used : 2 * used]
            guided = conditioned + (conditioned - unconditioned) * guidance.strength
            state[:used].add_(guided, alpha=then - now)
            state[used : 2 * used] = state[:used]
        else:
            state.add_(velocity, alpha=then - now)
        if between_steps is not None and step + 2 < len(schedule.times):
            pace.keep()
            between_steps()
    bounds = layout.bounds[: len(samples)]
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

"""A table over NFE and frame budgets, both sides in one process: one load, one admission."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch

from benchmarks.f5.material import spoken_s
from benchmarks.f5.measuring import EnergyMeter, clock, device_s, launch_s, peak_gib
from benchmarks.f5.ours import Ours
from benchmarks.f5.sound import sha
from benchmarks.f5.upstream import Theirs
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import SamplerInput

MOST_OF_UPSTREAM = 3
"""Utterances of a pack that upstream speaks in each round: it takes them one by one, so that a few are enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One NFE in one budget."""

    nfe: int
    budget_frames: int
    """0: every utterance alone, at its own length."""
    clips: int
    fill: float
    """Share of the budget's frames that hold something."""
    spoken_s: float
    """Speech that one round makes, without references."""
    engine_s: float
    """The best round."""
    upstream_s: float
    """Of the best round, carried from the utterances that it spoke to all of them by their seconds of speech."""
    audio_s_per_s: float
    audio_s_per_s_upstream: float
    ratio_to_upstream: float
    step_ms: float | None
    """Of the device's clock; null on the CPU, as are the next two."""
    launch_ms: float | None
    """Python's time to launch one step on an empty queue."""
    python_share: float | None
    """launch_ms / step_ms; over 1, Python is the slower of the two."""
    idle_share: float | None
    """Share of a pack's wall clock in which none of its steps runs: what comes before the first and after the last."""
    engine_tflops: float
    joules_per_audio_s: float | None
    """The whole card's, over all rounds of the engine; null where NVML has no counter."""
    peak_vram_gib: float | None
    """Of this engine's tensors, nothing of upstream's among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be spoken in a cell."""

    budget: Budget | None
    members: Sequence[SamplerInput]

    @property
    def frames(self) -> int:
        """Of references and speech."""
        return sum(sample.frames for sample in self.members)


def speak(ours: Ours, load: Load, nfe: int) -> None:
    """One round of this engine."""
    if load.budget is not None:
        ours.waves(load.members, nfe, load.budget)
        return
    for sample in load.members:
        ours.waves([sample], nfe, None)


def peaks(ours: Ours, loads: Sequence[Load], nfe: int) -> list[float | None]:
    """GiB of this engine for each load; to be asked before upstream is loaded. Warms up, too."""
    return [peak_gib(ours.device, partial(speak, ours, load, nfe)) for load in loads]


def table(
    ours: Ours,
    theirs: Theirs,
    loads: Sequence[Load],
    nfes: Sequence[int],
    *,
    rounds: int,
    gib: Sequence[float | None],
    enough: Callable[[], bool] = lambda: False,
) -> Iterator[Cell]:
    """Cells as they are measured; ends early when `enough()`."""
    meter = EnergyMeter(ours.device)
    for nfe in nfes:
        upstream_rate = None
        for load, peak in zip(loads, gib, strict=True):
            if enough():
                return
            cell = _cell(ours, theirs, load, nfe, rounds, meter, peak, upstream_rate)
            upstream_rate = cell.audio_s_per_s_upstream
            yield cell


def _cell(
    ours: Ours,
    theirs: Theirs,
    load: Load,
    nfe: int,
    rounds: int,
    meter: EnergyMeter,
    peak: float | None,
    upstream_rate: float | None,
) -> Cell:
    """Rounds of both sides in turn, the best of each, so that a busy machine is fair to both.

    `upstream_rate`: upstream's seconds of speech a second at this NFE, where they were measured: it knows no budgets.
    """
    few = load.members[:MOST_OF_UPSTREAM]
    device, audio_s = ours.device, spoken_s(load.members)
    ours_s, theirs_s, joules = [], [], []
    speak(ours, load, nfe)
    if upstream_rate is None:
        theirs.wave(few[0], nfe)
    for _ in range(rounds):
        before = meter.joules()
        ours_s.append(clock(device, partial(speak, ours, load, nfe)))
        after = meter.joules()
        if before is not None and after is not None:
            joules.append(after - before)
        if upstream_rate is None:
            theirs_s.append(clock(device, lambda: [theirs.wave(sample, nfe) for sample in few]))
    engine_s = min(ours_s)
    upstream_s = (
        audio_s / upstream_rate if upstream_rate is not None else min(theirs_s) * audio_s / spoken_s(few)
    )
    step_s, launched_s = _step(ours, load)
    return Cell(
        nfe=nfe,
        budget_frames=load.budget.frames if load.budget else 0,
        clips=len(load.members),
        fill=round(load.frames / load.budget.frames, 4) if load.budget else 1.0,
        spoken_s=round(audio_s, 3),
        engine_s=round(engine_s, 4),
        upstream_s=round(upstream_s, 4),
        audio_s_per_s=round(audio_s / engine_s, 3),
        audio_s_per_s_upstream=round(audio_s / upstream_s, 3),
        ratio_to_upstream=round(upstream_s / engine_s, 3),
        step_ms=None if step_s is None else round(1000 * step_s, 3),
        launch_ms=None if launched_s is None else round(1000 * launched_s, 3),
        python_share=None if step_s is None or launched_s is None else round(launched_s / step_s, 3),
        idle_share=None if step_s is None else round(max(0.0, 1 - nfe * step_s / engine_s), 4),
        engine_tflops=round(ours.operations(load.members, nfe) / engine_s / 1e12, 4),
        joules_per_audio_s=round(sum(joules) / len(joules) / audio_s, 3) if joules else None,
        peak_vram_gib=None if peak is None else round(peak, 3),
    )


@torch.inference_mode()
def _step(ours: Ours, load: Load) -> tuple[float | None, float | None]:
    """Seconds of one step on the device, and of launching it."""
    if ours.device.type != "cuda":
        return None, None
    with ours.step(load.members, load.budget) as step:
        step()
        return device_s(ours.device, step, times=4), launch_s(ours.device, step, times=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactness:
    """What equal bits cost: a pack filled up to its budget, beside the same utterances in rows of their own."""

    filled_s: float
    own_rows_s: float

    @property
    def cost(self) -> float:
        """Share of the time that the fill and the fixed shapes take."""
        return round(self.filled_s / self.own_rows_s - 1, 4)


def exactness(eager: Ours, load: Load, nfe: int) -> Exactness | None:
    """Both in eager mode, in which no shape is compiled; None where utterances run alone anyway."""
    if load.budget is None:
        return None
    filled, own = (
        min(
            clock(eager.device, lambda budget=budget: eager.mels(load.members, nfe, budget))  # type: ignore[misc]
            for _ in range(3)
        )
        for budget in (load.budget, None)
    )
    return Exactness(filled_s=filled, own_rows_s=own)


def same_bits(ours: Ours, loads: Sequence[Load], nfe: int) -> bool:
    """Whether every utterance has one sound: in its pack, in the pack turned round, and alone in the same budget."""
    for load in loads:
        if load.budget is None:
            first, again = ([sha(ours.waves([one], nfe, None)[0]) for one in load.members] for _ in range(2))
            if first != again:
                return False
            continue
        members = list(load.members)
        together = [sha(wave) for wave in ours.waves(members, nfe, load.budget)]
        turned = [sha(wave) for wave in ours.waves(members[::-1], nfe, load.budget)]
        alone = [sha(ours.waves([one], nfe, load.budget)[0]) for one in members[:4]]
        if together != turned[::-1] or together[: len(alone)] != alone:
            return False
    return True

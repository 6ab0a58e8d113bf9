"""Milliseconds a step, the table, what the host does between packs, where the time goes, and the first sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

import torch

from benchmarks.f5.material import spoken_s
from benchmarks.f5.measuring import clock, device_s, launch_s, median_s, synchronise
from benchmarks.f5.ours import Ours, most_that_fit
from benchmarks.f5.throughput import Load, exactness, peaks
from benchmarks.f5.throughput import table as cells
from benchmarks.f5.upstream import Theirs
from benchmarks.gpu.bench import Bench
from workers.engines.f5.device import Mode
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import noise

NFES = (32, 16, 7)
SMALLEST_OF_BULK_FRAMES = 4096
TOP_KERNELS = 16


def load_of(bench: Bench, budget: Budget) -> Load:
    """A budget filled with clips; with one preview where no clip fits."""
    [clip] = bench.samples(1)
    count = most_that_fit(budget, clip)
    if count:
        return Load(budget=budget, members=bench.samples(count))
    [preview] = bench.samples(1, clip_s=bench.preview_s)
    return Load(budget=budget, members=[preview] if most_that_fit(budget, preview) else [])


def bulk_of(bench: Bench, ours: Ours) -> list[Load]:
    """A load for each budget that bulk uses, the largest first."""
    smallest = SMALLEST_OF_BULK_FRAMES if bench.on_cuda else 0
    budgets = [budget for budget in ours.budgets if budget.frames >= smallest]
    return [load for budget in reversed(budgets) if (load := load_of(bench, budget)).members]


@torch.inference_mode()
def step(bench: Bench, mode: str) -> None:
    """One step of each budget: on the device's clock (the wall's on a CPU), to launch, and out of two whole draws."""
    if not bench.usable(mode):
        return
    ours = bench.ours(mode)
    for budget in ours.budgets:
        load = load_of(bench, budget)
        if not load.members:
            continue
        with ours.step(load.members, budget) as one:
            one()
            on_device = device_s(ours.device, one)
            took = median_s(ours.device, one) if on_device is None else on_device
            launched = launch_s(ours.device, one)
        long, short = (
            median_s(ours.device, partial(ours.mels, load.members, nfe, budget), times=3) for nfe in (12, 4)
        )
        bench.tell(
            "step",
            {
                "mode": mode,
                "budget": budget.frames,
                "clips": len(load.members),
                "fill": round(load.frames / budget.frames, 3),
                "step_ms": round(1000 * took, 3),
                "drawn_step_ms": round(1000 * (long - short) / 8, 3),
                "launch_ms": None if launched is None else round(1000 * launched, 3),
                "tflops": round(ours.operations(load.members, 1) / took / 1e12, 3),
            },
        )


def table(bench: Bench, mode: str) -> None:
    """Audio seconds a second over NFE and budgets beside upstream's loop; what exactness costs."""
    if not bench.usable(mode):
        return
    ours = bench.ours(mode)
    loads = bulk_of(bench, ours)
    nfes = NFES[-1:] if bench.quick else NFES
    gib = peaks(ours, loads, nfes[-1])
    theirs = Theirs(bench.folder(), ours.device, torch.float16 if bench.on_cuda else torch.float32)
    rounds = 2 if bench.on_cuda else 1
    for cell in cells(ours, theirs, loads, nfes, rounds=rounds, gib=gib, enough=lambda: bench.left_s() < 10):
        bench.tell("cell", {"mode": mode, **asdict(cell)})
    if ours.mode is Mode.EAGER and (cost := exactness(ours, loads[0], nfes[-1])):
        bench.tell("exactness", {**asdict(cost), "cost": cost.cost})


@torch.inference_mode()
def host(bench: Bench) -> None:
    """What is done for a pack before its first step and after its last, while the device waits."""
    ours = bench.ours("eager")
    [load, *_] = bulk_of(bench, ours)
    assert load.budget is not None
    network, device, members = ours.device_model.network, ours.device, load.members

    def texts() -> object:
        return [
            network.text_embedding(sample.tokens, sample.frames, dropped=dropped)
            for dropped in (False, True)
            for sample in members
        ]

    mels = [torch.randn(sample.frames - len(sample.reference), 100, device=device) for sample in members]
    budget = load.budget
    launched = launch_s(device, texts, times=1)
    bench.tell(
        "pack",
        {
            "budget": budget.frames,
            "clips": len(members),
            "spoken_s": round(spoken_s(members), 2),
            "noise_ms": _ms(clock(device, lambda: [noise(one.seed, one.frames, 100) for one in members])),
            "texts_ms": _ms(median_s(device, texts, times=3)),
            "texts_launch_ms": None if launched is None else _ms(launched),
            "all_before_ms": _ms(median_s(device, lambda: ours.prepared(members, budget), times=3)),
            "vocoder_ms": _ms(median_s(device, lambda: ours.decode(mels, budget), times=3)),
        },
    )


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 2)


@torch.inference_mode()
def profile(bench: Bench) -> None:
    """The kernels of a step that take the time: in eager, in the fastest mode, and of one clip in upstream's loop."""
    for mode in dict.fromkeys((Mode.EAGER, bench.best_mode())):
        ours = bench.ours(mode)
        [load, *_] = bulk_of(bench, ours)
        with ours.step(load.members, load.budget) as one:
            one()
            _tell_kernels(bench, mode, load.budget.frames if load.budget else 0, one, steps=1)
    nfe = 4
    theirs = Theirs(bench.folder(), bench.torch_device, torch.float16 if bench.on_cuda else torch.float32)
    [clip] = bench.samples(1)
    theirs.mel(clip, nfe)
    _tell_kernels(bench, "upstream, one clip", clip.frames, partial(theirs.mel, clip, nfe), steps=nfe)


def _tell_kernels(bench: Bench, mode: str, frames: int, work: Callable[[], object], *, steps: int) -> None:
    """`work` is done once, in so many steps; its wall clock is taken without the profiler."""
    from torch.profiler import ProfilerActivity
    from torch.profiler import profile as profiled

    wall = median_s(bench.torch_device, work, times=3)
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if bench.on_cuda else [])]
    with profiled(activities=activities) as seen:
        work()
        synchronise(bench.torch_device)
    clock_name = "self_device_time_total" if bench.on_cuda else "self_cpu_time_total"
    wanted = "CUDA" if bench.on_cuda else "CPU"  # operators carry their kernels' time, too
    events = [
        event
        for event in seen.key_averages()
        if event.device_type.name == wanted and getattr(event, clock_name) > 0
    ]
    total = sum(getattr(event, clock_name) for event in events)
    events.sort(key=lambda event: -getattr(event, clock_name))
    bench.tell(
        "kernels",
        {
            "mode": mode,
            "budget": frames,
            "kernels_a_step": sum(event.count for event in events) / steps,
            "busy_ms_a_step": round(total / 1000 / steps, 3),
            "wall_ms_a_step": round(1000 * wall / steps, 3),
            "top": [
                [event.key[:90], event.count / steps, round(getattr(event, clock_name) / total, 4)]
                for event in events[:TOP_KERNELS]
            ],
        },
    )


def ttfa(bench: Bench, mode: str) -> None:
    """A preview alone, and asked for while a bulk pack of each size is between its steps: the whole wait."""
    if not bench.usable(mode):
        return
    ours = bench.ours(mode)
    [preview] = bench.samples(1, clip_s=bench.preview_s, seed=9)
    budget = next(budget for budget in ours.budgets if most_that_fit(budget, preview))
    for nfe in NFES[:2] if bench.on_cuda else NFES[-1:]:
        speak = partial(ours.waves, [preview], nfe, budget)
        idle = median_s(ours.device, speak)
        bench.tell("idle", {"mode": mode, "nfe": nfe, "budget": budget.frames, "ms": round(1000 * idle, 1)})
        for load in bulk_of(bench, ours):
            if bench.left_s() < 5:
                return
            waits: list[float] = []
            steps: list[None] = []

            def between(
                speak: partial[list[torch.Tensor]] = speak,
                waits: list[float] = waits,
                steps: list[None] = steps,
            ) -> None:
                steps.append(None)
                if len(steps) % 3 == 2:  # asked for just after a step was launched: the longest wait
                    waits.append(clock(ours.device, speak))

            ours.waves(load.members, nfe, load.budget, between_steps=between)
            bench.tell(
                "in bulk",
                {
                    "mode": mode,
                    "nfe": nfe,
                    "bulk_budget": load.budget.frames if load.budget else 0,
                    "worst_ms": round(1000 * max(waits), 1),
                    "ms": [round(1000 * wait, 1) for wait in waits],
                },
            )

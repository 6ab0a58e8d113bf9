"""Upstream's F5-TTS and this engine side by side in one process, on the same weights, tokens, lengths and noise.

    python -m benchmarks.f5_throughput --device cpu --model tiny         # half a minute: a smoke test
    python -m benchmarks.f5_throughput --device cuda --model full        # 6 s of reference + 10 s clips, NFE 32, 16, 7

Weights are random and of the true format (speed does not depend on values), or `--model FOLDER`. Upstream is its
single path, `CFM.sample` and `Vocos.decode` for one utterance after another, as `F5TTS.infer` does it, in float32 on
the CPU and float16 on a GPU; both sides' mels are compared with upstream's in float32. A table over NFE and frame
budgets, then one JSON line: its numbers of speed are those of the fastest cell of the first NFE. `benchmarks.gpu` is
the whole measurement of a card.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import torch

from benchmarks.f5.material import make_samples, weights_folder
from benchmarks.f5.measuring import allocated_gib, clock, matmul_rate, median_s, peak_gib, rounded
from benchmarks.f5.ours import Ours, most_that_fit
from benchmarks.f5.restart import Probe, sha_elsewhere
from benchmarks.f5.sound import probe_sha, relative_l2
from benchmarks.f5.throughput import Cell, Load, exactness, peaks, same_bits, table
from benchmarks.f5.upstream import Theirs, exact_float32
from tests.unit.workers.engines.f5.checkpoint import SIZES
from workers.engines.f5.device import DeviceChoice, Mode
from workers.engines.f5.sampler import SamplerInput
from workers.engines.options import PRECISIONS

PREVIEW_S = 2.0
RESTART_LIMIT_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured, unless an option says otherwise."""

    nfes: str
    reference_s: float
    lengths_s: str
    utterances: int
    rounds: int


PLANS = {
    "tiny": Plan(nfes="4", reference_s=0.8, lengths_s="1", utterances=3, rounds=2),
    "": Plan(nfes="32,16,7", reference_s=6.0, lengths_s="10", utterances=64, rounds=3),
}


def say(what: str) -> None:
    """Progress, on stderr."""
    print(f"f5_throughput: {what}", file=sys.stderr, flush=True)


def loads_of(ours: Ours, samples: Sequence[SamplerInput]) -> list[Load]:
    """A pack of each admitted budget, as full as the samples make it; one load of all where nothing is packed."""
    if not ours.budgets:
        return [Load(budget=None, members=samples)]
    loads = []
    for budget in ours.budgets:
        members: list[SamplerInput] = []
        for sample in samples:
            room = budget.frames - sum(member.frames for member in members)
            if sample.frames <= room and len(members) < budget.utterances:
                members.append(sample)
        if members:
            loads.append(Load(budget=budget, members=members))
    return loads


@torch.inference_mode()
def distances(ours: Ours, folder: Path, theirs: Theirs, load: Load, nfe: int, half: bool) -> dict[str, Any]:
    """The worst relative L2 of a mel: engine to upstream in float32, upstream's own precision to it, engine to that."""
    few = list(load.members[:4])
    mels = (
        ours.mels(few, nfe, load.budget) if load.budget else [ours.mels([one], nfe, None)[0] for one in few]
    )
    own = [theirs.mel(one, nfe) for one in few]
    truth = own
    if half:
        with exact_float32():
            exact = Theirs(folder, ours.device, torch.float32)
            truth = [exact.mel(one, nfe) for one in few]
    return {
        "max_relative_l2": max(map(relative_l2, mels, truth)),
        "max_relative_l2_upstream": max(map(relative_l2, own, truth)),
        "max_relative_l2_to_upstream_as_it_runs": max(map(relative_l2, mels, own)),
    }


@torch.inference_mode()
def first_audio(ours: Ours, reference_s: float, load: Load, nfe: int) -> dict[str, Any]:
    """Milliseconds to the first sound of a 2 s preview: idle, and asked for while a bulk pack is between its steps."""
    [preview] = make_samples(reference_s=reference_s, lengths_s=[PREVIEW_S], utterances=1, seed=9)
    fitting = [budget for budget in ours.budgets if most_that_fit(budget, preview)]
    if ours.budgets and not fitting:
        return {"ttfa_idle_ms": None, "ttfa_in_bulk_ms": None}
    budget = fitting[0] if fitting else None
    idle_s = median_s(ours.device, lambda: ours.waves([preview], nfe, budget), times=3)
    waits: list[float] = []

    def between() -> None:
        if not waits:
            waits.append(clock(ours.device, lambda: ours.waves([preview], nfe, budget)))

    bulk = load.members if load.budget else load.members[:1]
    ours.waves(bulk, nfe, load.budget, between_steps=between)
    return {
        "ttfa_idle_ms": round(1000 * idle_s, 1),
        "ttfa_in_bulk_ms": round(1000 * waits[0], 1) if waits else None,
    }


def restarted(ours: Ours, folder: Path, choice: DeviceChoice) -> bool:
    """Whether another process gives the probe the same bits."""
    budget = ours.budgets[-1] if ours.budgets else None
    probe = Probe(
        folder=folder,
        device=choice.device,
        mode=ours.mode,
        precision=choice.precision or "",
        budget_frames=budget.frames if budget else 0,
        threads=choice.threads or 0,
    )
    return sha_elsewhere(probe, limit_s=RESTART_LIMIT_S) == probe_sha(ours, budget)


def eager_side(ours: Ours, folder: Path, choice: DeviceChoice) -> Ours:
    """The same weights in eager mode: itself where it is."""
    if ours.mode is Mode.EAGER:
        return ours
    return Ours(
        folder,
        DeviceChoice(
            device=choice.device,
            mode=Mode.EAGER,
            precision=choice.precision,
            budgets_frames=choice.budgets_frames,
        ),
    )


def measure(
    folder: Path,
    choice: DeviceChoice,
    nfes: Sequence[int],
    samples: Sequence[SamplerInput],
    rounds: int,
    reference_s: float,
) -> dict[str, Any]:
    """All of it; what is measured before upstream is loaded comes first."""
    say("loading and admitting this engine")
    ours = Ours(folder, choice)
    ours.admit()
    loads = loads_of(ours, samples)
    gib = peaks(ours, loads, nfes[-1])
    say("bits in packs, turned round and alone")
    exact_bits = same_bits(ours, loads, nfes[-1])
    half = choice.on_cuda and choice.precision != "float32"
    say("loading upstream")
    before = allocated_gib(ours.device)
    theirs = Theirs(folder, ours.device, torch.float16 if half else torch.float32)
    peak = peak_gib(ours.device, lambda: theirs.wave(samples[0], nfes[-1]))
    cells: list[Cell] = []
    for cell in table(ours, theirs, loads, nfes, rounds=rounds, gib=gib):
        cells.append(cell)
        say(
            f"NFE {cell.nfe}, {_named(cell)}: {cell.audio_s_per_s} audio-s/s, {cell.ratio_to_upstream}x upstream"
        )
    best = max((cell for cell in cells if cell.nfe == nfes[0]), key=lambda cell: cell.audio_s_per_s)
    widest = next(load for load in loads if (load.budget.frames if load.budget else 0) == best.budget_frames)
    say("distances, exactness, first sound, restart")
    rate = matmul_rate(ours.device, ours.device_model.dtype, 8192 if choice.on_cuda else 1024)
    cost = exactness(eager_side(ours, folder, choice), widest, nfes[-1])
    return {
        "benchmark": "f5_throughput",
        "device": torch.cuda.get_device_name() if choice.on_cuda else f"{platform.machine()} CPU",
        "numeric_class": ours.numeric_class,
        "load_s": rounded(ours.load_s, 2),
        "admission_s": rounded(ours.admission_s, 2),
        "budgets_frames": [budget.frames for budget in ours.budgets],
        "budgets_refused": ours.refused,
        **asdict(best),
        "rtf": round(best.engine_s / best.spoken_s, 5),
        "rtf_upstream": round(best.upstream_s / best.spoken_s, 5),
        **distances(ours, folder, theirs, widest, nfes[0], half),
        "bit_exact": exact_bits,
        "same_after_restart": restarted(ours, folder, choice),
        "bit_exactness_cost": None if cost is None else cost.cost,
        "matmul_tflops": round(rate / 1e12, 3),
        "share_of_matmul_rate": round(best.engine_tflops * 1e12 / rate, 3),
        "padding_share": round(1 - best.fill, 4),
        "peak_vram_gib_upstream": None if peak is None else round(peak - before, 3),
        **first_audio(ours, reference_s, widest, nfes[-1]),
        "cells": [asdict(cell) for cell in cells],
    }


def _named(cell: Cell) -> str:
    return f"budget {cell.budget_frames}" if cell.budget_frames else "each alone"


COLUMNS = (
    "nfe",
    "budget_frames",
    "clips",
    "fill",
    "audio_s_per_s",
    "audio_s_per_s_upstream",
    "ratio_to_upstream",
)
DEVICE_COLUMNS = ("step_ms", "launch_ms", "python_share", "idle_share", "joules_per_audio_s", "peak_vram_gib")


def print_table(facts: dict[str, Any]) -> None:
    """For people."""
    columns = (*COLUMNS, *(DEVICE_COLUMNS if facts["step_ms"] is not None else ()))
    print("  ".join(columns))
    for cell in facts["cells"]:
        print("  ".join(f"{'-' if cell[name] is None else cell[name]!s:>{len(name)}}" for name in columns))
    for name, value in facts.items():
        if name not in ("cells", *COLUMNS):
            print(f"{name:>40}  {'-' if value is None else value}")


@click.command()
@click.option("--device", default="cpu", show_default=True)
@click.option(
    "--model", default="tiny", show_default=True, help=f"{', '.join(SIZES)} or a folder of weights."
)
@click.option("--nfe", help="Steps, comma-separated; the first is the one that the JSON line's speed is of.")
@click.option("--reference-s", type=float)
@click.option("--lengths-s", help="Lengths of the clips, taken in turn: 1,3,10,25.")
@click.option("--utterances", type=int, help="As many as fit are put into each budget.")
@click.option(
    "--budgets", default="", help="Frames, comma-separated; empty is the device's own, 0 is each alone."
)
@click.option("--rounds", type=int)
@click.option("--seed", default=1, show_default=True)
@click.option("--precision", type=click.Choice(PRECISIONS), help="Default: the device's own.")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="Default: the device's own.")
@click.option("--max-vram-gib", type=float)
@click.option("--json", "target", type=click.Path(path_type=Path), help="Also write the JSON here.")
def main(
    device: str,
    model: str,
    nfe: str | None,
    reference_s: float | None,
    lengths_s: str | None,
    utterances: int | None,
    budgets: str,
    rounds: int | None,
    seed: int,
    precision: str | None,
    mode: str | None,
    max_vram_gib: float | None,
    target: Path | None,
) -> None:
    """Measure; the last line is JSON."""
    plan = PLANS.get(model, PLANS[""])
    nfes = [int(steps) for steps in (nfe or plan.nfes).split(",")]
    lengths = lengths_s or plan.lengths_s
    reference = plan.reference_s if reference_s is None else reference_s
    choice = DeviceChoice(
        device=device,
        budgets_frames=None if not budgets else tuple(int(size) for size in budgets.split(",") if int(size)),
        precision=precision,
        mode=None if mode is None else Mode(mode),
        max_vram_gib=max_vram_gib,
        threads=2 if device == "cpu" else None,
    )
    samples = make_samples(
        reference_s=reference,
        lengths_s=[float(length) for length in lengths.split(",")],
        utterances=utterances or plan.utterances,
        seed=seed,
    )
    with tempfile.TemporaryDirectory() as scratch:
        say(f"weights: {model}")
        folder = weights_folder(model, Path(scratch))
        facts = measure(folder, choice, nfes, samples, rounds or plan.rounds, reference)
    facts |= {"model": model, "reference_s": reference, "lengths_s": lengths, "utterances": len(samples)}
    print_table(facts)
    line = json.dumps(facts)
    if target is not None:
        target.write_text(line + "\n")
    print(line)


if __name__ == "__main__":
    main()

"""Distances from upstream in float32, admission, and equal bits: everywhere in a pack and in another process."""

from __future__ import annotations

import torch
from torch import Tensor

from benchmarks.f5.material import sample_of
from benchmarks.f5.ours import SMALL_BUDGETS_FRAMES, Ours
from benchmarks.f5.restart import Probe, sha_elsewhere
from benchmarks.f5.sound import bits_everywhere, one_sha, probe_sha, relative_l2
from benchmarks.f5.upstream import Theirs, exact_float32
from benchmarks.gpu.bench import REFUSED, Bench
from workers.engines.engine import EngineError
from workers.engines.f5.device import DeviceChoice, Mode
from workers.engines.f5.packing import Budget
from workers.engines.options import PRECISIONS

LENGTHS = (331, 700, 1024)
SMALL_LENGTHS = (90, 131, 200)
NFES = (7, 16, 32)


def equality(bench: Bench) -> None:
    """Against upstream with the same noise: float32 at every NFE, packed and alone; then the half types."""
    folder = bench.folder(bench.small_model)
    lengths = LENGTHS if bench.on_cuda and not bench.quick else SMALL_LENGTHS
    samples = [sample_of(frames, number=number) for number, frames in enumerate(lengths)]
    budget = Budget(frames=max(512, 1 << (sum(lengths) - 1).bit_length()))
    nfes = NFES if bench.on_cuda else NFES[::-1]  # half types are slow on a CPU: the last NFE is theirs
    nfe, truth = nfes[-1], list[Tensor]()
    ours = _eager(bench, "float32", budget)
    with exact_float32():
        theirs = Theirs(folder, bench.torch_device, torch.float32)
        for nfe in nfes:
            truth = [theirs.mel(sample, nfe) for sample in samples]
            packed = ours.mels(samples, nfe, budget)
            alone = [ours.mels([sample], nfe, None)[0] for sample in samples]
            bench.tell(
                "float32",
                {"nfe": nfe, "packed": _worst(packed, truth), "alone": _worst(alone, truth)},
            )
    for precision in PRECISIONS:
        if precision == "float32":
            continue
        mels = _eager(bench, precision, budget).mels(samples, nfe, budget)
        bench.tell(precision, {"nfe": nfe, "packed": _worst(mels, truth)})
    if bench.on_cuda:
        own = Theirs(folder, bench.torch_device, torch.float16)
        mels = [own.mel(sample, nfe) for sample in samples]
        bench.tell("upstream float16", {"nfe": nfe, "alone": _worst(mels, truth)})


def _eager(bench: Bench, precision: str, budget: Budget) -> Ours:
    choice = DeviceChoice(
        device=bench.device,
        mode=Mode.EAGER,
        precision=precision,
        budgets_frames=(budget.frames,),
        threads=None if bench.on_cuda else 1,
    )
    return Ours(bench.folder(bench.small_model), choice)


def _worst(found: list[Tensor], truth: list[Tensor]) -> float:
    return max(map(relative_l2, found, truth))


def admission(bench: Bench, mode: str) -> None:
    """What a worker does at warm-up: seconds, refused budgets; then the probe at every place of each admitted one."""
    if bench.on_cuda:
        torch.cuda.reset_peak_memory_stats()
    try:
        ours = bench.ours(mode)
        ours.admit()
    except EngineError as problem:
        bench.tell(REFUSED, {"problem": str(problem)[:500]})
        return
    if ours.mode != mode:
        bench.tell(REFUSED, {"problem": f"the engine went on in {ours.mode}; the log says why"})
        return
    bench.tell(
        "warm",
        {
            "mode": mode,
            "load_s": round(ours.load_s, 2),
            "admit_s": round(ours.admission_s or 0.0, 2),
            "admitted": [budget.frames for budget in ours.budgets],
            "refused": ours.refused,
            "refusals": len(ours.refused),
            "peak_gib": round(torch.cuda.max_memory_allocated() / 2**30, 2) if bench.on_cuda else None,
            "numeric_class": ours.numeric_class,
        },
    )
    everything: set[str] = set()
    for budget in ours.budgets:
        found = bits_everywhere(ours, budget, long_frames=3000 if bench.on_cuda else 400)
        everything |= {sha for shas in found.values() for sha in shas}
        same = one_sha(found)
        bench.tell("bits", {"mode": mode, "budget": budget.frames, "same": same, **({} if same else found)})
    bench.tell("bits of all", {"mode": mode, "same": len(everything) == 1, "sha": sorted(everything)})


def restart(bench: Bench) -> None:
    """The probe in another process, with what it compiled for itself."""
    mode = bench.best_mode()
    budget = Budget(frames=4096 if bench.on_cuda else SMALL_BUDGETS_FRAMES[0])
    here = probe_sha(bench.ours(mode), budget)
    probe = Probe(
        folder=bench.folder(),
        device=bench.device,
        mode=mode,
        budget_frames=budget.frames,
        threads=0 if bench.on_cuda else 1,
    )
    there = sha_elsewhere(probe, limit_s=max(5.0, bench.left_s() - 3))
    bench.tell("restart", {"mode": mode, "same": here == there, "here": here, "there": there})

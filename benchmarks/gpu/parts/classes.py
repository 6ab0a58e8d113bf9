"""The classes of their own, which the gate has to judge: products of eight bits, guidance in part of the steps."""

from __future__ import annotations

from functools import partial

import torch

from benchmarks.f5.material import GUIDANCE, float8_folder, spoken_s
from benchmarks.f5.measuring import median_s
from benchmarks.f5.ours import Ours, budgets_of, most_that_fit
from benchmarks.f5.sound import relative_l2
from benchmarks.gpu.bench import Bench
from workers.engines.f5.device import DeviceChoice
from workers.engines.f5.sampler import Guidance

NFE = 16
BULK_FRAMES = 16384


@torch.inference_mode()
def classes(bench: Bench) -> None:
    """Audio seconds a second at NFE 16 of each, and how far its mel is from whole guidance in the engine's own type."""
    nfe = 4 if bench.quick else NFE
    frames = max(one for one in budgets_of(bench.device) if one <= BULK_FRAMES)
    own = None
    for products, folder in (
        ("own", bench.folder()),
        ("float8", float8_folder(bench.folder(), bench.scratch)),
    ):
        ours = Ours(
            folder,
            DeviceChoice(
                device=bench.device,
                mode=bench.best_mode(),
                budgets_frames=(frames,),
                threads=None if bench.on_cuda else 1,
            ),
        )
        [budget] = ours.budgets
        members = bench.samples(most_that_fit(budget, bench.samples(1)[0]))
        half = Guidance(strength=GUIDANCE.strength, interval=(0.0, ours.schedule(nfe).times[nfe // 2]))
        for guided, guidance in (("all", GUIDANCE), ("the first half", half)):
            mels = ours.mels(members, nfe, budget, guidance=guidance)
            own = own or mels
            took = median_s(
                ours.device, partial(ours.waves, members, nfe, budget, guidance=guidance), times=3
            )
            bench.tell(
                "class",
                {
                    "products": products,
                    "guided": guided,
                    "nfe": nfe,
                    "budget": frames,
                    "audio_s_per_s": round(spoken_s(members) / took, 2),
                    "from_own": max(relative_l2(mel, exact) for mel, exact in zip(mels, own, strict=True)),
                    "numeric_class": ours.numeric_class,
                },
            )
        del ours

"""Upstream's F5-TTS and this engine side by side in one process, on the same weights, tokens, lengths and noise.

    python -m benchmarks.f5_throughput --device cpu --model tiny         # seconds: a smoke test
    python -m benchmarks.f5_throughput --device cuda --model full        # 6 s of reference + 10 s clips, NFE 32

Weights are random and of the true format (speed does not depend on values), or `--model FOLDER`. Upstream is its
single path, `CFM.sample` and `Vocos.decode` for one utterance after another, as `F5TTS.infer` does it, in float32 on
the CPU and float16 on a GPU. A table, then one JSON line.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor

from tests.unit.workers.engines.f5.checkpoint import SIZES, make_checkpoint
from workers.engines.f5.choice import PRECISIONS
from workers.engines.f5.device import DeviceChoice, DeviceModel, Mode, admit
from workers.engines.f5.packing import Budget, pack
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw, times_of
from workers.engines.f5.upstream import load_upstream, without_training
from workers.engines.f5.utterances import to_pcm16
from workers.engines.f5.weights import load, open_folder

FRAMES_PER_S = 24_000 / 256
GUIDANCE = Guidance(strength=2.0)
SWAY = -1.0
PREVIEW_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Both sides, loaded, and what they are to say."""

    device_model: DeviceModel
    cfm: Any
    vocos: Any
    schedule: Schedule
    nfe: int
    samples: Sequence[SamplerInput]
    budgets: Sequence[Budget]

    @property
    def audio_s(self) -> float:
        """Speech that one round makes."""
        return sum(sample.frames - len(sample.reference) for sample in self.samples) / FRAMES_PER_S

    def packs(self) -> list[tuple[Budget | None, list[SamplerInput]]]:
        """The samples as the engine would run them."""
        if not self.budgets:
            return [(None, [sample]) for sample in self.samples]
        packed = pack([sample.frames for sample in self.samples], self.budgets)
        return [(budget, [self.samples[member] for member in members]) for budget, members in packed]


def load_both(folder: Path, choice: DeviceChoice, nfe: int, samples: Sequence[SamplerInput]) -> Bench:
    """The same files twice: as upstream's modules and as this engine's."""
    with without_training(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cfm_class = importlib.import_module("f5_tts.model.cfm").CFM
        vocos_class = importlib.import_module("vocos").Vocos
    opened = open_folder(folder)
    theirs = load(opened)
    device_model = DeviceModel(load(opened), choice)
    admit(device_model)
    half = torch.float16 if choice.on_cuda and device_model.dtype != torch.float32 else torch.float32
    cfm = (
        cfm_class(transformer=theirs.dit, mel_spec_module=theirs.mel_spec)
        .eval()
        .to(device_model.device, half)
    )
    vocos = vocos_class(torch.nn.Identity(), theirs.vocoder_backbone, theirs.vocoder_head).to(
        device_model.device
    )
    times = times_of(nfe, empirical=True, sway=SWAY, get_epss_timesteps=load_upstream().get_epss_timesteps)
    schedule = Schedule(times=tuple(times.tolist()), table=device_model.network.modulation(times[:-1]))
    return Bench(
        device_model=device_model,
        cfm=cfm,
        vocos=vocos,
        schedule=schedule,
        nfe=nfe,
        samples=samples,
        budgets=tuple(device_model.budgets),
    )


def make_samples(
    *, reference_s: float, lengths_s: Sequence[float], utterances: int, seed: int
) -> list[SamplerInput]:
    """Tokens at 12 a second, a reference of noise at the level of a mel."""
    generator = torch.Generator().manual_seed(seed)
    reference = torch.randn(round(reference_s * FRAMES_PER_S), 100, generator=generator) * 2 - 4
    return [
        SamplerInput(
            reference=reference,
            tokens=torch.randint(1, 100, (round(12 * (reference_s + length_s)),), generator=generator),
            frames=len(reference) + round(length_s * FRAMES_PER_S),
            seed=seed * 10_000 + number,
        )
        for number, length_s in ((n, lengths_s[n % len(lengths_s)]) for n in range(utterances))
    ]


def upstream_mel(bench: Bench, sample: SamplerInput) -> Tensor:
    """float32 (frames without the reference, m)."""
    device = bench.device_model.device
    drawn, _ = bench.cfm.sample(
        cond=sample.reference[None].to(device),
        text=sample.tokens[None].to(device),
        duration=sample.frames,
        steps=bench.nfe,
        cfg_strength=GUIDANCE.strength,
        sway_sampling_coef=SWAY,
        seed=sample.seed,
    )
    mel: Tensor = drawn[0, len(sample.reference) :].float()
    return mel


def upstream_wave(bench: Bench, sample: SamplerInput) -> Tensor:
    """What `F5TTS.infer` makes of one chunk."""
    wave: Tensor = bench.vocos.decode(upstream_mel(bench, sample).T[None]).squeeze().cpu()
    return wave


def upstream_waves(bench: Bench, samples: Sequence[SamplerInput]) -> list[Tensor]:
    """One after the other, as `F5TTS.infer` does."""
    return [upstream_wave(bench, sample) for sample in samples]


def our_waves(bench: Bench, budget: Budget | None, samples: Sequence[SamplerInput]) -> list[Tensor]:
    """One pack."""
    return bench.device_model.run(samples, bench.schedule, GUIDANCE, budget=budget)


def clock(device: torch.device, work: Callable[[], object]) -> float:
    """Seconds, the device's queue included."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - start


def compare_speed(bench: Bench, rounds: int) -> dict[str, Any]:
    """Seconds of each side: pack by pack in turn, the best of the rounds of each, so that a busy machine is fair."""
    upstream_s = engine_s = 0.0
    device = bench.device_model.device
    for budget, members in bench.packs():
        theirs, ours = [], []
        for _ in range(rounds):
            theirs.append(clock(device, partial(upstream_waves, bench, members)))
            ours.append(clock(device, partial(our_waves, bench, budget, members)))
        upstream_s += min(theirs)
        engine_s += min(ours)
    return {
        "audio_s": round(bench.audio_s, 2),
        "upstream_s": round(upstream_s, 4),
        "engine_s": round(engine_s, 4),
        "ratio_to_upstream": round(upstream_s / engine_s, 3),
        "rtf": round(engine_s / bench.audio_s, 5),
        "rtf_upstream": round(upstream_s / bench.audio_s, 5),
        "audio_s_per_s": round(bench.audio_s / engine_s, 3),
        "audio_s_per_s_upstream": round(bench.audio_s / upstream_s, 3),
    }


def compare_sound(bench: Bench) -> dict[str, Any]:
    """Distance of the mels from upstream's, and whether each utterance has one sound wherever it stands."""
    worst = 0.0
    whole: dict[int, Tensor] = {}
    for budget, members in bench.packs():
        mels = draw(bench.device_model.network, members, bench.schedule, GUIDANCE, budget=budget)
        for sample, mel in zip(members, mels, strict=True):
            expected = upstream_mel(bench, sample)
            worst = max(worst, float((mel - expected).norm() / expected.norm()))
    exact = True
    for order in (1, -1):
        for budget, members in bench.packs():
            for sample, wave in zip(
                members[::order], our_waves(bench, budget, members[::order]), strict=True
            ):
                exact &= _same(whole, sample.seed, wave)
    for sample in bench.samples[:4]:
        budget = bench.packs()[0][0]
        exact &= _same(whole, sample.seed, our_waves(bench, budget, [sample])[0])
    return {"max_relative_l2": worst, "bit_exact": exact}


def _same(sounds: dict[int, Any], seed: int, wave: Tensor) -> bool:
    sound = hashlib.sha256(to_pcm16(wave.numpy()).tobytes()).hexdigest()
    return bool(sounds.setdefault(seed, sound) == sound)


def operations(bench: Bench) -> float:
    """Floating-point operations of one round: products and attention of both halves; norms and the vocoder left out."""
    network = bench.device_model.network
    rows = GUIDANCE.halves * sum(sample.frames for sample in bench.samples)
    squares = GUIDANCE.halves * sum(sample.frames**2 for sample in bench.samples)
    step = 2 * rows * network.weight_parameters_per_row + 4 * squares * network.width * network.depth
    return float(step * bench.nfe)


def matmul_rate(device_model: DeviceModel, size: int) -> float:
    """Operations a second of one large product in the engine's own type: what the silicon gives here and now."""
    a = torch.randn(size, size, device=device_model.device, dtype=device_model.dtype)
    clock(device_model.device, lambda: a @ a)
    best = min(clock(device_model.device, lambda: [a @ a for _ in range(4)]) for _ in range(5))
    return float(4 * 2 * size**3 / best)


def silicon(bench: Bench, engine_s: float) -> dict[str, Any]:
    """Share of the matmul rate, memory, padding, the host's share, and what bit-exactness costs."""
    device_model = bench.device_model
    on_cuda = device_model.device.type == "cuda"
    rate = matmul_rate(device_model, 8192 if on_cuda else 1024)
    used = sum(sample.frames for sample in bench.samples)
    filled = sum(
        budget.frames if budget else sum(sample.frames for sample in members)
        for budget, members in bench.packs()
    )
    facts: dict[str, Any] = {
        "matmul_tflops": round(rate / 1e12, 3),
        "engine_tflops": round(operations(bench) / engine_s / 1e12, 3),
        "share_of_matmul_rate": round(operations(bench) / engine_s / rate, 3),
        "padding_share": round(1 - used / filled, 4),
        "peak_vram_gib": None,
        "host_share": None,
        "bit_exactness_cost": None,
    }
    if on_cuda:
        torch.cuda.reset_peak_memory_stats(device_model.device)
        start = time.perf_counter()
        for budget, members in bench.packs():
            draw(device_model.network, members, bench.schedule, GUIDANCE, budget=budget)
        launched_s = time.perf_counter() - start  # Python's part: nothing was waited for
        facts["host_share"] = round(launched_s / engine_s, 3)
        facts["peak_vram_gib"] = round(torch.cuda.max_memory_allocated(device_model.device) / 2**30, 2)
    if bench.budgets:
        free_s = min(
            clock(
                device_model.device, lambda: [our_waves(bench, None, members) for _, members in bench.packs()]
            )
            for _ in range(2)
        )
        facts["bit_exactness_cost"] = round(engine_s / free_s - 1, 4)
    return facts


def first_audio(bench: Bench) -> dict[str, Any]:
    """Milliseconds to the first sound of a 2 s preview: idle, and asked for while a bulk pack is between its steps."""
    [preview] = make_samples(
        reference_s=len(bench.samples[0].reference) / FRAMES_PER_S,
        lengths_s=[PREVIEW_S],
        utterances=1,
        seed=9,
    )
    budget = pack([preview.frames], bench.budgets)[0][0] if bench.budgets else None
    device = bench.device_model.device
    our_waves(bench, budget, [preview])
    idle_s = clock(device, lambda: our_waves(bench, budget, [preview]))
    waits: list[float] = []
    start = time.perf_counter()

    def between() -> None:
        if not waits:
            our_waves(bench, budget, [preview])
            waits.append(time.perf_counter() - start)

    bulk_budget, members = bench.packs()[0]
    bench.device_model.run(members, bench.schedule, GUIDANCE, budget=bulk_budget, between_steps=between)
    return {
        "ttfa_idle_ms": round(1000 * idle_s, 1),
        "ttfa_in_bulk_ms": round(1000 * waits[0], 1) if waits else None,
    }


@click.command()
@click.option("--device", default="cpu", show_default=True)
@click.option(
    "--model", default="tiny", show_default=True, help=f"{', '.join(SIZES)} or a folder of weights."
)
@click.option("--nfe", default=16, show_default=True)
@click.option("--reference-s", default=6.0, show_default=True)
@click.option(
    "--lengths-s", default="10", show_default=True, help="Lengths of the clips, taken in turn: 1,3,10,25."
)
@click.option("--utterances", default=4, show_default=True)
@click.option(
    "--budgets", default="", help="Frames, comma-separated; empty is the device's own, 0 is each alone."
)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--precision", type=click.Choice(PRECISIONS), help="Default: the device's own.")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="Default: the device's own.")
@click.option("--max-vram-gib", type=float)
@click.option("--json", "target", type=click.Path(path_type=Path), help="Also write the JSON here.")
def main(
    device: str,
    model: str,
    nfe: int,
    reference_s: float,
    lengths_s: str,
    utterances: int,
    budgets: str,
    rounds: int,
    seed: int,
    precision: str | None,
    mode: str | None,
    max_vram_gib: float | None,
    target: Path | None,
) -> None:
    """Measure; the last line is JSON."""
    sizes = None if not budgets else tuple(int(size) for size in budgets.split(",") if int(size))
    choice = DeviceChoice(
        device=device,
        budgets_frames=sizes,
        precision=precision,
        mode=None if mode is None else Mode(mode),
        max_vram_gib=max_vram_gib,
        threads=2 if device == "cpu" else None,
    )
    samples = make_samples(
        reference_s=reference_s,
        lengths_s=[float(length) for length in lengths_s.split(",")],
        utterances=utterances,
        seed=seed,
    )
    with tempfile.TemporaryDirectory() as scratch, torch.inference_mode():
        folder = (
            make_checkpoint(Path(scratch) / "F5TTS_v1_Base", size=model) if model in SIZES else Path(model)
        )
        bench = load_both(folder, choice, nfe, samples)
        sound = compare_sound(bench)  # warms both sides up
        speed = compare_speed(bench, rounds)
        facts = {
            "benchmark": "f5_throughput",
            "device": torch.cuda.get_device_name() if choice.on_cuda else f"{platform.machine()} CPU",
            "numeric_class": bench.device_model.numeric_class,
            "model": model,
            "nfe": nfe,
            "reference_s": reference_s,
            "lengths_s": lengths_s,
            "utterances": utterances,
            "budgets_frames": [budget.frames for budget in bench.budgets],
            "budgets_refused": bench.device_model.refused,
            **speed,
            **sound,
            **silicon(bench, speed["engine_s"]),
            **first_audio(bench),
        }
    for name, value in facts.items():
        print(f"{name:>26}  {value}")
    line = json.dumps(facts)
    if target is not None:
        target.write_text(line + "\n")
    print(line)


if __name__ == "__main__":
    main()

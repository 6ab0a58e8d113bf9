"""What a pack gives is what upstream's own sampler gives for each utterance alone with the same noise."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.unit.workers.engines.f5.checkpoint import make_checkpoint
from workers.engines.f5.network import Network
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw, times_of
from workers.engines.f5.upstream import load_upstream, without_training
from workers.engines.f5.weights import load, open_folder

LENGTHS_S = (1.0, 3.3, 9.1, 25.0)
FRAMES_PER_S = 93.75
REFERENCE_FRAMES = 211
MOST_RELATIVE_L2 = 1e-5


class Pair:
    """The same weights in upstream's sampler and in ours."""

    def __init__(self, folder: Path) -> None:
        with without_training():
            cfm = importlib.import_module("f5_tts.model.cfm").CFM
        opened = open_folder(folder)
        model = load(opened)
        self.theirs: Any = cfm(
            transformer=model.dit, mel_spec_module=model.mel_spec, vocab_char_map=dict(model.vocabulary)
        ).eval()
        self.ours = Network(load(opened).dit, device=torch.device("cpu"), dtype=torch.float32)

    def schedule(self, nfe: int, *, empirical: bool = True, sway: float | None = -1.0) -> Schedule:
        times = times_of(
            nfe, empirical=empirical, sway=sway, get_epss_timesteps=load_upstream().get_epss_timesteps
        )
        return Schedule(times=tuple(times.tolist()), table=self.ours.modulation(times[:-1]))

    def upstream(
        self,
        sample: SamplerInput,
        nfe: int,
        *,
        cfg: float = 2.0,
        empirical: bool = True,
        sway: float | None = -1.0,
    ) -> Tensor:
        with torch.inference_mode():
            drawn, _ = self.theirs.sample(
                cond=sample.reference[None],
                text=sample.tokens[None],
                duration=sample.frames,
                steps=nfe,
                cfg_strength=cfg,
                sway_sampling_coef=sway,
                seed=sample.seed,
                use_epss=empirical,
            )
        mel: Tensor = drawn[0, len(sample.reference) :]
        return mel


def mixed_samples(*, seed: int, lengths_s: Sequence[float] = LENGTHS_S) -> list[SamplerInput]:
    generator = torch.Generator().manual_seed(seed)
    return [
        SamplerInput(
            reference=torch.randn(REFERENCE_FRAMES, 100, generator=generator) * 2 - 4,
            tokens=torch.randint(0, 2545, (40 + int(12 * seconds),), generator=generator),
            frames=REFERENCE_FRAMES + round(seconds * FRAMES_PER_S),
            seed=1000 * seed + number,
        )
        for number, seconds in enumerate(lengths_s)
    ]


def relative_l2(found: Tensor, expected: Tensor) -> float:
    assert found.shape == expected.shape
    return float((found - expected).norm() / expected.norm())


@pytest.fixture(scope="module")
def pair(tiny_folder: Path) -> Pair:
    return Pair(tiny_folder)


@pytest.mark.parametrize("nfe", [32, 16, 7])
def test_a_pack_of_mixed_lengths_gives_what_upstream_gives_for_each_alone(pair: Pair, nfe: int) -> None:
    schedule = pair.schedule(nfe)
    for seed, lengths_s in ((1, LENGTHS_S), (2, (1.4, 6.2))):
        samples = mixed_samples(seed=seed, lengths_s=lengths_s)
        packed = draw(pair.ours, samples, schedule, Guidance(strength=2.0), budget=Budget(frames=4608))
        for sample, mel in zip(samples, packed, strict=True):
            assert relative_l2(mel, pair.upstream(sample, nfe)) < MOST_RELATIVE_L2


@pytest.mark.parametrize(
    "options", [{"cfg": 0.0}, {"empirical": False}, {"sway": None}, {"cfg": 3.5, "sway": 0.5}]
)
def test_every_declared_schedule_and_guidance_is_upstreams(pair: Pair, options: dict[str, Any]) -> None:
    steps = {key: value for key, value in options.items() if key != "cfg"}
    samples = mixed_samples(seed=3, lengths_s=(1.7, 4.0))
    guidance = Guidance(strength=options.get("cfg", 2.0))
    packed = draw(pair.ours, samples, pair.schedule(7, **steps), guidance, budget=None)
    for sample, mel in zip(samples, packed, strict=True):
        assert relative_l2(mel, pair.upstream(sample, 7, **options)) < MOST_RELATIVE_L2


@pytest.mark.parametrize(
    ("architecture", "changes"),
    [("F5TTS_Base", {}), ("F5TTS_v1_Small", {}), ("F5TTS_v1_Base", {"qk_norm": "rms_norm"})],
)
def test_older_smaller_and_normed_architectures_are_equal_too(
    tmp_path: Path, architecture: str, changes: dict[str, Any]
) -> None:
    pair = Pair(make_checkpoint(tmp_path / "weights", architecture=architecture, **changes))
    samples = mixed_samples(seed=4, lengths_s=(1.2, 3.0))
    packed = draw(pair.ours, samples, pair.schedule(7), Guidance(strength=2.0), budget=Budget(frames=1024))
    for sample, mel in zip(samples, packed, strict=True):
        assert relative_l2(mel, pair.upstream(sample, 7)) < MOST_RELATIVE_L2


def test_a_mel_has_the_same_bits_alone_first_last_and_in_another_mix(pair: Pair) -> None:
    schedule, budget = pair.schedule(7), Budget(frames=4608)
    samples = mixed_samples(seed=5)

    def bits(mix: list[SamplerInput]) -> dict[int, Tensor]:
        drawn = draw(pair.ours, mix, schedule, Guidance(strength=2.0), budget=budget)
        return {sample.seed: mel for sample, mel in zip(mix, drawn, strict=True)}

    together = bits(samples)
    for mix in ([samples[0]], samples[::-1], samples[1:3], [samples[2]], [*samples[2:], samples[0]]):
        for seed, mel in bits(mix).items():
            assert torch.equal(mel, together[seed])


@pytest.mark.parametrize("interval", [(0.0, 0.4), (0.2, 0.7), (0.5, 1.0), (0.99, 1.0)])
def test_guidance_in_an_interval_is_upstreams_where_only_these_steps_are_guided(
    pair: Pair, interval: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    forward, guided = pair.theirs.transformer.forward, []

    def in_part(*, time: Tensor, cfg_infer: bool, cache: bool, **inputs: Any) -> Tensor:
        guided.append(interval[0] <= float(time) < interval[1])
        if guided[-1]:
            both: Tensor = forward(time=time, cfg_infer=True, cache=False, **inputs)
            return both
        one = forward(time=time, cfg_infer=False, cache=False, **inputs)
        return torch.cat([one, one])  # pulled by the difference of the two, which is nothing

    samples, schedule = mixed_samples(seed=8, lengths_s=(1.7, 4.0)), pair.schedule(7)
    guidance = Guidance(strength=2.0, interval=interval)
    for budget in (None, Budget(frames=1024)):
        packed = draw(pair.ours, samples, schedule, guidance, budget=budget)
        for sample, mel in zip(samples, packed, strict=True):
            with monkeypatch.context() as patch:
                patch.setattr(pair.theirs.transformer, "forward", in_part)
                expected = pair.upstream(sample, 7)
            assert relative_l2(mel, expected) < MOST_RELATIVE_L2
    assert tuple(guided[:7]) == guidance.guides(schedule)


def test_an_interval_of_everything_guides_every_step_however_its_time_is_rounded(pair: Pair) -> None:
    times = (-1e-9, 0.5, 1.0 + 1e-7, 1.0 + 2e-7)
    schedule = Schedule(times=times, table=pair.ours.modulation(torch.tensor(times[:-1])))
    assert Guidance(strength=2.0).guides(schedule) == (True, True, True)
    assert Guidance(strength=2.0, interval=(0.1, 0.9)).guides(schedule) == (False, True, False)
    assert Guidance(strength=0.0).guides(schedule) == (False, False, False)


def test_the_text_that_is_dropped_is_embedded_once_for_each_pair_of_lengths(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network(load(open_folder(tiny_folder)).dit, device=torch.device("cpu"), dtype=torch.float32)
    honest, made = network._embedded, []

    def counted(tokens: Tensor, frames: int, *, dropped: bool) -> Tensor:
        made.append((len(tokens), frames, dropped))
        return honest(tokens, frames, dropped=dropped)

    monkeypatch.setattr(network, "_embedded", counted)
    one, other = torch.arange(9), torch.arange(9) + 30
    first = network.text_embedding(one, 40, dropped=True)
    assert torch.equal(first, network.text_embedding(other, 40, dropped=True))
    assert not torch.equal(
        network.text_embedding(one, 40, dropped=False), network.text_embedding(other, 40, dropped=False)
    )
    network.text_embedding(one, 41, dropped=True)
    network.text_embedding(one[:8], 40, dropped=True)
    assert [lengths for *lengths, dropped in made if dropped] == [[9, 40], [9, 41], [8, 40]]
    monkeypatch.setattr("workers.engines.f5.network.network.DROPPED_TEXTS_BYTES", 1)
    network.text_embedding(one[:7], 40, dropped=True)
    assert len(network._dropped_texts) == 1


def test_padding_one_batch_as_upstream_does_would_not_be_equal(pair: Pair) -> None:
    """The measure is sharp: upstream's own batch of two lengths is off by far more than what is allowed above."""
    short, long = mixed_samples(seed=6, lengths_s=(1.0, 5.0))
    with torch.inference_mode():
        batch, _ = pair.theirs.sample(
            cond=torch.stack([short.reference, long.reference]),
            text=torch.nn.utils.rnn.pad_sequence(
                [short.tokens, long.tokens], batch_first=True, padding_value=-1
            ),
            duration=torch.tensor([short.frames, long.frames]),
            lens=torch.tensor([REFERENCE_FRAMES, REFERENCE_FRAMES]),
            steps=7,
            cfg_strength=2.0,
            sway_sampling_coef=-1.0,
            seed=short.seed,
        )
    assert relative_l2(batch[0, REFERENCE_FRAMES : short.frames], pair.upstream(short, 7)) > 1e-3

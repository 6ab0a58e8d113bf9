"""A fused step is the eager one, in any pack the same bits; what a graph reads stays where it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.unit.workers.engines.f5.checkpoint import make_checkpoint
from workers.engines.f5.device.admission import probe_sample
from workers.engines.f5.network import Network
from workers.engines.f5.network.buffers import StepBuffers
from workers.engines.f5.network.fused import FusedNetwork
from workers.engines.f5.network.kernels.attention import attend
from workers.engines.f5.network.products import quantised
from workers.engines.f5.packing import Budget
from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule, draw
from workers.engines.f5.weights import load, open_folder
from workers.engines.options import Mode

pytestmark = pytest.mark.usefixtures("large_blocks")

TIMES = (0.0, 0.4, 1.0)
GUIDED = Guidance(strength=2.0)
SMALL, LARGE = Budget(frames=256), Budget(frames=512)


def network_of(folder: Path, mode: Mode, dtype: torch.dtype = torch.float32) -> Network:
    return Network(load(open_folder(folder)).dit, device=torch.device("cpu"), dtype=dtype, mode=mode)


@pytest.fixture(scope="module")
def eager(fusable_folder: Path) -> Network:
    return network_of(fusable_folder, Mode.EAGER)


@pytest.fixture
def fused(fusable_folder: Path) -> Network:
    return network_of(fusable_folder, Mode.FUSED)


def fused_of(network: Network) -> FusedNetwork:
    assert network.fused is not None
    return network.fused


def schedule_of(network: Network, times: Sequence[float] = TIMES) -> Schedule:
    return Schedule(times=tuple(times), table=network.modulation(torch.tensor(times[:-1])))


def samples(*frames: int) -> list[SamplerInput]:
    return [probe_sample(number, count, 100) for number, count in enumerate(frames)]


def relative_l2(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


def digest(mel: Tensor) -> str:
    return hashlib.sha256(mel.numpy().tobytes()).hexdigest()


@pytest.mark.parametrize(
    "guidance",
    [GUIDED, Guidance(strength=0.0), Guidance(strength=2.0, interval=(0.3, 1.0))],
    ids=["guided", "unguided", "guided in part"],
)
def test_fused_steps_give_what_eager_ones_give(eager: Network, fused: Network, guidance: Guidance) -> None:
    members = samples(90, 61)
    expected = draw(eager, members, schedule_of(eager), guidance, budget=SMALL)
    for found, one in zip(
        draw(fused, members, schedule_of(fused), guidance, budget=SMALL), expected, strict=True
    ):
        assert relative_l2(found, one) < 1e-6


@pytest.mark.parametrize(
    ("architecture", "changes"), [("F5TTS_Base", {}), ("F5TTS_v1_Base", {"qk_norm": "rms_norm"})]
)
def test_architectures_that_turn_one_head_or_norm_first_are_equal_too(
    tmp_path: Path, architecture: str, changes: dict[str, Any]
) -> None:
    folder = make_checkpoint(
        tmp_path / "w", architecture=architecture, dim=256, heads=4, dim_head=64, depth=2, **changes
    )
    members, times = samples(90), (0.0, 1.0)
    found, expected = (
        draw(network, members, schedule_of(network, times), GUIDED, budget=SMALL)[0]
        for network in (network_of(folder, Mode.FUSED), network_of(folder, Mode.EAGER))
    )
    assert relative_l2(found, expected) < 1e-6


def test_products_of_eight_bits_are_fused_too(fusable_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the definition's rounding: the interpreter's cuts (test_kernels.py)."""
    monkeypatch.setattr("workers.engines.f5.network.fused.quantise_rows", quantised)
    members, times = samples(90), (0.0, 1.0)
    mels = []
    for mode in (Mode.FUSED, Mode.EAGER):
        dit = load(open_folder(fusable_folder)).dit
        network = Network(dit, device=torch.device("cpu"), dtype=torch.float32, mode=mode, float8=True)
        mels += draw(network, members, schedule_of(network, times), GUIDED, budget=SMALL)
    # a value in a million lies so near the middle of two that 1e-7 decides which it becomes
    assert relative_l2(mels[0], mels[1]) < 1e-3


def test_half_precision_is_near(eager: Network, fusable_folder: Path) -> None:
    half = network_of(fusable_folder, Mode.FUSED, torch.float16)
    members, times = samples(90), (0.0, 1.0)
    [expected] = draw(eager, members, schedule_of(eager, times), GUIDED, budget=SMALL)
    [found] = draw(half, members, schedule_of(half, times), GUIDED, budget=SMALL)
    assert 1e-6 < relative_l2(found, expected) < 2e-3


def test_a_mel_has_the_same_bits_in_any_pack_and_any_budget(
    fused: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows outside every sequence, which attention does not write, are poisoned: nobody may see them."""

    def poisoned(query: Tensor, key: Tensor, value: Tensor, cumulative: Tensor, longest: int) -> Tensor:
        attended = attend(query, key, value, cumulative, longest)
        attended[int(cumulative[-1]) :] = torch.nan
        return attended

    monkeypatch.setattr("workers.engines.f5.network.fused.attend", poisoned)
    schedule, one, *others = schedule_of(fused), *samples(90, 61, 40)
    bits = {
        digest(draw(fused, [*before, one], schedule, GUIDED, budget=budget)[-1])
        for before, budget in (([], SMALL), (others, LARGE))
    }
    assert len(bits) == 1


class Recorded:
    """Stands in for a CUDA graph: replays by launching again, if nothing that it read has moved."""

    captured = 0
    replayed = 0

    def __init__(self, launch: Callable[[], None], fused: FusedNetwork) -> None:
        type(self).captured += 1
        self._launch = launch
        self._watched = (fused, *(one for kept in fused._buffers.values() for one in kept))
        self._places = self._where()

    def _where(self) -> dict[str, int]:
        return {
            name: value.data_ptr()
            for one in self._watched
            for name, value in vars(one).items()
            if isinstance(value, Tensor)
        }

    def replay(self) -> None:
        assert self._where() == self._places
        type(self).replayed += 1
        self._launch()


@pytest.fixture
def recorded(fused: Network, monkeypatch: pytest.MonkeyPatch) -> type[Recorded]:
    owner = fused_of(fused)
    monkeypatch.setattr(Recorded, "captured", 0)
    monkeypatch.setattr(Recorded, "replayed", 0)
    monkeypatch.setattr(owner, "capture", lambda launch: Recorded(launch, owner))
    return Recorded


@pytest.mark.usefixtures("plain_kernels")
def test_a_budget_is_captured_once_and_replayed_for_every_pack_after(
    fused: Network, recorded: type[Recorded]
) -> None:
    schedule, launched = schedule_of(fused), samples(90, 61)
    first = draw(fused, launched, schedule, GUIDED, budget=SMALL)
    assert (recorded.captured, recorded.replayed) == (1, 1)
    again = draw(fused, launched, schedule, GUIDED, budget=SMALL)
    assert (recorded.captured, recorded.replayed) == (1, 3)
    assert [digest(mel) for mel in first] == [digest(mel) for mel in again]


@pytest.mark.usefixtures("plain_kernels")
def test_a_preview_between_the_steps_has_its_own_buffers_and_its_own_schedule(
    fused: Network, recorded: type[Recorded]
) -> None:
    bulk, preview = samples(90, 61)
    slow, fast = schedule_of(fused), schedule_of(fused, (0.0, 0.3, 1.0))
    [expected_bulk] = draw(fused, [bulk], slow, GUIDED, budget=SMALL)
    [expected_preview] = draw(fused, [preview], fast, GUIDED, budget=SMALL)
    heard: list[Tensor] = []

    def between() -> None:
        heard.extend(draw(fused, [preview], fast, GUIDED, budget=SMALL))

    [found] = draw(fused, [bulk], slow, GUIDED, budget=SMALL, between_steps=between)
    assert torch.equal(found, expected_bulk)
    assert torch.equal(heard[0], expected_preview)


@pytest.mark.usefixtures("plain_kernels")
def test_a_longer_schedule_than_the_table_has_room_for_is_captured_anew(
    fused: Network, recorded: type[Recorded], eager: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.engines.f5.network.fused.LEAST_STEPS", 1)
    [one] = samples(40)
    for times in ((0.0, 1.0), TIMES):
        [found] = draw(fused, [one], schedule_of(fused, times), GUIDED, budget=SMALL)
        [expected] = draw(eager, [one], schedule_of(eager, times), GUIDED, budget=SMALL)
        assert relative_l2(found, expected) < 1e-6
    assert recorded.captured == 2


@pytest.mark.usefixtures("plain_kernels")
def test_what_cannot_be_captured_is_launched_and_said_once(
    fused: Network, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[object] = []

    def refuses(launch: object) -> None:
        tried.append(launch)
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(fused_of(fused), "capture", refuses)
    [one] = samples(40)
    before = draw(fused, [one], schedule_of(fused), GUIDED, budget=SMALL)
    for _ in range(4):
        after = draw(fused, [one], schedule_of(fused), GUIDED, budget=SMALL)
        assert torch.equal(before[0], after[0])
    assert caplog.text.count("could not be captured") == 1
    assert len(tried) == 3


@pytest.mark.usefixtures("plain_kernels")
def test_what_lacked_the_memory_to_be_captured_is_captured_with_a_later_pack(
    fused: Network, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner, refusals = fused_of(fused), [True, True, False]

    def starved(launch: Callable[[], None]) -> Recorded:
        if refusals.pop(0):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return Recorded(launch, owner)

    monkeypatch.setattr(owner, "capture", starved)
    [one], schedule = samples(40), schedule_of(fused)
    drawn = [draw(fused, [one], schedule, GUIDED, budget=SMALL)[0] for _ in range(4)]
    assert refusals == []
    assert len({digest(mel) for mel in drawn}) == 1
    assert caplog.text.count("could not be captured") == 1


@pytest.mark.usefixtures("plain_kernels")
@pytest.mark.parametrize("first_guided", [False, True])
def test_a_guided_pack_and_one_as_large_without_guidance_have_buffers_of_their_own(
    fused: Network, eager: Network, first_guided: bool
) -> None:
    """512 rows and as many places in both: 2 x 256 frames, 1 x 512."""
    packs = [(GUIDED, SMALL), (Guidance(strength=0.0), LARGE)]
    [one] = samples(90)
    for guidance, budget in packs if first_guided else packs[::-1]:
        [found] = draw(fused, [one], schedule_of(fused), guidance, budget=budget)
        [expected] = draw(eager, [one], schedule_of(eager), guidance, budget=budget)
        assert relative_l2(found, expected) < 1e-6
    assert fused_of(fused).rows_held() == [512, 512]


@pytest.mark.usefixtures("plain_kernels")
def test_a_table_that_finds_no_memory_is_loaded_anew(
    fused: Network, recorded: type[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.engines.f5.network.fused.LEAST_STEPS", 1)
    [one], short, long = samples(40), schedule_of(fused, (0.0, 1.0)), schedule_of(fused)
    [expected] = draw(fused, [one], short, GUIDED, budget=SMALL)
    zeros = torch.zeros

    def starved(*shape: Any, **options: Any) -> Tensor:
        if shape == (2,):  # what each step goes, the last to be made
            raise torch.OutOfMemoryError("CUDA out of memory")
        return zeros(*shape, **options)

    with monkeypatch.context() as patch:
        patch.setattr(torch, "zeros", starved)
        with pytest.raises(torch.OutOfMemoryError):
            draw(fused, [one], long, GUIDED, budget=SMALL)
    assert torch.equal(draw(fused, [one], short, GUIDED, budget=SMALL)[0], expected)
    draw(fused, [one], long, GUIDED, budget=SMALL)


@pytest.mark.usefixtures("plain_kernels")
def test_a_pack_that_finds_no_memory_leaves_no_buffers_taken(
    fused: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(_buffers: object, _pack: object, _strength: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(StepBuffers, "load", starved)
        with pytest.raises(torch.OutOfMemoryError):
            draw(fused, samples(40), schedule_of(fused), GUIDED, budget=SMALL)
    draw(fused, samples(40), schedule_of(fused), GUIDED, budget=SMALL)
    assert fused_of(fused).rows_held() == [512]


@pytest.mark.usefixtures("plain_kernels")
def test_a_budget_that_is_dropped_lets_go_of_its_buffers(fused: Network) -> None:
    draw(fused, samples(40), schedule_of(fused), GUIDED, budget=SMALL)
    assert fused_of(fused).rows_held() == [512]
    fused.forget(512)
    assert fused_of(fused).rows_held() == []

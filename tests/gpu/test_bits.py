"""One utterance, one sound: everywhere in a pack, in every budget, after a restart, and without a new graph."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor

from benchmarks.f5.material import sample_of
from benchmarks.f5.ours import Ours, budgets_of
from benchmarks.f5.restart import Probe, sha_elsewhere
from benchmarks.f5.sound import NFE, PROBE_FRAMES, bits_everywhere, one_sha, probe_sha, sha
from tests.gpu.device import DEVICE, ON_CUDA
from tests.gpu.models import BUDGETS_FRAMES, MODES, SIZE, THREADS, Models, free
from workers.engines.f5.device import DeviceChoice, Mode, admit
from workers.engines.f5.sampler import Guidance

assert DEVICE is not None
RESTART_LIMIT_S = 240.0
LONG_FRAMES = 2500 if ON_CUDA else 400


@pytest.mark.parametrize("frames", BUDGETS_FRAMES)
@pytest.mark.parametrize("mode", MODES)
def test_same_bits_everywhere(models: Models, mode: Mode, frames: int) -> None:
    """Alone, first, last, in the middle, beside long ones, and in every place of a pack of copies."""
    ours = models.admitted(mode)
    budget = next((budget for budget in ours.budgets if budget.frames == frames), None)
    assert budget is not None, f"refused: {ours.refused[frames]}"
    found = bits_everywhere(ours, budget, long_frames=LONG_FRAMES)
    assert one_sha(found), found


@pytest.mark.parametrize("mode", MODES)
def test_same_bits_in_every_budget(models: Models, mode: Mode) -> None:
    ours = models.admitted(mode)
    found = {budget.frames: probe_sha(ours, budget) for budget in ours.budgets}
    assert len(found) == len(BUDGETS_FRAMES)
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("mode", MODES)
def test_same_bits_after_restart(models: Models, mode: Mode, tmp_path: Path) -> None:
    """With empty caches of compiled kernels, and with what the first process left in them."""
    budget = models.admitted(mode).budgets[-1]
    probe = Probe(
        folder=models.folder(),
        device=str(DEVICE),
        mode=mode,
        budget_frames=budget.frames,
        threads=THREADS or 0,
    )
    caches = {
        "TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "inductor"),
        "TRITON_CACHE_DIR": str(tmp_path / "triton"),
    }
    here = probe_sha(models.admitted(mode), budget)
    times = 1 if mode is Mode.EAGER else 2
    for _ in range(times):
        assert sha_elsewhere(probe, limit_s=RESTART_LIMIT_S, environment=caches) == here


@pytest.mark.gpu
@pytest.mark.parametrize("mode", MODES)
def test_same_bits_under_memory_pressure(models: Models, mode: Mode) -> None:
    """With 1 GiB left: the same sound or out of memory, never another sound from another kernel."""
    ours = models.admitted(mode)
    budget = ours.budgets[-1]
    before = probe_sha(ours, budget)
    free()
    left, _ = torch.cuda.mem_get_info()
    taken = torch.empty(max(0, left - 2**30), dtype=torch.uint8, device=DEVICE)
    try:
        assert probe_sha(ours, budget) == before
    except torch.OutOfMemoryError:
        pass
    finally:
        del taken
        free()
    assert probe_sha(ours, budget) == before


@pytest.mark.parametrize("mode", MODES)
def test_every_default_budget_is_admitted(models: Models, mode: Mode) -> None:
    """At full size on a GPU: a product that splits its sums in some size would cost that budget."""
    size = "full" if ON_CUDA and mode is not Mode.COMPILED else SIZE
    choice = DeviceChoice(
        device=str(DEVICE), mode=mode, budgets_frames=budgets_of(str(DEVICE)), threads=THREADS
    )
    ours = Ours(models.folder(size), choice)
    ours.admit()
    assert ours.refused == {}
    assert [budget.frames for budget in ours.budgets] == list(budgets_of(str(DEVICE)))


@pytest.mark.parametrize("mode", MODES)
def test_no_graph_is_compiled_after_warm_up(models: Models, mode: Mode) -> None:
    from torch._dynamo.utils import counters

    ours = models.admitted(mode)
    admit(ours.device_model, frozenset({1, 2}))  # as for a preset without guidance
    before = {name: dict(counts) for name, counts in counters.items()}
    for number, budget in enumerate(ours.budgets):
        for frames, strength in ((97 + number, 2.0), (211, 0.0), (budget.frames // 2 - 5, 3.0)):
            few = [sample_of(frames, number=number) for number in range(2)]
            ours.waves(few, NFE, budget, guidance=Guidance(strength=strength))
    assert {name: dict(counts) for name, counts in counters.items()} == before


@pytest.mark.gpu
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode is not Mode.FUSED])
@torch.inference_mode()
def test_graph_replay_has_the_bits_of_launching(models: Models, mode: Mode) -> None:
    ours = models.admitted(mode)
    budget = ours.budgets[0]
    step = ours.launched([sample_of(PROBE_FRAMES, number=1)], budget)
    launched = step().clone()
    side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        replayed = step()
    graph.replay()
    torch.cuda.synchronize()
    assert torch.equal(replayed, launched)


@pytest.mark.gpu
def test_captured_steps_have_the_bits_of_launched_ones(models: Models) -> None:
    """Fused: a budget is replayed after warm-up; here also by a model that captures nothing."""
    if Mode.FUSED not in MODES:
        pytest.skip("no fused mode here")
    replaying, launching = models.admitted(Mode.FUSED), models.ours(Mode.FUSED)
    replayed_by, launched_by = replaying.device_model.network.fused, launching.device_model.network.fused
    assert replayed_by is not None and launched_by is not None
    launched_by.capture = None
    packs = [[sample_of(PROBE_FRAMES, number=1)], [sample_of(97 + n, number=n) for n in range(3)]]
    for budget in replaying.budgets:
        for members in packs:
            launched = launching.mels(members, NFE, budget)
            for _ in range(
                2
            ):  # the first may be captured in its midst, the second is replayed from its first step on
                for one, other in zip(replaying.mels(members, NFE, budget), launched, strict=True):
                    assert torch.equal(one, other)
    kept = [one.graphs for kept in replayed_by._buffers.values() for one in kept]
    assert kept and all(kept)


def test_numeric_class_names_precision_and_mode(models: Models) -> None:
    """Two that may have other bits never share a class."""
    classes = {
        models.ours(mode, precision=precision).numeric_class
        for mode in MODES
        for precision in ("float32", "bfloat16", "float16")
    }
    assert len(classes) == 3 * len(MODES)
    assert all(re.search(rf"torch{re.escape(torch.__version__)}", name) for name in classes)


@pytest.mark.parametrize("mode", MODES)
def test_numeric_class_holds_the_probe(models: Models, mode: Mode) -> None:
    """Other budgets or libraries that give the probe other bits give another class."""
    admitted = models.admitted(mode)
    assert admitted.device_model.digests[2][:8] in admitted.numeric_class
    assert models.ours(mode).numeric_class != admitted.numeric_class


PRODUCTS = {"qkv": (1024, 3072), "out": (1024, 1024), "up": (1024, 2048), "down": (2048, 1024)}
PRODUCTS |= {"mel in, padded": (128, 1024), "mel out": (1024, 100)}
"""100 columns in and a bias have other bits at some rows of an H200: no mode has such a product."""
ROWS = (2048, 4096, 8192, 16384, 32768, 65536) if ON_CUDA else (800, 1024)


@pytest.mark.parametrize("name", PRODUCTS)
@torch.inference_mode()
def test_products_do_not_depend_on_rows(models: Models, name: str) -> None:
    """331 rows at four places of products of every budget's size, under the settings that the engine makes."""
    ours = models.admitted(Mode.EAGER)
    inner, outer = PRODUCTS[name]
    generator = torch.Generator().manual_seed(3)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator).to(ours.device, ours.device_model.dtype)

    probe, weight, bias = drawn(PROBE_FRAMES, inner), drawn(outer, inner), drawn(outer)
    found = set()
    for rows in ROWS:
        x = drawn(rows, inner)
        for place in (0, 100, rows // 2 + 13, rows - PROBE_FRAMES):
            filled = x.clone()
            filled[place : place + PROBE_FRAMES] = probe
            found.add(sha(torch.nn.functional.linear(filled, weight, bias)[place : place + PROBE_FRAMES]))
    assert len(found) == 1


@pytest.mark.parametrize("mode", MODES)
def test_a_preview_between_two_steps_leaves_the_bulk_its_bits(models: Models, mode: Mode) -> None:
    ours = models.admitted(mode)
    small, large = ours.budgets[0], ours.budgets[-1]
    bulk = [sample_of(200, number=number) for number in range(3)]
    preview = [sample_of(150, number=77)]
    undisturbed = [sha(wave) for wave in ours.waves(bulk, NFE, large)]
    idle = sha(ours.waves(preview, NFE, small)[0])
    heard: list[str] = []

    def between() -> None:
        heard.append(sha(ours.waves(preview, NFE, small)[0]))

    assert [sha(wave) for wave in ours.waves(bulk, NFE, large, between_steps=between)] == undisturbed
    assert heard == [idle] * (NFE - 1)

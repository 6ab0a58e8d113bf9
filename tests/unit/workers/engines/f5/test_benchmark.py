from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result
from torch import Tensor

from benchmarks.f5 import throughput
from benchmarks.f5.material import make_samples
from benchmarks.f5.ours import Ours
from benchmarks.f5.sound import relative_l2
from benchmarks.f5.throughput import Load, same_bits
from benchmarks.f5.upstream import Theirs
from benchmarks.f5_throughput import main
from workers.engines.f5.device import DeviceChoice
from workers.engines.f5.packing import Budget

CPU_HAS_NONE = ("step_ms", "launch_ms", "python_share", "idle_share", "joules_per_audio_s", "peak_vram_gib")


def run(*options: str) -> Result:
    return CliRunner().invoke(main, ["--device", "cpu", "--model", "tiny", *options])


def test_the_benchmark_ends_with_the_line_that_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With oneDNN, as the process that it starts has it, and budgets that are equal with it on every CPU."""
    monkeypatch.setattr(torch.backends.mkldnn, "enabled", True)
    target = tmp_path / "f5.json"
    options = "--nfe 3,2 --reference-s 1.5 --lengths-s 1,2 --utterances 2 --rounds 1 --budgets 1024,2048"
    done = run(*options.split(), "--json", str(target))
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts == json.loads(target.read_text())
    assert facts["bit_exact"] is True
    assert facts["same_after_restart"] is True
    assert facts["max_relative_l2"] < 1e-5  # upstream has the same noise
    assert (
        facts["max_relative_l2_upstream"] == 0
    )  # on the CPU upstream is the float32 that it is compared with
    assert facts["ratio_to_upstream"] > 0
    assert [facts[name] for name in CPU_HAS_NONE] == [None] * 6  # no GPU was asked: null, not 0
    assert facts["peak_vram_gib_upstream"] is None
    assert isinstance(facts["bit_exactness_cost"], float)
    assert facts["ttfa_idle_ms"] > 0 and facts["ttfa_in_bulk_ms"] > 0
    cells = [(cell["nfe"], cell["budget_frames"], cell["clips"]) for cell in facts["cells"]]
    assert cells == [(3, 1024, 2), (3, 2048, 2), (2, 1024, 2), (2, 2048, 2)]
    assert "NFE 2, budget 2048" in done.stderr


def test_the_smoke_test_ends_with_a_full_table() -> None:
    done = run()
    assert done.exit_code == 0, done.output
    [cell] = json.loads(done.stdout.splitlines()[-1])["cells"]
    assert (cell["nfe"], cell["budget_frames"], cell["clips"]) == (4, 0, 3)


@pytest.fixture(scope="module")
def packing(tiny_folder: Path) -> Ours:
    return Ours(tiny_folder, DeviceChoice(device="cpu", budgets_frames=(1024,), threads=1))


def test_other_bits_beside_others_are_seen(packing: Ours, monkeypatch: pytest.MonkeyPatch) -> None:
    members = make_samples(reference_s=0.8, lengths_s=[1, 2], utterances=3, seed=2)
    load = Load(budget=Budget(frames=1024), members=members)
    assert same_bits(packing, [load], 2)
    true = packing.waves

    def swayed(samples: list[object], nfe: int, budget: Budget | None) -> list[Tensor]:
        waves = true(samples, nfe, budget)  # type: ignore[arg-type]
        return [wave if len(waves) > 1 else torch.nextafter(wave, wave + 1) for wave in waves]

    monkeypatch.setattr(packing, "waves", swayed)
    assert not same_bits(packing, [load], 2)


def test_upstream_gets_this_engines_noise(tiny_folder: Path, packing: Ours) -> None:
    """In another precision its own generator gives other numbers, as the GPU's does."""
    [sample] = make_samples(reference_s=0.8, lengths_s=[1], utterances=1, seed=3)
    theirs = Theirs(tiny_folder, torch.device("cpu"), torch.float64)
    [mel] = packing.mels([sample], 2, None)
    assert relative_l2(mel, theirs.mel(sample, 2)) < 1e-5


def test_a_cell_is_measured_against_the_same_seconds_of_speech(tiny_folder: Path, packing: Ours) -> None:
    members = make_samples(reference_s=0.4, lengths_s=[0.5], utterances=5, seed=4)
    theirs = Theirs(tiny_folder, torch.device("cpu"), torch.float32)
    spoken: list[int] = []
    true = theirs.wave

    def counted(sample: object, nfe: int) -> Tensor:
        spoken.append(1)
        return true(sample, nfe)  # type: ignore[arg-type]

    theirs.wave = counted  # type: ignore[method-assign]
    load = Load(budget=Budget(frames=1024), members=members)
    [cell] = throughput.table(packing, theirs, [load], [2], rounds=1, gib=[None])
    assert len(spoken) == 1 + throughput.MOST_OF_UPSTREAM
    assert cell.ratio_to_upstream == pytest.approx(cell.upstream_s / cell.engine_s, rel=0.01)
    assert cell.fill == pytest.approx(5 * members[0].frames / 1024, abs=1e-4)

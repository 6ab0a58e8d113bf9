from __future__ import annotations

from pathlib import Path

import pytest
import torch

from workers.engines.f5.device import DeviceChoice, DeviceModel
from workers.engines.f5.device.admission import probe_sample
from workers.engines.f5.network.products import FLOAT8_LARGEST, Float8Product, PlainProduct, quantised
from workers.engines.f5.sampler import Guidance, Schedule, draw
from workers.engines.f5.weights import load, open_folder


def random(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_eight_bits_are_near_and_each_row_has_its_own_scale() -> None:
    weight, bias, rows = random(96, 64, seed=1), random(96, seed=2), random(20, 64, seed=3)
    rows[5] *= 1e5  # a row of another size takes nothing from its neighbours
    exact = PlainProduct(weight.double(), bias.double())(rows.double())
    near = Float8Product.of(weight, bias)
    found = near(rows)
    off = (found - exact).norm(dim=1) / exact.norm(dim=1)
    assert 0.005 < float(off.max()) < 0.06
    assert torch.equal(near(rows[3:4]), found[3:4])
    assert near.size == PlainProduct(weight, bias).size == 96 * 64


def test_rows_of_nothing_stay_nothing_and_no_value_is_beyond_the_largest() -> None:
    rows = random(4, 64, seed=1) * 1e9
    rows[2] = 0
    rounded, scale = quantised(rows)
    assert bool(rounded.float().isfinite().all()) and float(rounded.float().abs().max()) == FLOAT8_LARGEST
    assert not (rounded.float() * scale)[2].any()


@pytest.mark.parametrize("budgets", [(), (512,)])
def test_a_pin_that_says_float8_sounds_near_and_has_a_class_of_its_own(
    tiny_folder: Path, tmp_path: Path, budgets: tuple[int, ...]
) -> None:
    folder = tmp_path / "F5TTS_v1_Base"
    folder.mkdir()
    for file in tiny_folder.iterdir():
        if file.name != "model.yaml":
            (folder / file.name).symlink_to(file)
    described = (tiny_folder / "model.yaml").read_text()
    (folder / "model.yaml").write_text(described + "products: float8\n")
    times = (0.0, 0.4, 1.0)
    mels, classes = [], set()
    for where in (tiny_folder, folder):
        model = DeviceModel(
            load(open_folder(where)), DeviceChoice(device="cpu", budgets_frames=budgets, threads=1)
        )
        schedule = Schedule(times=times, table=model.network.modulation(torch.tensor(times[:-1])))
        budget = model.budgets[0] if budgets else None
        [mel] = draw(
            model.network, [probe_sample(1, 90, 100)], schedule, Guidance(strength=2.0), budget=budget
        )
        mels.append(mel)
        classes.add(model.numeric_class)
    assert len(classes) == 2
    assert 1e-4 < float((mels[1] - mels[0]).norm() / mels[0].norm()) < 0.1

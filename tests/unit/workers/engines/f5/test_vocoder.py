from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch

from workers.engines.f5.vocoder import Vocoder, rows_for
from workers.engines.f5.weights import LoadedModel, load, open_folder

LENGTHS_FRAMES = (77, 329, 66, 486, 16)


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> LoadedModel:
    return load(open_folder(tiny_folder))


@pytest.fixture(scope="module")
def vocoder(model: LoadedModel) -> Vocoder:
    return Vocoder(model.vocoder_backbone, model.vocoder_head, device=torch.device("cpu"), hop_samples=256)


@pytest.fixture(scope="module")
def mels() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(frames, 100, generator=generator) for frames in LENGTHS_FRAMES]


def test_packed_mels_sound_as_the_package_decodes_each_alone(
    model: LoadedModel, vocoder: Vocoder, mels: list[torch.Tensor]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from vocos import Vocos
    package = Vocos(torch.nn.Identity(), model.vocoder_backbone, model.vocoder_head)
    for mel, wave in zip(mels, vocoder.decode(mels), strict=True):
        expected = package.decode(mel.T[None])[0]
        assert len(wave) == len(expected) == vocoder.samples_of(len(mel))
        assert float((wave - expected).norm() / expected.norm()) < 1e-5


def test_a_wave_has_the_same_bits_whatever_is_packed_beside_it(
    vocoder: Vocoder, mels: list[torch.Tensor]
) -> None:
    alone = [vocoder.decode([mel])[0] for mel in mels]
    rows = rows_for(1024, 8)
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2], [3, 0]):
        for number, wave in zip(order, vocoder.decode([mels[one] for one in order], rows=rows), strict=True):
            assert torch.equal(wave, alone[number])


def test_more_rows_than_the_budget_has_are_refused(vocoder: Vocoder, mels: list[torch.Tensor]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        vocoder.decode(mels, rows=512)


@pytest.mark.parametrize("padding", ["center", "same"])
def test_the_whole_packs_transform_is_each_ones_own(
    model: LoadedModel, mels: list[torch.Tensor], padding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The GPU's way, on the CPU: neighbours are as far apart as transforms overlap, to the sample."""
    monkeypatch.setattr(model.vocoder_head.istft, "padding", padding)
    vocoder = Vocoder(model.vocoder_backbone, model.vocoder_head, device=torch.device("cpu"), hop_samples=256)
    expected = vocoder.decode(mels)
    monkeypatch.setattr(vocoder, "_transforms_whole_packs", True)
    alone = [vocoder.decode([mel], rows=rows_for(1024, 8))[0] for mel in mels]
    for wave, exact in zip(alone, expected, strict=True):
        assert len(wave) == len(exact)
        assert float((wave - exact).norm() / exact.norm()) < 1e-6
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [3, 0]):
        packed = vocoder.decode([mels[one] for one in order], rows=rows_for(1024, 8))
        for number, wave in zip(order, packed, strict=True):
            assert torch.equal(wave, alone[number])

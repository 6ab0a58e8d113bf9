"""Folders of weights: what is opened, and what is refused with its mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file, save_file

from campaign.registry.pins import digests_of
from workers.engines.f5.faults import CheckpointError
from workers.engines.pocket import PocketEngine
from workers.engines.pocket.weights import open_pocket_folder


@pytest.fixture
def folder(tiny_weights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_weights, tmp_path / "english"))


def _table(folder: Path, change: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    path = folder / "model.yaml"
    table = yaml.safe_load(path.read_text())
    change(table)
    path.write_text(yaml.safe_dump(table))


def _tensors(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    path = folder / "model.safetensors"
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)


def _short(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "model.yaml").unlink(), "architecture: english"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "no tokenizer"),
        (lambda folder: (folder / "tokenizer.model").touch(), "two tokenizers"),
        (lambda folder: (folder / "model.safetensors").unlink(), "no safetensors"),
        (lambda folder: (folder / "model.safetensors").rename(folder / "model.pt"), "is a pickle"),
        (_short, "copy it again"),
        (lambda folder: shutil.copy(folder / "model.safetensors", folder / "b.safetensors"), "holds 2"),
        (lambda folder: (folder / "model.yaml").write_text("architecture: klingon"), "klingon"),
        (lambda folder: (folder / "model.yaml").write_text("[1]"), "no table"),
        (lambda folder: _table(folder, lambda one: one.pop("mimi")), "lacks 'mimi'"),
        (lambda folder: _table(folder, lambda one: one.update(languages="en")), "languages"),
        (lambda folder: _table(folder, lambda one: one.update(architecture="english")), "beside"),
        (lambda folder: _table(folder, lambda one: one["flow_lm"]["flow"].update(type="new")), "'new'"),
        (lambda folder: _table(folder, lambda one: one["mimi"].update(dtype="bfloat16")), "bfloat16"),
        (lambda folder: _table(folder, lambda one: one["mimi"]["seanet"].update(pad_mode="x")), "pad_mode x"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused_when_it_is_opened(
    folder: Path, damage: Callable[[Path], object], reason: str
) -> None:
    damage(folder)
    with pytest.raises(CheckpointError, match=reason):
        open_pocket_folder(folder)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: _table(folder, lambda one: one.update(speed=2)), "speed"),
        (
            lambda folder: _table(folder, lambda one: one["flow_lm"]["transformer"].update(num_layers=3)),
            "does not fit",
        ),
        (lambda folder: _tensors(folder, lambda one: one.pop("flow_lm.bos_emb")), "does not fit"),
        (
            lambda folder: _tensors(folder, lambda one: one["flow_lm.speaker_proj_weight"].zero_()),
            "without voice cloning",
        ),
        (
            lambda folder: _tensors(
                folder, lambda one: one.update({"flow_lm.bos_emb": torch.ones(16, dtype=torch.int32)})
            ),
            "int32",
        ),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "tokenizer.json cannot be read"),
        (
            lambda folder: _table(folder, lambda one: one["flow_lm"]["lookup_table"].update(n_bins=7)),
            "nbins",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused_when_they_are_read(
    folder: Path, damage: Callable[[Path], object], reason: str
) -> None:
    damage(folder)
    with pytest.raises(CheckpointError, match=reason):
        PocketEngine(location=folder).warm([])


def test_a_pin_holds_every_file_and_a_change_is_noticed(folder: Path) -> None:
    files = digests_of(folder)
    assert set(files) == {"model.safetensors", "model.yaml", "tokenizer.json"}
    PocketEngine(location=folder, files=files).warm([])
    with pytest.raises(CheckpointError, match="not in the pin"):
        PocketEngine(location=folder, files={"model.yaml": files["model.yaml"]}).warm([])
    _table(folder, lambda one: one.update(default_temperature=0.5))
    with pytest.raises(CheckpointError, match="was changed"):
        PocketEngine(location=folder, files=files).warm([])


def test_a_published_configuration_is_taken_by_its_name(folder: Path) -> None:
    (folder / "model.yaml").write_text("architecture: german_24l\n")
    opened = open_pocket_folder(folder)
    assert opened.languages == {"de"}
    assert opened.table["flow_lm"]["transformer"]["num_layers"] == 24
    (folder / "model.yaml").write_text("architecture: german_24l\nlanguages: [de, fr]\n")
    assert open_pocket_folder(folder).languages == {"de", "fr"}

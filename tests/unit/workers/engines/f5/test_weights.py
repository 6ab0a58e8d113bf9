"""What a folder of weights must be, before a byte of it is trusted."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file, save_file

from tests import ROOT
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint
from workers.engines.f5 import CheckpointError, F5Engine, capabilities_of
from workers.engines.f5.convert import convert
from workers.engines.f5.weights import check, digests, load, open_folder, read_vocabulary


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "weights"
    shutil.copytree(tiny_folder, copy)
    return copy


def test_every_file_that_decides_sound_has_a_digest(folder: Path) -> None:
    assert sorted(digests(open_folder(folder))) == [
        "model.yaml",
        "model_1250000.safetensors",
        "vocab.txt",
        "vocoder/config.yaml",
        "vocoder/model.safetensors",
    ]


def test_a_changed_file_is_refused_before_it_is_read(folder: Path) -> None:
    expected = digests(open_folder(folder))
    checkpoint = folder / "model_1250000.safetensors"
    data = bytearray(checkpoint.read_bytes())
    data[-1] ^= 1
    checkpoint.write_bytes(data)
    with pytest.raises(CheckpointError, match="was changed since it was pinned"):
        F5Engine(location=folder, files=expected).warm([])


@pytest.mark.parametrize("change", ["added", "removed"])
def test_a_pin_names_exactly_the_files_that_are_loaded(folder: Path, change: str) -> None:
    expected = digests(open_folder(folder))
    if change == "added":
        del expected["vocab.txt"]
        says = "not in the pin"
    else:
        expected["another.safetensors"] = "0" * 64
        says = "pinned but not in"
    with pytest.raises(CheckpointError, match=says):
        check(open_folder(folder), expected)


def test_a_pickle_is_refused_unread(folder: Path) -> None:
    checkpoint = folder / "model_1250000.safetensors"
    checkpoint.unlink()
    (folder / "model_1250000.pt").write_bytes(pickle.dumps(types.SimpleNamespace))
    with pytest.raises(CheckpointError, match=r"pickle.*convert"):
        open_folder(folder)


@pytest.mark.parametrize(
    "missing", ["vocab.txt", "vocoder/config.yaml", "vocoder/model.safetensors", "model_1250000.safetensors"]
)
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(
        CheckpointError,
        match=Path(missing).name if missing.endswith(("txt", "yaml")) else "holds no safetensors",
    ):
        open_folder(folder)


def test_two_checkpoints_are_one_too_many(folder: Path) -> None:
    shutil.copyfile(folder / "model_1250000.safetensors", folder / "model_1300000.safetensors")
    with pytest.raises(CheckpointError, match="2 safetensors files"):
        open_folder(folder)


@pytest.mark.parametrize(
    ("name", "architecture", "dim"),
    [
        ("F5TTS_v1_Base", "F5TTS_v1_Base", 1024),
        ("my F5TTS_Base copy", "F5TTS_Base", 1024),
        ("f5tts_small", "F5TTS_Small", 768),
    ],
)
def test_without_a_description_the_name_says_the_architecture(
    folder: Path, name: str, architecture: str, dim: int
) -> None:
    (folder / "model.yaml").unlink()
    renamed = folder.rename(folder.parent / name)
    opened = open_folder(renamed)
    assert opened.architecture.name == architecture
    assert opened.architecture.arch["dim"] == dim
    assert opened.architecture.languages == {"en", "zh"}


def test_a_folder_that_says_nothing_is_asked_to(folder: Path) -> None:
    (folder / "model.yaml").unlink()
    with pytest.raises(CheckpointError, match=r"model.yaml with `architecture:` one of F5TTS_v1_Base"):
        open_folder(folder)


def test_a_named_architecture_and_its_languages_become_capabilities(folder: Path) -> None:
    (folder / "model.yaml").write_text("architecture: F5TTS_v1_Base\nlanguages: [es]\n")
    capabilities = capabilities_of(open_folder(folder))
    assert (capabilities.languages, capabilities.rate_hz, capabilities.clones) == (
        frozenset({"es"}),
        24_000,
        True,
    )


def test_a_checkpoint_of_another_shape_is_refused_by_name(folder: Path) -> None:
    (folder / "model.yaml").write_text("architecture: F5TTS_v1_Base\n")
    with pytest.raises(CheckpointError, match="does not fit architecture F5TTS_v1_Base"):
        load(open_folder(folder))


def test_a_vocabulary_of_another_model_does_not_fit(folder: Path) -> None:
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(vocabulary.read_text().split("\n")[:500]) + "\n")
    with pytest.raises(CheckpointError, match="with 500 tokens"):
        load(open_folder(folder))


@pytest.mark.parametrize("text", ["a\nb\n", " \na\na\n", ""])
def test_a_vocabulary_starts_with_a_space_and_repeats_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vocab.txt"
    path.write_text(text)
    with pytest.raises(CheckpointError, match="no F5 vocabulary"):
        read_vocabulary(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"backbone": "UNetT"}, "backbone UNetT"),
        ({"tokenizer": "byte"}, "tokenizer 'byte'"),
        (
            {
                "mel_spec": {
                    "mel_spec_type": "bigvgan",
                    "target_sample_rate": 1,
                    "n_mel_channels": 1,
                    "hop_length": 1,
                }
            },
            "only vocos",
        ),
        ({"arch": {"long_skip_connection": True}}, "long_skip_connection"),
        ({"mel_spec": {}}, "lacks"),
    ],
)
def test_what_is_not_made_here_is_said(folder: Path, change: dict[str, object], says: str) -> None:
    described = yaml.safe_load((folder / "model.yaml").read_text())
    described["model"] |= change
    (folder / "model.yaml").write_text(yaml.safe_dump(described))
    with pytest.raises(CheckpointError, match=says):
        open_folder(folder)


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2]",
        "{",
        "architecture: F5TTS_v1_Base\nname: x\n",
        "architecture: nobody\n",
        "architecture: F5TTS_Base\nlanguages: en\n",
    ],
)
def test_a_description_that_cannot_be_meant_is_refused(folder: Path, text: str) -> None:
    (folder / "model.yaml").write_text(text)
    with pytest.raises(CheckpointError):
        open_folder(folder)


@pytest.mark.parametrize(("products", "float8"), [("float8", True), ("own", False), (None, False)])
def test_a_pin_says_whether_its_products_are_of_eight_bits(
    folder: Path, products: str | None, float8: bool
) -> None:
    for head in ("architecture: F5TTS_v1_Base\n", (folder / "model.yaml").read_text()):
        line = "" if products is None else f"products: {products}\n"
        (folder / "model.yaml").write_text(head + line)
        assert open_folder(folder).architecture.float8 is float8


@pytest.mark.parametrize("products", ["fp8", "8", "[float8]", "true", ""])
def test_other_products_are_refused_with_those_that_there_are(folder: Path, products: str) -> None:
    (folder / "model.yaml").write_text(f"architecture: F5TTS_v1_Base\nproducts: {products}\n")
    with pytest.raises(CheckpointError, match=r"known are own .*float8"):
        open_folder(folder)


def test_a_misspelt_key_beside_upstreams_own_configuration_is_told(folder: Path) -> None:
    described = folder / "model.yaml"
    upstreams = (
        described.read_text()
        + "hydra: {run: {dir: x}}\noptim: {epochs: 1}\ndatasets: {name: x}\nckpts: {logger: null}\n"
    )
    described.write_text(upstreams)
    open_folder(folder)
    described.write_text(upstreams + "product: float8\n")
    with pytest.raises(CheckpointError, match="unknown product; did you mean products"):
        open_folder(folder)


def test_the_vocoders_description_cannot_name_another_class(folder: Path) -> None:
    path = folder / "vocoder/config.yaml"
    path.write_text(path.read_text().replace("vocos.heads.ISTFTHead", "os.system"))
    with pytest.raises(CheckpointError, match=r"is not vocos\.heads\.ISTFTHead"):
        load(open_folder(folder))


def test_a_truncated_file_is_an_error_with_a_mend(folder: Path) -> None:
    checkpoint = folder / "model_1250000.safetensors"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="copy it again"):
        load(open_folder(folder))


def test_names_without_the_averages_prefix_load_the_same(folder: Path, tiny_folder: Path) -> None:
    checkpoint = folder / "model_1250000.safetensors"
    bare = {name.removeprefix("ema_model."): tensor for name, tensor in load_file(checkpoint).items()}
    save_file(bare, checkpoint)
    ours, theirs = load(open_folder(folder)).dit.state_dict(), load(open_folder(tiny_folder)).dit.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_the_full_size_has_the_published_number_of_parameters() -> None:
    with torch.device("meta"):
        from workers.engines.f5.upstream import configs_folder, load_upstream

        arch = yaml.safe_load((configs_folder() / "F5TTS_v1_Base.yaml").read_text())["model"]["arch"]
        dit = load_upstream().dit(**arch, text_num_embeds=2545, mel_dim=100)
    without_vocabulary = [
        one for name, one in dit.named_parameters() if name != "text_embed.text_embed.weight"
    ]
    assert round(sum(one.numel() for one in without_vocabulary) / 1e6, 1) == 335.8


def test_a_pickle_of_tensors_is_converted_and_one_of_code_is_not(folder: Path, tmp_path: Path) -> None:
    weights = load_file(folder / "vocoder/model.safetensors")
    torch.save({"model_state_dict": weights, "step": 3}, tmp_path / "pytorch_model.bin")
    assert convert(tmp_path / "pytorch_model.bin", tmp_path / "model.safetensors") == len(weights)
    converted = load_file(tmp_path / "model.safetensors")
    assert all(torch.equal(converted[name], tensor) for name, tensor in weights.items())
    torch.save({"w": types.SimpleNamespace(x=1)}, tmp_path / "code.bin")
    with pytest.raises(CheckpointError, match="is not read"):
        convert(tmp_path / "code.bin", tmp_path / "code.safetensors")
    with pytest.raises(CheckpointError, match="exists"):
        convert(tmp_path / "pytorch_model.bin", tmp_path / "model.safetensors")


def test_upstreams_whole_package_can_still_be_imported_afterwards(tmp_path: Path) -> None:
    """The stand-in that spares the trainer leaves nothing behind."""
    make_checkpoint(tmp_path / "w")
    import sys

    assert "f5_tts.model" not in sys.modules
    assert "f5_tts.model.modules" in sys.modules


def test_loading_a_model_loads_no_gpl_and_no_non_commercial_code(tiny_folder: Path) -> None:
    """encodec (CC-BY-NC-4.0) and Unidecode (GPL) come with the extra; neither is asked for a waveform."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom workers.engines.f5.weights import load, open_folder\n"
        f"load(open_folder(Path({str(tiny_folder)!r})))\n"
        "print(sorted({'encodec', 'unidecode', 'wandb', 'av', 'mutagen'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"

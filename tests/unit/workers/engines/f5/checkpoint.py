"""Makes folders of weights of the true format with random values, from tiny to full size.

Speed and arithmetic do not depend on values, so the engine's tests and its benchmark need no download. Published
checkpoints have upstream's names (`ema_model.transformer...`); so have these.
"""

from __future__ import annotations

import math
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors.torch import save_file

from workers.engines.f5.upstream import configs_folder, load_upstream

SIZES: dict[str, dict[str, Any]] = {
    "tiny": {"dim": 64, "depth": 2, "heads": 2, "dim_head": 32, "text_dim": 32, "conv_layers": 2},
    "small": {"dim": 256, "depth": 4, "heads": 4, "text_dim": 128, "conv_layers": 4},
    "mid": {"dim": 512, "depth": 8, "heads": 8, "text_dim": 256, "conv_layers": 4},
    "full": {},
}
"""What differs from the named architecture."""
VOCODERS: dict[str, dict[str, int]] = {
    "tiny": {"dim": 64, "intermediate_dim": 128, "num_layers": 2},
    "small": {"dim": 128, "intermediate_dim": 384, "num_layers": 4},
    "mid": {"dim": 256, "intermediate_dim": 768, "num_layers": 8},
    "full": {"dim": 512, "intermediate_dim": 1536, "num_layers": 8},
}


def make_checkpoint(
    folder: Path, *, size: str = "tiny", architecture: str = "F5TTS_v1_Base", seed: int = 1, **changes: Any
) -> Path:
    """A folder that `open_folder` takes; `changes` go into the architecture."""
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((configs_folder() / f"{architecture}.yaml").read_text(encoding="utf-8"))
    model = config["model"]
    model["arch"] |= SIZES[size] | changes
    (folder / "model.yaml").write_text(yaml.safe_dump({"model": model, "languages": ["en", "zh", "de"]}))
    vocabulary = folder / "vocab.txt"
    shutil.copyfile(str(files("f5_tts").joinpath("infer/examples/vocab.txt")), vocabulary)
    tokens = len(vocabulary.read_text(encoding="utf-8").splitlines())
    generator = torch.Generator().manual_seed(seed)
    with torch.device("meta"):
        dit = load_upstream().dit(**model["arch"], text_num_embeds=tokens, mel_dim=100)
    state = {
        f"ema_model.transformer.{name}": _random(name, tensor, generator)
        for name, tensor in dit.state_dict().items()
    }
    state["ema_model.transformer.rotary_embed.inv_freq"] = _inverse_frequencies(
        model["arch"].get("dim_head", 64)
    )
    state |= {"initted": torch.tensor(True), "step": torch.tensor(1)}
    save_file(state, folder / "model_1250000.safetensors")
    _make_vocoder(folder / "vocoder", size, generator)
    return folder


def _make_vocoder(folder: Path, size: str, generator: torch.Generator) -> None:
    from vocos.heads import ISTFTHead
    from vocos.models import VocosBackbone

    folder.mkdir(exist_ok=True)
    backbone: dict[str, Any] = {"input_channels": 100, **VOCODERS[size]}
    head: dict[str, Any] = {
        "dim": VOCODERS[size]["dim"],
        "n_fft": 1024,
        "hop_length": 256,
        "padding": "center",
    }
    described = {
        "feature_extractor": {
            "class_path": "vocos.feature_extractors.MelSpectrogramFeatures",
            "init_args": {
                "sample_rate": 24000,
                "n_fft": 1024,
                "hop_length": 256,
                "n_mels": 100,
                "padding": "center",
            },
        },
        "backbone": {"class_path": "vocos.models.VocosBackbone", "init_args": backbone},
        "head": {"class_path": "vocos.heads.ISTFTHead", "init_args": head},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(described))
    state: dict[str, torch.Tensor] = {
        "feature_extractor.mel_spec.spectrogram.window": torch.hann_window(1024)
    }
    with torch.device("meta"):
        modules = {"backbone": VocosBackbone(**backbone), "head": ISTFTHead(**head)}
    for part, module in modules.items():
        for name, tensor in module.state_dict().items():
            state[f"{part}.{name}"] = _random(name, tensor, generator)
    state["head.istft.window"] = torch.hann_window(1024)
    save_file(state, folder / "model.safetensors")


def _random(name: str, like: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Values that keep signals finite: half the usual spread for products, near one for norms' scales."""
    if like.ndim > 1:
        fan_in = like[0].numel()
        return torch.randn(like.shape, generator=generator) * (0.5 / math.sqrt(fan_in))
    noise = torch.randn(like.shape, generator=generator) * 0.1
    is_scale = ("norm" in name and name.endswith("weight")) or name.endswith("gamma")
    return 1 + noise if is_scale else noise


def _inverse_frequencies(channels: int) -> torch.Tensor:
    return 1.0 / (10000 ** (torch.arange(0, channels, 2).float() / channels))

"""Makes folders of weights of Pocket TTS's format with random values, tiny or full size; upstream loads them as
they are.

Speed and arithmetic do not depend on values, so the engine's tests and its benchmark need no download.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from workers.engines.pocket.upstream import load_package, published_configs

LETTERS = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.,;:!?-"
TINY: dict[str, Any] = {
    "default_temperature": 0.3,
    "default_eos_threshold": -4.0,
    "replace_characters": {"’": "'"},
    "flow_lm": {
        "insert_bos_before_voice": True,
        "dtype": "float32",
        "flow": {"depth": 2, "dim": 48},
        "transformer": {
            "d_model": 64,
            "hidden_scale": 2,
            "max_period": 10000,
            "num_heads": 4,
            "num_layers": 2,
        },
        "lookup_table": {
            "dim": 64,
            "n_bins": len(LETTERS) + 1,
            "tokenizer": "tokenizers",
            "tokenizer_path": "hf://nobody/nothing/tokenizer.json",
        },
    },
    "mimi": {
        "dtype": "float32",
        "sample_rate": 24000,
        "inner_dim": 16,
        "outer_dim": 32,
        "channels": 1,
        "frame_rate": 12.5,
        "seanet": {
            "dimension": 32,
            "channels": 1,
            "n_filters": 4,
            "n_residual_layers": 1,
            "ratios": [6, 5, 4],
            "kernel_size": 7,
            "residual_kernel_size": 3,
            "last_kernel_size": 3,
            "dilation_base": 2,
            "pad_mode": "constant",
            "compress": 2,
        },
        "transformer": {
            "d_model": 32,
            "num_heads": 2,
            "num_layers": 2,
            "layer_scale": 0.01,
            "context": 250,
            "dim_feedforward": 64,
            "input_dimension": 32,
            "output_dimensions": [32],
        },
        "quantizer": {"dimension": 16, "output_dimension": 32},
    },
}
SMALL_HEADS: dict[str, Any] = {
    "z_dim": 32,
    "lookup_table": {**TINY["flow_lm"]["lookup_table"], "dim": 48, "rank": 16},
    "flow": {"depth": 2, "dim": 48, "type": "pointwise"},
    "transformer": {
        "d_model": 48,
        "hidden_scale": 1,
        "max_period": 10000,
        "num_heads": 3,
        "num_layers": 2,
        "dim_feedforward": 80,
        "attn_dim": 96,
        "num_kv_heads": 1,
    },
}
"""As upstream's smallest models have: keys shared by queries, a narrow output, a head without times."""


def make_weights(
    folder: Path, *, config: str | dict[str, Any] | None = None, loudness: float = 1.0, seed: int = 1
) -> Path:
    """A folder that both we and upstream take; `config` is a published name, a table, or None for the tiny one."""
    folder.mkdir(parents=True, exist_ok=True)
    table: dict[str, Any] = TINY if config is None else config if isinstance(config, dict) else {}
    if isinstance(config, str):
        table = yaml.safe_load((published_configs() / f"{config}.yaml").read_text(encoding="utf-8"))
        table["flow_lm"]["lookup_table"]["tokenizer"] = "tokenizers"
    plain = json.loads(json.dumps({**table, "languages": ["en"]}))  # what stands twice in a table is no alias
    (folder / "model.yaml").write_text(yaml.safe_dump(plain), encoding="utf-8")
    make_tokenizer(table["flow_lm"]["lookup_table"]["n_bins"]).save(str(folder / "tokenizer.json"))
    package = load_package()
    described = package.config(**upstream_table(folder))
    tts = package.model._from_pydantic_config(described, 0.3, 1, None, -4.0, None)
    tts.flow_lm.speaker_proj_weight = torch.nn.Parameter(
        torch.zeros(described.flow_lm.transformer.d_model, described.mimi.inner_dim)
    )
    tts.mimi = package.build_codec(described.mimi)
    generator = torch.Generator().manual_seed(seed)
    state = {name: _random(name, tensor, generator) for name, tensor in tts.state_dict().items()}
    for name, tensor in state.items():
        if name.startswith("mimi.decoder.model.11."):  # the last, which gives the samples
            state[name] = tensor * loudness
    save_file(state, folder / "model.safetensors")
    return folder


def upstream_table(folder: Path) -> dict[str, Any]:
    """The folder's configuration as upstream wants it: with paths to the files beside it."""
    table: dict[str, Any] = yaml.safe_load((folder / "model.yaml").read_text(encoding="utf-8"))
    del table["languages"]
    table.pop("weights_path_without_voice_cloning", None)
    table["weights_path"] = str(folder / "model.safetensors")
    table["flow_lm"]["lookup_table"]["tokenizer_path"] = str(folder / "tokenizer.json")
    return table


def load_with_upstream(folder: Path) -> Any:
    """Upstream's own `TTSModel`, loaded by itself from the same files."""
    path = folder.parent / f"{folder.name}-upstream.yaml"
    path.write_text(yaml.safe_dump(upstream_table(folder)), encoding="utf-8")
    return load_package().model.load_model(config=path)


def make_tokenizer(size: int) -> Tokenizer:
    """A token a letter, one for what is unknown, and as many more as it takes."""
    pieces = [("<unk>", 0.0), *((letter, -1.0) for letter in LETTERS)]
    pieces += [(f"<unused {number}>", -99.0) for number in range(size - len(pieces))]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=False)
    return tokenizer


def _random(name: str, like: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Values that keep signals finite and sound loud enough to be one."""
    if name.endswith("freqs"):
        return like.clone()
    if name.endswith("emb_std"):
        return torch.ones_like(like)
    if "layer_scale" in name:
        return torch.full_like(like, 0.1)
    if like.ndim > 1:
        fan_in = like[0].numel()
        return torch.randn(like.shape, generator=generator) / math.sqrt(fan_in)
    noise = torch.randn(like.shape, generator=generator) * 0.1
    is_scale = (("norm" in name or "_ln" in name) and name.endswith("weight")) or name.endswith("alpha")
    return 1 + noise if is_scale else noise

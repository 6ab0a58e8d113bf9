"""A folder of weights: what it says of itself, whether it is what the pin means, and the modules made from it.

    F5TTS_v1_Base/
        model_1250000.safetensors      one checkpoint, as upstream publishes it (`ema_model.` names or bare)
        vocab.txt
        model.yaml                     optional: {architecture: F5TTS_v1_Base, languages: [en, zh]}, or upstream's
                                       own training configuration with a `model:` table; `products: float8`
        vocoder/config.yaml            vocos
        vocoder/model.safetensors

Without `model.yaml` the architecture is the one whose name is in the checkpoint's or the folder's name. Weights are
safetensors only, and what their headers say is held against the file: a pickle is refused unread. Modules are made
without memory and take the file's tensors as they are, so that loading the full size costs the reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.engines.f5.faults import CheckpointError
from workers.engines.f5.files import check_header, check_sizes, read_lines, read_yaml
from workers.engines.f5.upstream import configs_folder, load_upstream, vocoder_parts

if TYPE_CHECKING:
    from torch import Tensor, nn

PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
VOCODER = "vocoder"
ARCHITECTURES = ("F5TTS_v1_Base", "F5TTS_v1_Small", "F5TTS_Base", "F5TTS_Small")
"""Names of upstream's configurations that are diffusion transformers; the longer of two that fit wins."""
KEYS = frozenset({"architecture", "languages", "products"})
"""Of `model.yaml` beside upstream's own configuration."""
OWN_PRODUCTS, FLOAT8_PRODUCTS = "own", "float8"
TOKENISERS = ("pinyin", "char")
PUBLISHED_LANGUAGES = frozenset({"en", "zh"})
"""Of the published base models (upstream's infer/SHARED.md)."""
FRAMES_LIMIT = 4096
"""43.7 s of reference and speech together; upstream's position table ends at 8192, its training at 30 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """What upstream's configuration says of a model."""

    name: str
    arch: Mapping[str, Any]
    """Arguments of `DiT`."""
    tokeniser: str
    """`pinyin` or `char`: how the training text was made."""
    mel: Mapping[str, Any]
    """Arguments of `MelSpec`."""
    languages: frozenset[str]
    """What it was trained to speak; empty when nobody says."""
    float8: bool = False
    """Whether the transformer's products round both sides to eight bits: another sound, so the pin says it."""

    @property
    def rate_hz(self) -> int:
        """Of the sound."""
        return int(self.mel["target_sample_rate"])

    @property
    def hop_samples(self) -> int:
        """Samples a mel frame."""
        return int(self.mel["hop_length"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The files of a model, found and named; nothing read but `model.yaml`."""

    path: Path
    checkpoint: Path
    vocabulary: Path
    vocoder_config: Path
    vocoder_weights: Path
    architecture: Architecture

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that decides sound."""
        described = self.path / "model.yaml"
        extra = (described,) if described.exists() else ()
        return (self.checkpoint, self.vocabulary, self.vocoder_config, self.vocoder_weights, *extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """Modules on the CPU in float32."""

    dit: nn.Module
    vocoder_backbone: nn.Module
    vocoder_head: nn.Module
    mel_spec: nn.Module
    vocabulary: Mapping[str, int]
    architecture: Architecture


def open_folder(path: Path) -> Folder:
    """Find the files; raises `CheckpointError` for what is missing or not safetensors."""
    if not path.is_dir():
        raise CheckpointError(f"there is no folder {path}; give the folder that holds the weights")
    vocoder = path / VOCODER
    checkpoint = _only_safetensors(path)
    folder = Folder(
        path=path,
        checkpoint=checkpoint,
        vocabulary=path / "vocab.txt",
        vocoder_config=vocoder / "config.yaml",
        vocoder_weights=_only_safetensors(vocoder),
        architecture=_architecture(path, checkpoint),
    )
    for weights in (folder.checkpoint, folder.vocoder_weights):
        check_header(weights)
    for needed in (folder.vocabulary, folder.vocoder_config):
        if not needed.is_file():
            raise CheckpointError(f"{needed} is missing; docs/f5.md says what the folder holds")
    return folder


def sound_files(path: Path) -> dict[str, Path]:
    """Path in the folder -> every file that decides sound. Raises `CheckpointError`."""
    folder = open_folder(path)
    return {str(file.relative_to(folder.path)): file for file in folder.files}


def digests(folder: Folder) -> dict[str, str]:
    """Path in the folder -> sha256 hex of every file that decides sound: what a pin records. 1-2 s a gigabyte."""
    return {str(file.relative_to(folder.path)): _sha256(file) for file in folder.files}


def check(folder: Folder, expected: Mapping[str, str]) -> None:
    """Raise `CheckpointError` unless every file that would be loaded is expected and has its digest."""
    actual = digests(folder)
    for name, sha256 in actual.items():
        if name not in expected:
            raise CheckpointError(f"{folder.path / name} is not in the pin; add the folder as a new pin")
        if expected[name] != sha256:
            raise CheckpointError(
                f"{folder.path / name} was changed since it was pinned; restore it or add a new pin"
            )
    if missing := sorted(expected.keys() - actual.keys()):
        raise CheckpointError(f"{', '.join(missing)}: pinned but not in {folder.path}; restore it")


def load(folder: Folder) -> LoadedModel:
    """Read the weights into modules. Raises `CheckpointError` when names or shapes do not fit the architecture."""
    upstream = load_upstream()
    vocabulary = read_vocabulary(folder.vocabulary)
    architecture = folder.architecture
    return LoadedModel(
        dit=_dit(upstream, architecture, folder.checkpoint, len(vocabulary)),
        **_vocos(folder, int(architecture.mel["n_mel_channels"])),
        mel_spec=upstream.mel_spec(**architecture.mel),
        vocabulary=vocabulary,
        architecture=architecture,
    )


def read_vocabulary(path: Path) -> dict[str, int]:
    """Token -> number, one a line, the first a space (upstream uses number 0 for what it does not know)."""
    tokens = read_lines(path)
    vocabulary = {token: number for number, token in enumerate(tokens)}
    if not tokens or tokens[0] != " " or len(vocabulary) != len(tokens):
        raise CheckpointError(f"{path} is no F5 vocabulary: a space first, then one token a line, none twice")
    return vocabulary


def _only_safetensors(folder: Path) -> Path:
    files = sorted(folder.glob("*.safetensors"))
    if len(files) == 1:
        return files[0]
    if files:
        raise CheckpointError(f"{folder} holds {len(files)} safetensors files; leave the one to be used")
    pickles = sorted(file.name for file in folder.glob("*") if file.suffix in PICKLES)
    if pickles:
        raise CheckpointError(
            f"{folder / pickles[0]} is a pickle, which can run code when read, and is not read; "
            "convert it with `python -m workers.engines.f5.convert`"
        )
    raise CheckpointError(f"{folder} holds no safetensors file; docs/f5.md says what the folder holds")


def _architecture(path: Path, checkpoint: Path) -> Architecture:
    described = path / "model.yaml"
    table: Any = (read_yaml(described) if described.exists() else None) or {}
    if not isinstance(table, Mapping):
        raise CheckpointError(f"{described} is no table; docs/f5.md shows one")
    languages = table.get("languages")
    products = table.get("products", OWN_PRODUCTS)
    if products not in (OWN_PRODUCTS, FLOAT8_PRODUCTS):
        raise CheckpointError(
            f"{described}: products {products!r}; known are {OWN_PRODUCTS} (the worker's precision), {FLOAT8_PRODUCTS}"
        )
    float8 = products == FLOAT8_PRODUCTS
    if "model" in table:
        for key in sorted(
            str(key) for key in table.keys() - KEYS
        ):  # upstream's configurations have others, too
            if near := get_close_matches(key, KEYS, n=1, cutoff=0.8):
                raise CheckpointError(f"{described}: unknown {key}; did you mean {near[0]}?")
        return replace(_described(table["model"], described, languages), float8=float8)
    if unknown := sorted(table.keys() - KEYS):
        raise CheckpointError(
            f"{described}: unknown {', '.join(unknown)}; known are {', '.join(sorted(KEYS))}"
        )
    name = table.get("architecture") or _named(checkpoint.stem, path.name)
    if name not in ARCHITECTURES:
        raise CheckpointError(
            f"nothing says which architecture {checkpoint} has; write {path / 'model.yaml'} with "
            f"`architecture:` one of {', '.join(ARCHITECTURES)}"
        )
    config = read_yaml(configs_folder() / f"{name}.yaml")
    published = sorted(PUBLISHED_LANGUAGES) if languages is None else languages
    return replace(_described(config["model"], described, published), float8=float8)


def _named(*names: str) -> str | None:
    fitting = [
        architecture
        for architecture in ARCHITECTURES
        for name in names
        if architecture.lower() in name.lower()
    ]
    return max(fitting, key=len) if fitting else None


def _described(model: Mapping[str, Any], path: Path, languages: object) -> Architecture:
    try:
        name, backbone, tokeniser = str(model["name"]), model["backbone"], model["tokenizer"]
        arch, mel = dict(model["arch"]), dict(model["mel_spec"])
        check_sizes(path, arch)
        check_sizes(path, mel)
        needed = (mel["target_sample_rate"], mel["n_mel_channels"], mel["hop_length"], mel["mel_spec_type"])
    except (KeyError, TypeError, ValueError) as problem:
        raise CheckpointError(f"{path}: `model` lacks {problem}; take upstream's configuration") from problem
    if backbone != "DiT":
        raise CheckpointError(f"{path}: backbone {backbone} is not made here; F5's is DiT")
    if tokeniser == "custom":  # upstream's name for "a vocabulary file of one's own", trained on pinyin
        tokeniser = "pinyin"
    if tokeniser not in TOKENISERS:
        raise CheckpointError(f"{path}: tokenizer {tokeniser!r}; known are {', '.join(TOKENISERS)}")
    if needed[-1] != "vocos":
        raise CheckpointError(f"{path}: mel_spec_type {mel['mel_spec_type']}; only vocos is made here")
    if arch.get("long_skip_connection"):
        raise CheckpointError(f"{path}: long_skip_connection is not made here; use a model without it")
    if languages is not None and not (
        isinstance(languages, list | tuple) and all(isinstance(language, str) for language in languages)
    ):
        raise CheckpointError(f"{path}: languages is a list such as [en, zh]")
    arch.update(attn_backend="torch", attn_mask_enabled=False, checkpoint_activations=False)
    return Architecture(
        name=name, arch=arch, tokeniser=tokeniser, mel=mel, languages=frozenset(languages or ())
    )


def _dit(upstream: Any, architecture: Architecture, checkpoint: Path, vocabulary: int) -> nn.Module:
    import torch

    try:
        with torch.device("meta"):
            dit = upstream.dit(
                **architecture.arch,
                text_num_embeds=vocabulary,
                mel_dim=int(architecture.mel["n_mel_channels"]),
            )
    except (TypeError, ValueError, RuntimeError) as problem:
        raise CheckpointError(
            f"architecture {architecture.name}: {problem}; take upstream's configuration"
        ) from problem
    state = {
        name.removeprefix("ema_model.").removeprefix("transformer."): _float(checkpoint, name, tensor)
        for name, tensor in _read(checkpoint).items()
        if name.removeprefix("ema_model.").startswith("transformer.")
    }
    _fill(dit, state, checkpoint, f"architecture {architecture.name} with {vocabulary} tokens")
    text = dit.text_embed
    if text.extra_modeling:  # a buffer that checkpoints do not hold
        text.freqs_cis = upstream.precompute_freqs_cis(text.text_embed.embedding_dim, text.precompute_max_pos)
    network: nn.Module = dit.eval().requires_grad_(False)
    return network


def _vocos(folder: Folder, mel_channels: int) -> dict[str, Any]:
    import torch

    backbone, head = vocoder_parts()
    config = read_yaml(folder.vocoder_config)
    vocoder: dict[str, Any] = {}
    weights = _read(folder.vocoder_weights)
    for part, name, kind in (
        ("backbone", "vocos.models.VocosBackbone", backbone),
        ("head", "vocos.heads.ISTFTHead", head),
    ):
        # the file names a class and its arguments; only these two are made, nothing is imported by its name
        table = config.get(part) if isinstance(config, Mapping) else None
        if not isinstance(table, Mapping) or table.get("class_path") != name:
            raise CheckpointError(f"{folder.vocoder_config}: `{part}` is not {name}; take vocos-mel-24khz's")
        try:
            arguments = dict(table["init_args"])
            check_sizes(folder.vocoder_config, arguments)
            with torch.device("meta"):
                module = kind(**arguments)
        except (KeyError, TypeError, ValueError, RuntimeError) as problem:
            raise CheckpointError(
                f"{folder.vocoder_config}: `{part}` {problem}; take vocos-mel-24khz's"
            ) from problem
        state = {
            key.removeprefix(f"{part}."): _float(folder.vocoder_weights, key, tensor)
            for key, tensor in weights.items()
            if key.startswith(f"{part}.")
        }
        _fill(module, state, folder.vocoder_weights, name)
        vocoder[f"vocoder_{part}"] = module.eval().requires_grad_(False)
    if config["backbone"]["init_args"].get("input_channels") != mel_channels:
        raise CheckpointError(
            f"{folder.vocoder_config}: made for another mel; F5 has {mel_channels} channels"
        )
    return vocoder


def _read(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as problem:
        raise CheckpointError(f"{path} cannot be read ({problem}); copy it again") from problem


def _float(path: Path, name: str, tensor: Tensor) -> Tensor:
    """The same in float32; a number that was trained is no whole one."""
    if not tensor.is_floating_point():
        raise CheckpointError(
            f"{path}: {name} is of {tensor.dtype}, not of floats; take the published weights"
        )
    return tensor.float()


def _fill(module: nn.Module, state: Mapping[str, Tensor], path: Path, what: str) -> None:
    try:
        module.load_state_dict(dict(state), strict=True, assign=True)
    except RuntimeError as problem:
        first = str(problem).strip().splitlines()[1:2] or [str(problem)]
        raise CheckpointError(
            f"{path} does not fit {what}: {first[0].strip()[:300]}. Check model.yaml and vocab.txt"
        ) from problem


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

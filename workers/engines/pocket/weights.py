"""A folder of weights of Pocket TTS: found, checked, read into upstream's modules.

    english/
        model.safetensors       as published, the weights *with* voice cloning
        tokenizer.json          or tokenizer.model
        model.yaml              upstream's configuration of that model, or `architecture: english`, the name of one
                                that the package brings; and `languages: [en]` where its name does not say it

What a configuration names on a hub is not fetched: the files of the folder are taken. Safetensors only, and what
their header says is held against the file. Modules are made without memory and take the file's tensors as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.engines.f5.faults import CheckpointError
from workers.engines.f5.files import check_header, check_sizes, read_yaml
from workers.engines.pocket.upstream import load_package, published_configs

if TYPE_CHECKING:
    from torch import Tensor

CONFIG = "model.yaml"
TOKENIZERS = ("tokenizer.json", "tokenizer.model")
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
OWN_KEYS = frozenset({"architecture", "languages"})
LANGUAGES = {
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "portuguese": "pt",
    "spanish": "es",
}
"""First word of a published configuration's name -> BCP 47."""
PAGE = "docs/pocket.md says what the folder holds"
HEADS = ("lsd", "flow_matching", "drifting", "pointwise")


@dataclass(frozen=True, slots=True, kw_only=True)
class PocketFolder:
    """The files of a model, found and named; nothing read but `model.yaml`."""

    path: Path
    checkpoint: Path
    tokenizer: Path
    described: Path
    table: Mapping[str, Any]
    """Upstream's configuration."""
    languages: frozenset[str]

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that decides sound."""
        return (self.checkpoint, self.tokenizer, self.described)

    @property
    def rate_hz(self) -> int:
        """Of the sound."""
        return int(self.table["mimi"]["sample_rate"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PocketModel:
    """Upstream's modules on the CPU in float32, and its configuration."""

    tts: Any
    config: Any


def open_pocket_folder(path: Path) -> PocketFolder:
    """Find the files; raises `CheckpointError` for what is missing, not safetensors or not to be made here."""
    if not path.is_dir():
        raise CheckpointError(f"there is no folder {path}; give the folder that holds the weights")
    described = path / CONFIG
    if not described.is_file():
        raise CheckpointError(
            f"{described} is missing; write `architecture: english`, or copy upstream's configuration; {PAGE}"
        )
    checkpoint = _only_safetensors(path)
    tokenizers = [path / name for name in TOKENIZERS if (path / name).is_file()]
    if len(tokenizers) != 1:
        found = "no tokenizer" if not tokenizers else "two tokenizers"
        raise CheckpointError(f"{path} holds {found}; leave one of {', '.join(TOKENIZERS)}; {PAGE}")
    table, languages = _described(described)
    check_header(checkpoint)
    return PocketFolder(
        path=path,
        checkpoint=checkpoint,
        tokenizer=tokenizers[0],
        described=described,
        table=table,
        languages=languages,
    )


def check_digests(folder: PocketFolder, expected: Mapping[str, str]) -> None:
    """Raise `CheckpointError` unless every file that would be loaded is expected and has its digest."""
    for file in folder.files:
        name = file.name
        if name not in expected:
            raise CheckpointError(f"{file} is not in the pin; add the folder as a new pin")
        if expected[name] != _sha256(file):
            raise CheckpointError(f"{file} was changed since it was pinned; restore it or add a new pin")


def weights_digest(folder: PocketFolder, expected: Mapping[str, str]) -> str:
    """sha256 hex over what decides sound: what a stored conditioning belongs to."""
    lines = [f"{file.name} {expected.get(file.name) or _sha256(file)}" for file in folder.files]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def load_model(folder: PocketFolder) -> PocketModel:
    """Read the weights into modules. Raises `CheckpointError` when names or shapes do not fit the configuration."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    package = load_package()
    config = _config(folder, package)
    try:
        with torch.device("meta"):
            tts = package.model._from_pydantic_config(
                config, config.default_temperature, 1, None, config.default_eos_threshold, None
            )
            inner = config.mimi.inner_dim or config.mimi.seanet.dimension
            projection = torch.zeros(config.flow_lm.transformer.d_model, inner)
            tts.flow_lm.speaker_proj_weight = torch.nn.Parameter(projection)
            tts.mimi = package.build_codec(config.mimi)
    except (AssertionError, AttributeError, TypeError, ValueError, RuntimeError, OSError) as problem:
        raise CheckpointError(f"{folder.described}: {problem}; take upstream's configuration") from problem
    except Exception as problem:  # tokenizers raises bare ones for a file that is none
        raise CheckpointError(f"{folder.tokenizer} cannot be read ({problem}); copy it again") from problem
    try:
        tensors = load_file(folder.checkpoint)
    except (SafetensorError, OSError, ValueError, KeyError) as problem:
        raise CheckpointError(f"{folder.checkpoint} cannot be read ({problem}); copy it again") from problem
    state = {name: _float(folder.checkpoint, name, tensor) for name, tensor in tensors.items()}
    try:
        tts.load_state_dict(state, strict=True, assign=True)
    except RuntimeError as problem:
        first = str(problem).strip().splitlines()[1:2] or [str(problem)]
        raise CheckpointError(
            f"{folder.checkpoint} does not fit {CONFIG}: {first[0].strip()[:300]}; "
            "take the configuration of these weights"
        ) from problem
    package.stamp_state_names(tts)
    return PocketModel(tts=tts.eval().requires_grad_(False), config=config)


def _config(folder: PocketFolder, package: Any) -> Any:
    """Upstream's, with no path that it could fetch."""
    table = {key: value for key, value in folder.table.items() if not key.startswith("weights_path")}
    flow, mimi = dict(table["flow_lm"]), dict(table["mimi"])
    flow.pop("weights_path", None)
    mimi.pop("weights_path", None)
    kind = "tokenizers" if folder.tokenizer.suffix == ".json" else "sentencepiece"
    flow["lookup_table"] = {
        **flow["lookup_table"],
        "tokenizer": kind,
        "tokenizer_path": str(folder.tokenizer.resolve()),
    }
    try:
        return package.config(**{**table, "flow_lm": flow, "mimi": mimi})
    except ValueError as problem:
        told = " ".join(str(problem).split())[:300]
        raise CheckpointError(f"{folder.described}: {told}; take upstream's configuration") from problem


def _described(path: Path) -> tuple[Mapping[str, Any], frozenset[str]]:
    table = read_yaml(path)
    if not isinstance(table, Mapping):
        raise CheckpointError(f"{path} is no table; {PAGE}")
    own = {key: table[key] for key in OWN_KEYS & table.keys()}
    languages = own.get("languages")
    if languages is not None and not (
        isinstance(languages, list) and all(isinstance(language, str) for language in languages)
    ):
        raise CheckpointError(f"{path}: languages is a list such as [en]")
    name = own.get("architecture")
    described = {key: value for key, value in table.items() if key not in OWN_KEYS}
    if name is not None:
        if described:
            raise CheckpointError(
                f"{path}: architecture beside {sorted(described)[0]}; give a name or a whole configuration"
            )
        configs = published_configs()
        known = sorted(file.stem for file in configs.glob("*.yaml"))
        if name not in known:
            raise CheckpointError(f"{path}: architecture {name!r}; known are {', '.join(known)}")
        described = read_yaml(configs / f"{name}.yaml")
        if languages is None:
            languages = [code for word, code in LANGUAGES.items() if name.startswith(word)]
    _check_made_here(path, described)
    return described, frozenset(languages or ())


def _check_made_here(path: Path, table: Mapping[str, Any]) -> None:
    """Raise `CheckpointError` for a configuration that lacks what is needed or wants what is not made here."""
    try:
        flow, mimi = table["flow_lm"], table["mimi"]
        kind, dtypes = flow["flow"].get("type", "lsd"), {flow["dtype"], mimi["dtype"]}
        decoder = mimi.get("decoder_seanet") or mimi["seanet"]
        for sizes in (flow["flow"], flow["transformer"], flow["lookup_table"], mimi, mimi["seanet"], decoder):
            check_sizes(path, sizes)
        facts = (decoder["pad_mode"], mimi["channels"], float(mimi["frame_rate"]), int(mimi["sample_rate"]))
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise CheckpointError(f"{path} lacks {problem}; take upstream's configuration") from problem
    if kind not in HEADS:
        raise CheckpointError(f"{path}: flow type {kind!r}; known are {', '.join(HEADS)}")
    if dtypes != {"float32"}:
        raise CheckpointError(f"{path}: dtype {', '.join(sorted(dtypes))}; only float32 is made here")
    if facts[:2] != ("constant", 1):
        raise CheckpointError(
            f"{path}: pad_mode {facts[0]}, {facts[1]} channels; only constant and one are made here"
        )


def _only_safetensors(folder: Path) -> Path:
    files = sorted(folder.glob("*.safetensors"))
    if len(files) == 1:
        return files[0]
    if files:
        raise CheckpointError(f"{folder} holds {len(files)} safetensors files; leave the one to be used")
    pickles = sorted(file.name for file in folder.glob("*") if file.suffix in PICKLES)
    if pickles:
        raise CheckpointError(
            f"{folder / pickles[0]} is a pickle, which can run code when read, and is not read; {PAGE}"
        )
    raise CheckpointError(f"{folder} holds no safetensors file; {PAGE}")


def _float(path: Path, name: str, tensor: Tensor) -> Tensor:
    """The same in float32; a number that was trained is no whole one."""
    if not tensor.is_floating_point():
        raise CheckpointError(
            f"{path}: {name} is of {tensor.dtype}, not of floats; take the published weights"
        )
    return tensor.float()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

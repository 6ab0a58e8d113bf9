"""The model code of the `f5-tts` and `vocos` packages, without what only training needs.

`import f5_tts.model` runs a package file that imports the trainer: wandb, accelerate, datasets and pandas, over a
third of its time. The modules that make sound are imported here under an empty stand-in for that package, which is
taken away again, so that a later `import f5_tts.model` (the benchmark does it) finds everything in order and the
same classes. vocos' package file imports encodec, whose code is CC-BY-NC-4.0: it stays out of the process the same way.
"""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from workers.engines.engine import EngineError

MODEL = "f5_tts.model"
VOCODER = "vocos"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """What is used of the package."""

    dit: Any
    mel_spec: Any
    precompute_freqs_cis: Any
    get_epss_timesteps: Any
    convert_char_to_pinyin: Any


def load_upstream() -> Upstream:
    """The package's classes and functions; 4-10 s the first time. Raises `EngineError` when it is not installed."""
    with _lock, without_training(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            modules = importlib.import_module(f"{MODEL}.modules")
            functions = importlib.import_module(f"{MODEL}.utils")
            dit = importlib.import_module(f"{MODEL}.backbones.dit")
        except ImportError as problem:
            raise EngineError(
                f"the F5 engine cannot be loaded ({problem}); install campaign[f5]"
            ) from problem
    return Upstream(
        dit=dit.DiT,
        mel_spec=modules.MelSpec,
        precompute_freqs_cis=modules.precompute_freqs_cis,
        get_epss_timesteps=functions.get_epss_timesteps,
        convert_char_to_pinyin=functions.convert_char_to_pinyin,
    )


def configs_folder() -> Path:
    """Where the package keeps the configurations of its models."""
    return _folder() / "configs"


def _folder() -> Path:
    spec = find_spec("f5_tts")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("the F5 engine needs the f5-tts package; install campaign[f5]")
    return Path(next(iter(spec.submodule_search_locations)))


def vocoder_parts() -> tuple[Any, Any]:
    """vocos' backbone and head, as classes; raises `EngineError` when it is not installed."""
    with _lock, _without_package_file(VOCODER), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = importlib.import_module(f"{VOCODER}.models")
        heads = importlib.import_module(f"{VOCODER}.heads")
    return models.VocosBackbone, heads.ISTFTHead


@contextmanager
def without_training() -> Iterator[None]:
    """Modules under `f5_tts.model` can be imported in here without its package file."""
    _folder()
    importlib.import_module("f5_tts")
    with _without_package_file(MODEL):
        yield


@contextmanager
def _without_package_file(name: str) -> Iterator[None]:
    """Modules under the package `name` can be imported in here; its own file is not run. What holds it is loaded."""
    if name in sys.modules:
        yield
        return
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"the F5 engine needs {name.partition('.')[0]}; install campaign[f5]")
    stand_in = ModuleType(name)
    stand_in.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = stand_in
    above, _, own = name.rpartition(".")
    try:
        yield
    finally:
        del sys.modules[name]
        if above:
            vars(sys.modules[above]).pop(own, None)

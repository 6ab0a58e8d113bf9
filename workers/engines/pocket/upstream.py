"""The `pocket-tts` package, without what its import does to the process.

Importing it sets torch to one thread for everybody; the number that was there before is put back. Its loader would
fetch what a configuration names from a hub: paths are replaced by files of the folder before it sees them.
"""

from __future__ import annotations

import importlib
import threading
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workers.engines.engine import EngineError

PACKAGE = "pocket_tts"
INSTALL = "install campaign[pocket]"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class PocketPackage:
    """What is used of the package."""

    config: Any
    """The model of a configuration, strict."""
    model: Any
    build_codec: Any
    stamp_state_names: Any
    end_on_pause: Any
    prepare_text_prompt: Any
    split_into_best_sentences: Any


def load_package() -> PocketPackage:
    """Its classes and functions; 2-5 s the first time. Raises `EngineError` when it is not installed."""
    import torch

    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        threads = torch.get_num_threads()
        try:
            tts = importlib.import_module(f"{PACKAGE}.models.tts_model")
            chunking = importlib.import_module(f"{PACKAGE}.models.text_chunking")
            mimi = importlib.import_module(f"{PACKAGE}.models.mimi")
            audio = importlib.import_module(f"{PACKAGE}.data.audio_utils")
            config = importlib.import_module(f"{PACKAGE}.utils.config")
        except ImportError as problem:
            raise EngineError(f"the pocket engine cannot be loaded ({problem}); {INSTALL}") from problem
        finally:
            torch.set_num_threads(threads)
    return PocketPackage(
        config=config.Config,
        model=tts.TTSModel,
        build_codec=mimi.build_mimi,
        stamp_state_names=tts.stamp_state_names,
        end_on_pause=audio.end_on_pause,
        prepare_text_prompt=chunking.prepare_text_prompt,
        split_into_best_sentences=chunking.split_into_best_sentences,
    )


def published_configs() -> Path:
    """Where the package keeps the configurations of its models; raises `EngineError` when it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"the pocket engine needs the pocket-tts package; {INSTALL}")
    return Path(next(iter(spec.submodule_search_locations))) / "config"

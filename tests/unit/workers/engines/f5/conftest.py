"""One tiny folder of weights and a reference for all tests of the engine.

Triton's own functions are defined when it is imported, to be interpreted or for a device: here for the interpreter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

os.environ["TRITON_INTERPRET"] = "1"
try:
    import triton.language  # noqa: F401
finally:
    del os.environ["TRITON_INTERPRET"]

from tests.unit.workers.engines.f5.checkpoint import make_checkpoint
from tests.unit.workers.engines.f5.requests import preset_sound
from workers.engines.engine import PresetSound
from workers.engines.f5 import F5Engine


@pytest.fixture(scope="module", autouse=True)
def plain_arithmetic() -> Iterator[None]:
    """One thread and no oneDNN, before every file's fixtures.

    What opens a device in a file before may have set another number of threads for the process, and two on cores that
    others use wait for each other, up to twenty times as long as the work takes. oneDNN takes another kernel for a
    convolution of another length: on CPUs with AVX2 alone a budget of 512 frames has other bits than one of 1,024.
    Admission is there to find that, and a test could not say what it should find.
    """
    import torch

    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(torch.backends.mkldnn, "enabled", False)
        yield


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("weights") / "F5TTS_v1_Base")


@pytest.fixture(scope="session")
def preset() -> PresetSound:
    return preset_sound()


@pytest.fixture(scope="session")
def alone_engine(tiny_folder: Path, preset: PresetSound) -> Iterator[F5Engine]:
    """Every utterance in a pack of its own: the CPU's own way."""
    engine = F5Engine(location=tiny_folder)
    engine.warm([preset])
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def packing_engine(tiny_folder: Path, preset: PresetSound) -> Iterator[F5Engine]:
    """Fixed budgets, filled up: the GPU's way, on the CPU."""
    engine = F5Engine(location=tiny_folder, frame_budgets=(1024, 2048, 4096))
    engine.warm([preset])
    yield engine
    engine.close()


@pytest.fixture
def noise_wave() -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.1, 24_000).astype(np.float32)

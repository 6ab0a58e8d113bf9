"""One tiny folder of weights and a speaker for all tests of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.unit.workers.engines.pocket.requests import speaker
from tests.unit.workers.engines.pocket.weights import make_weights
from workers.engines.engine import PresetSound
from workers.engines.pocket import PocketEngine


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Two threads on cores that others use wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_weights(tmp_path_factory.mktemp("weights") / "english")


@pytest.fixture(scope="session")
def kira() -> PresetSound:
    return speaker()


@pytest.fixture(scope="session")
def engine(tiny_weights: Path, kira: PresetSound) -> Iterator[PocketEngine]:
    torch.set_num_threads(1)  # this is made before a module's own fixtures
    engine = PocketEngine(location=tiny_weights)
    engine.warm([kira])
    yield engine
    engine.close()

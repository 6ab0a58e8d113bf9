"""Exports of other makers: their inputs' names, durations as an output of their own, inside, or not at all."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.unit.workers.engines.kokoro.exports import export
from workers.engines.engine import EngineError
from workers.engines.kokoro.child import DURATIONS
from workers.engines.kokoro.process import KokoroProcess, PartToSpeak, SpokenPart

PART = PartToSpeak(tokens=(43, 44), style=np.linspace(0, 0.5, 256, dtype=np.float32), speed=2.0)


@pytest.mark.parametrize(
    ("network", "durations"),
    [
        (export(), (0, 43, 44, 0)),
        (export(tokens="tokens", durations=DURATIONS[1].decode()), (0, 43, 44, 0)),
        (export(durations="nobody"), ()),
    ],
    ids=["timestamped", "inside", "none"],
)
def test_durations_are_found_where_an_export_has_them(
    tmp_path: Path, network: bytes, durations: tuple[float, ...]
) -> None:
    (tmp_path / "model.onnx").write_bytes(network)
    with closing(KokoroProcess(tmp_path / "model.onnx", hashlib.sha256(network).hexdigest())) as process:
        spoken = process.ask(PART, 20)
        assert isinstance(spoken, SpokenPart), spoken
    assert np.array_equal(spoken.sound, PART.style * np.float32(2.0))
    assert spoken.durations == durations


def test_another_network_is_refused_with_what_it_takes(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(export(tokens="words"))
    with (
        closing(KokoroProcess(tmp_path / "model.onnx", "")) as process,
        pytest.raises(EngineError, match="it takes speed, style, words, not tokens, style and speed"),
    ):
        process.start()

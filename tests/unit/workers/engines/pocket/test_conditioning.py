"""What is kept of a reference: the same bytes each time, and no others' are taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.workers.engines.pocket.requests import SENTENCES, request, sounds, speaker
from tests.unit.workers.engines.pocket.weights import make_weights
from workers.conditioning import ConditioningEngine
from workers.engines.engine import EngineError, PresetSound
from workers.engines.pocket import PocketEngine


def test_kept_bytes_are_the_same_each_time_and_speak_alike_without_the_recording(
    engine: PocketEngine, tiny_weights: Path, kira: PresetSound
) -> None:
    assert isinstance(engine, ConditioningEngine)
    kept = engine.conditioning_bytes(kira)
    other = PocketEngine(location=tiny_weights)
    assert other.conditioning_bytes(kira) == kept
    other = PocketEngine(location=tiny_weights)
    deaf = replace(kira, reference=None)
    other.load_conditioning(deaf, kept)
    assert sounds(other, [request(SENTENCES[0], deaf)]) == sounds(engine, [request(SENTENCES[0], kira)])


def test_bytes_of_another_speaker_other_weights_or_none_are_refused(
    engine: PocketEngine, kira: PresetSound, tmp_path: Path
) -> None:
    kept = engine.conditioning_bytes(kira)
    with pytest.raises(EngineError, match="another preset or other weights"):
        engine.load_conditioning(speaker(name="tom"), kept)
    others = PocketEngine(location=make_weights(tmp_path / "others", seed=2))
    with pytest.raises(EngineError, match="another preset or other weights"):
        others.load_conditioning(kira, kept)
    with pytest.raises(EngineError, match="no stored conditioning"):
        engine.load_conditioning(kira, kept[:-1])

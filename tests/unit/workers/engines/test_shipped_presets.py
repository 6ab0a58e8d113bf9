"""Presets that ship are frozen: their digest is written here."""

from __future__ import annotations

import numpy as np
import pytest

from workers.engines.engine import EngineError
from workers.presets.shipped import shipped_preset, shipped_presets
from workers.presets.sound import sound_digest


def test_demo_voice_1_is_what_it_was() -> None:
    assert shipped_presets() == (("demo-voice", 1), ("demo-voice", 2), ("demo-voice-hesitant", 1))
    assert (
        shipped_preset("demo-voice", 1, engine="espeak").sound_digest
        == "74a57a17223079c3d0880cd65a9aa7f9907346cdc58c525738dd1881496f1dd4"
    )
    assert (
        shipped_preset("demo-voice", 1, engine="tone").sound_digest
        == "b8814b98a2dd28d943ae0a1f0c5a1f3216fd046ecae77785b1247dd935c8b11c"
    )


def test_demo_voice_2_is_what_it_was_and_falls_back_on_demo_voice_1() -> None:
    assert (
        shipped_preset("demo-voice", 2, engine="kokoro").sound_digest
        == "39b6dcb2b3c9f50dd7b1dcb8d691fbf6979dca871eba826232c7714156fef879"
    )
    for engine in ("espeak", "tone"):
        second = shipped_preset("demo-voice", 2, engine=engine)
        assert second.sound_digest == shipped_preset("demo-voice", 1, engine=engine).sound_digest


def test_the_hesitant_voice_is_demo_voice_with_flaws() -> None:
    for engine, digest in (
        ("kokoro", "c355ee2688181d8a381f01bd1b2c446007f46a0d2bfa3a0b61698b43f5b033c0"),
        ("espeak", "57ea139d7bede1eda8b9c3462a9f2e3dc379e8bfe86a5c5c9c7fa7659c0ae481"),
        ("tone", "c65b6f0ba65ec4ac7156ebfae42eeed0c11bbc8238c0a6f0e98b913d66f1ccbe"),
    ):
        hesitant = shipped_preset("demo-voice-hesitant", 1, engine=engine)
        assert hesitant.sound_digest == digest
        table = {key: value for key, value in hesitant.parameters.items() if key != "imperfections"}
        assert table == shipped_preset("demo-voice", 2, engine=engine).parameters


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(EngineError, match="demo-voice@1"):
        shipped_preset("demo-voice", 99, engine="espeak")
    with pytest.raises(EngineError, match="for f5"):
        shipped_preset("demo-voice", 1, engine="f5")


def test_the_sound_digest_covers_all_that_decides_sound() -> None:
    pcm = np.arange(100, dtype=np.int16)
    digests = {
        sound_digest(
            engine="f5", parameters={"a": 1}, reference=pcm, reference_rate_hz=24_000, transcript="Hi."
        ),
        sound_digest(
            engine="f6", parameters={"a": 1}, reference=pcm, reference_rate_hz=24_000, transcript="Hi."
        ),
        sound_digest(
            engine="f5", parameters={"a": 2}, reference=pcm, reference_rate_hz=24_000, transcript="Hi."
        ),
        sound_digest(
            engine="f5", parameters={"a": 1}, reference=pcm[1:], reference_rate_hz=24_000, transcript="Hi."
        ),
        sound_digest(
            engine="f5", parameters={"a": 1}, reference=pcm, reference_rate_hz=16_000, transcript="Hi."
        ),
        sound_digest(
            engine="f5", parameters={"a": 1}, reference=pcm, reference_rate_hz=24_000, transcript="Ho."
        ),
    }
    assert len(digests) == 6

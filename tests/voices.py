"""Recordings for tests, spoken by espeak-ng: real speech, nobody's voice."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workers.engines.engine import JsonValue, Pcm, PresetSound, SpokenSpan, SynthesisRequest, Waveform
from workers.engines.registry import create_engine
from workers.pcm import to_wav
from workers.presets.sound import sound_digest

RATE_HZ = 22_050
TEXT = "Good morning, this is a short recording of a voice that nobody owns. It reads two sentences."
CONSENT = """\
person = "nobody: espeak-ng"
purposes = ["non-commercial", "research"]
languages = ["en", "de"]
territories = ["DE", "AT"]
given = 2026-11-01
until = 2100-12-31
proof = "proof.txt"
"""


def spoken(sentences: Sequence[str], *, variant: str = "f2", pitch: int = 50) -> list[Pcm]:
    """Each sentence by itself, at `RATE_HZ`."""
    parameters: dict[str, JsonValue] = {"voices": {"en": "en-gb"}, "variant": variant, "pitch": pitch}
    sound = PresetSound(
        name="test",
        version=1,
        sound_digest=sound_digest(engine="espeak", parameters=parameters),
        engine="espeak",
        parameters=parameters,
    )
    requests = [
        SynthesisRequest(
            key=f"{number:064x}", spans=(SpokenSpan(text=text, language="en"),), preset=sound, seed=0
        )
        for number, text in enumerate(sentences)
    ]
    with contextlib.closing(create_engine("espeak")) as engine:
        outcomes = engine.synthesise(requests)
    made = [one.pcm for one in outcomes if isinstance(one, Waveform)]
    assert len(made) == len(sentences)
    return made


def silence(seconds: float) -> Pcm:
    """Digital silence."""
    return np.zeros(round(seconds * RATE_HZ), dtype=np.int16)


def recording() -> Pcm:
    """`TEXT` with half a second of silence around it."""
    return np.concatenate((silence(0.5), *spoken([TEXT]), silence(0.7)))


def write_recording(path: Path) -> Path:
    """`recording` as a WAV file."""
    path.write_bytes(to_wav(recording(), RATE_HZ))
    return path


def write_consent(folder: Path, text: str = CONSENT) -> Path:
    """A consent file with its proof beside it."""
    (folder / "proof.txt").write_text("signed")
    path = folder / "consent.toml"
    path.write_text(text)
    return path

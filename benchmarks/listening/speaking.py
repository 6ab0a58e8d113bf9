"""Kokoro's speech of rows, each text once, and files made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.voices.speaking import made_of, place_of_weights
from campaign.speech.pieces import SpokenUtterance
from workers.engines.engine import WORDS, Pcm
from workers.engines.registry import create_engine
from workers.finish import FinishedAudio, FinishProfile, Part, finish
from workers.finish.words import told_times
from workers.presets.shipped import shipped_preset
from workers.requests import Spec, request_for

Times = tuple[tuple[float, float], ...]
PROFILE = FinishProfile.from_mapping({"codec": "mp3", "gain": "asset"})


class Voice:
    """`demo-voice@2`; what it said before lies in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        location = place_of_weights("kokoro")
        if location is None or not location.exists():
            raise SystemExit("Kokoro is not here: campaign voice get kokoro")
        self._engine = create_engine("kokoro", location=location)
        self._preset = shipped_preset("demo-voice", 2, engine="kokoro")

    def say(self, utterances: Sequence[SpokenUtterance], takes: Sequence[int] = ()) -> list[tuple[Pcm, int]]:
        """(samples, rate) of each, in the first takes unless others are named."""
        return [(sound, rate_hz) for sound, rate_hz, _ in self.timed(utterances, takes)]

    def timed(
        self, utterances: Sequence[SpokenUtterance], takes: Sequence[int] = ()
    ) -> list[tuple[Pcm, int, Times]]:
        """(samples, rate, [from, to] of each word in ms) of each."""
        specs = [
            Spec(one.spans, take=take)
            for one, take in zip(utterances, takes or [0] * len(utterances), strict=True)
        ]
        keys = [
            hashlib.sha256((repr(one.spans) + f" {one.take}" * (one.take > 0)).encode()).hexdigest()
            for one in specs
        ]
        new = {key: one for key, one in zip(keys, specs, strict=True) if not self._file(key).exists()}
        if new:
            self._engine.warm([self._preset])
            asked = [request_for(key, one.as_json(), self._preset) for key, one in new.items()]
            for key, outcome in zip(new, self._engine.synthesise(asked), strict=True):
                made = made_of(outcome)
                told = np.array(told_times({"notes": {WORDS: made.notes.get(WORDS)}}) or [], float)
                np.savez(self._file(key), pcm=made.pcm, rate_hz=made.rate_hz, times=told)
        sounds: list[tuple[Pcm, int, Times]] = []
        for key in keys:
            with np.load(self._file(key)) as kept:
                times = tuple((float(begun), float(ended)) for begun, ended in kept["times"])
                sounds.append((kept["pcm"], int(kept["rate_hz"]), times))
        return sounds

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}-timed.npz"

    def close(self) -> None:
        self._engine.close()


def file_of(sounds: Sequence[tuple[Pcm, int]]) -> FinishedAudio:
    """One delivered file."""
    return finish([Part(pcm=pcm, rate_hz=rate_hz) for pcm, rate_hz in sounds], PROFILE)

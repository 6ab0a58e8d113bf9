"""A finish profile: what is done to sound after synthesis. Frozen with its campaign."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from workers.errors import ProfileError
from workers.finish.marks import CANNOT_HOLD, MARKS

Codec = Literal["wav", "flac", "mp3", "opus", "ulaw", "alaw"]
Gain = Literal["preset", "asset"]
OpusApplication = Literal["audio", "voip"]

RATES_HZ: Mapping[str, tuple[int, ...]] = {
    "wav": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "flac": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "mp3": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "opus": (8_000, 12_000, 16_000, 24_000, 48_000),
    "ulaw": (8_000,),
    "alaw": (8_000,),
}
MP3_KBPS = (16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160)
CHOICES: Mapping[str, tuple[object, ...]] = {
    "codec": get_args(Codec),
    "gain": get_args(Gain),
    "opus_application": get_args(OpusApplication),
    "mp3_kbps": MP3_KBPS,
}
MP3_LOW_RATE_HZ = 12_000
MP3_LOW_RATE_MAX_KBPS = 64

LIMITS: Mapping[str, tuple[float, float]] = {
    "lead_in_ms": (0, 10_000),
    "lead_out_ms": (0, 10_000),
    "pause_ms": (0, 10_000),
    "trim_below_dbfs": (-90, -20),
    "trim_keep_ms": (0, 500),
    "fade_ms": (0, 100),
    "tempo": (0.25, 4.0),
    "gain_db": (-40, 40),
    "target_lufs": (-40, -5),
    "ceiling_dbtp": (-20, 0),
    "silent_below_dbfs": (-90, -10),
    "max_silence_ms": (200, 60_000),
    "flac_level": (0, 8),
    "mp3_quality": (0, 9),
    "opus_kbps": (6, 256),
    "opus_complexity": (0, 10),
}

DEFAULT_CHARACTERS_PER_SECOND = (3.0, 34.0)
CHARACTERS_PER_SECOND = {
    "zh": (1.5, 12.0),
    "ja": (2.0, 18.0),
    "ko": (2.0, 18.0),
    "hi": (4.0, 30.0),
    "ar": (4.0, 30.0),
}
"""Slowest and fastest speech that can still be the whole text: 12-18 is usual in Latin script, spelled codes 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishProfile:
    """Every parameter, with its unit in its name."""

    codec: Codec = "wav"
    rate_hz: int | None = None
    """None: the engine's rate, or the next that the codec can carry."""
    lead_in_ms: int = 100
    """Silence before the first sound."""
    lead_out_ms: int = 200
    """Silence after the last."""
    pause_ms: int = 350
    """Between utterances where the part names no pause of its own."""
    trim_below_dbfs: float = -50.0
    """An utterance's ends quieter than this are cut, so that pauses are what they say."""
    trim_keep_ms: int = 15
    """Kept beside the sound: soft onsets lie below the threshold."""
    fade_ms: int = 5
    """At both ends of each utterance."""
    tempo: float = 1.0
    """Faster (2.0) or slower (0.5) at the same pitch; 1.0 leaves every sample as it is."""
    gain: Gain = "preset"
    """`preset`: `gain_db` on all; `asset`: each file to `target_lufs`, held below `ceiling_dbtp`."""
    gain_db: float = 0.0
    target_lufs: float = -16.0
    ceiling_dbtp: float = -1.0
    silent_below_dbfs: float = -45.0
    """An utterance whose peak stays below is no speech."""
    max_silence_ms: int = 3_000
    """A longer silence inside an utterance is an engine's failure."""
    characters_per_second: tuple[tuple[str, float, float], ...] = ()
    """(language, slowest, fastest) in place of the built-in bounds."""
    flac_level: int = 5
    mp3_kbps: int = 64
    mp3_quality: int = 5
    """LAME's scale: 0 best and slow, 9 fast."""
    opus_kbps: int = 32
    opus_complexity: int = 5
    marks: tuple[str, ...] = ()
    """Marks that every file must carry, see `marks.py`: `c2pa`, `watermark`."""
    opus_application: OpusApplication = "audio"
    """`voip` is clearer below 24 kbps and takes three times the CPU."""

    def __post_init__(self) -> None:
        """Raises `ProfileError`."""
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                allowed = ", ".join(map(str, choices))
                raise ProfileError(f"finish: {name} is {getattr(self, name)!r}; choose from {allowed}")
        for name, (low, high) in LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise ProfileError(f"finish: {name} is {getattr(self, name)}; give {low:g} to {high:g}")
        if self.rate_hz is not None and self.rate_hz not in RATES_HZ[self.codec]:
            allowed = ", ".join(map(str, RATES_HZ[self.codec]))
            raise ProfileError(f"finish: {self.codec} has no rate_hz {self.rate_hz}; choose from {allowed}")
        if (
            self.codec == "mp3"
            and self.mp3_kbps > MP3_LOW_RATE_MAX_KBPS
            and (self.rate_hz or 48_000) <= MP3_LOW_RATE_HZ
        ):
            raise ProfileError(
                f"finish: MP3 at {self.rate_hz} Hz carries {MP3_LOW_RATE_MAX_KBPS} kbps at most; lower mp3_kbps"
            )
        for mark in self.marks:
            if mark not in MARKS:
                raise ProfileError(f"finish: there is no mark {mark!r}; choose from {', '.join(MARKS)}")
            if mark in CANNOT_HOLD.get(self.codec, ()):
                raise ProfileError(
                    f"finish: {self.codec} files have no place for {mark}; choose another codec or mark"
                )
        for language, slowest, fastest in self.characters_per_second:
            if not 0 < slowest < fastest:
                raise ProfileError(f"finish: characters_per_second.{language} wants 0 < slowest < fastest")

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any]) -> FinishProfile:
        """From a brief's `[finish]` table or from `as_mapping`; raises `ProfileError` that names the key."""
        kinds = {field.name: str(field.type) for field in fields(cls)}
        if unknown := sorted(table.keys() - kinds.keys()):
            raise ProfileError(f"finish: unknown {', '.join(unknown)}; known are {', '.join(kinds)}")
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key == "characters_per_second":
                values[key] = _bounds(value)
            elif key == "marks":
                values[key] = _marks(value)
            else:
                values[key] = _scalar(key, value, kinds[key])
        return cls(**values)

    def as_mapping(self) -> dict[str, Any]:
        """JSON-ready, every parameter written out; `from_mapping` reads it back."""
        table = asdict(self)
        table["marks"] = list(self.marks)
        table["characters_per_second"] = {name: [low, high] for name, low, high in self.characters_per_second}
        return table

    @property
    def digest(self) -> str:
        """sha256 hex over all parameters."""
        text = json.dumps(self.as_mapping(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def codec_settings(self) -> dict[str, Any]:
        """What the encoder was asked for, for the asset's record."""
        settings: dict[str, dict[str, Any]] = {
            "flac": {"level": self.flac_level},
            "mp3": {"kbps": self.mp3_kbps, "quality": self.mp3_quality},
            "opus": {
                "kbps": self.opus_kbps,
                "complexity": self.opus_complexity,
                "application": self.opus_application,
            },
        }
        return settings.get(self.codec, {})

    def rate_for(self, engine_rate_hz: int) -> int:
        """The file's rate: the profile's, or the lowest that the codec has and that loses nothing."""
        if self.rate_hz is not None:
            return self.rate_hz
        rates = RATES_HZ[self.codec]
        return min((rate for rate in rates if rate >= engine_rate_hz), default=max(rates))

    def bounds_for(self, language: str | None) -> tuple[float, float]:
        """(slowest, fastest) characters per second that can be the whole text."""
        bounds = {name: (slowest, fastest) for name, slowest, fastest in self.characters_per_second}
        by_language = CHARACTERS_PER_SECOND | bounds
        slowest, fastest = by_language.get(language or "", DEFAULT_CHARACTERS_PER_SECOND)
        return slowest * self.tempo, fastest * self.tempo


WORDS = ("Codec", "Gain", "OpusApplication")


def _scalar(key: str, value: Any, kind: str) -> Any:
    if kind == "float" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if kind.startswith("int") and isinstance(value, int) and not isinstance(value, bool):
        return value
    if value is None and kind.endswith("None"):
        return None
    if kind in WORDS and isinstance(value, str):
        return value
    expected = "a word" if kind in WORDS else "a number" if kind == "float" else "a whole number"
    raise ProfileError(f"finish: {key} is {value!r}; give {expected}")


def _marks(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(mark, str) for mark in value):
        raise ProfileError(f'finish: marks is {value!r}; give a list such as ["c2pa"]')
    return tuple(sorted(set(value)))


def _bounds(value: Any) -> tuple[tuple[str, float, float], ...]:
    if not isinstance(value, Mapping):
        raise ProfileError("finish: characters_per_second wants a table such as {en = [5, 30]}")
    bounds = []
    for language, pair in sorted(value.items()):
        if (
            not isinstance(pair, (list, tuple))
            or len(pair) != 2
            or not all(isinstance(n, (int, float)) for n in pair)
        ):
            raise ProfileError(
                f"finish: characters_per_second.{language} is {pair!r}; give [slowest, fastest]"
            )
        bounds.append((language, float(pair[0]), float(pair[1])))
    return tuple(bounds)

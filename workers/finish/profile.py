"""A finish profile: what is done to sound after synthesis. Frozen with its campaign."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, JsonValue, field_validator, model_validator

from workers.errors import ProfileError
from workers.finish.captions import CaptionFormat
from workers.finish.marks import CANNOT_HOLD, MARKS
from workers.mends import Words, shown
from workers.strict import Several, StrictTable, read

Codec = Literal["wav", "flac", "mp3", "opus", "ulaw", "alaw"]
Gain = Literal["preset", "asset"]
OpusApplication = Literal["audio", "voip"]
Mp3Kbps = Literal[16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160]
SilenceMs = Annotated[int, Field(ge=0, le=10_000)]
Bounds = Annotated[tuple[float, float], Field(strict=False), Words("[slowest, fastest]")]

SaidTwice = Literal["code", "phone", "money", "date", "time", "name", "number", "address"]
LONGEST_VALUE_PAUSE_MS = 3_000
SLOWEST_VALUES = 0.5


_MILLISECONDS = re.compile(r"(\d{1,5})\s*ms")
_PER_CENT = re.compile(r"(\d{1,3}(?:\.\d)?)\s*%")
ValuePause = Annotated[str, Words('a time such as "300 ms"')]
ValueSpeed = Annotated[str, Words('a speed such as "85 %"')]

RATES_HZ: Mapping[str, tuple[int, ...]] = {
    "wav": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "flac": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "mp3": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "opus": (8_000, 12_000, 16_000, 24_000, 48_000),
    "ulaw": (8_000,),
    "alaw": (8_000,),
}
MP3_LOW_RATE_HZ = 12_000
MP3_LOW_RATE_MAX_KBPS = 64

LATER = ("captions", "pause_before_values", "slow_values", "say_twice")
"""Keys that profiles did not have at first."""
DEFAULT_CHARACTERS_PER_SECOND = (3.0, 34.0)
CHARACTERS_PER_SECOND = {
    "zh": (1.5, 12.0),
    "ja": (2.0, 18.0),
    "ko": (2.0, 18.0),
    "hi": (4.0, 30.0),
    "ar": (4.0, 30.0),
}
"""Slowest and fastest speech that can still be the whole text: 12-18 is usual in Latin script, spelled codes 5."""


class FinishProfile(StrictTable):
    """Every parameter, with its unit in its name."""

    also_called: ClassVar[Mapping[str, str]] = {
        "format": "codec",
        "type": "codec",
        "bitrate": "mp3_kbps or opus_kbps",
        "bitratekbps": "mp3_kbps or opus_kbps",
        "kbps": "mp3_kbps or opus_kbps",
        "samplerate": "rate_hz",
        "samplingrate": "rate_hz",
        "samplehz": "rate_hz",
        "loudness": "target_lufs",
        "loudnesslufs": "target_lufs",
        "lufs": "target_lufs",
        "volume": "gain_db",
        "speed": "tempo",
        "rate": "tempo or rate_hz",
        "pause": "pause_ms",
        "valuepause": "pause_before_values",
        "pausebeforevaluesms": "pause_before_values",
        "slowervalues": "slow_values",
        "valuetempo": "slow_values",
        "repeatvalues": "say_twice",
        "twice": "say_twice",
        "quality": "mp3_quality",
        "truepeak": "ceiling_dbtp",
        "watermark": "marks",
        "subtitles": "captions",
        "subtitle": "captions",
        "caption": "captions",
        "vtt": "captions",
        "srt": "captions",
    }
    codec: Codec = "wav"
    """The file's format. `ulaw` and `alaw` are the telephone's, 8 kHz."""
    rate_hz: int | None = Field(default=None, examples=["16000"])
    """The file's sample rate; by default the engine's, or the next that the codec can carry."""
    lead_in_ms: SilenceMs = 100
    """Silence before the first sound."""
    lead_out_ms: SilenceMs = 200
    """Silence after the last."""
    pause_ms: SilenceMs = 350
    """Between sentences where the template names no pause of its own."""
    trim_below_dbfs: float = Field(default=-50.0, ge=-90, le=-20)
    """An utterance's ends quieter than this are cut, so that pauses are what they say."""
    trim_keep_ms: int = Field(default=15, ge=0, le=500)
    """Kept beside the sound: soft onsets lie below the threshold."""
    fade_ms: int = Field(default=5, ge=0, le=100)
    """At both ends of each utterance."""
    tempo: float = Field(default=1.0, ge=0.25, le=4.0)
    """Faster (2.0) or slower (0.5) at the same pitch; 1.0 leaves every sample as it is."""
    gain: Gain = "preset"
    """`preset`: `gain_db` on all; `asset`: each file to `target_lufs`, held below `ceiling_dbtp`."""
    gain_db: float = Field(default=0.0, ge=-40, le=40)
    """On every file, where `gain` is `preset`."""
    target_lufs: float = Field(default=-16.0, ge=-40, le=-5)
    """Loudness of every file, where `gain` is `asset`."""
    ceiling_dbtp: float = Field(default=-1.0, ge=-20, le=0)
    """No true peak is above it, where `gain` is `asset`."""
    silent_below_dbfs: float = Field(default=-45.0, ge=-90, le=-10)
    """An utterance whose peak stays below is no speech."""
    max_silence_ms: int = Field(default=3_000, ge=200, le=60_000)
    """A longer silence inside an utterance is an engine's failure."""
    characters_per_second: Mapping[str, Bounds] = Field(default={}, examples=["{ en = [5, 30] }"])
    """By language, the slowest and the fastest speech that can be the whole text, in place of the built-in bounds."""
    flac_level: int = Field(default=5, ge=0, le=8)
    """0 is fast, 8 small."""
    mp3_kbps: Mp3Kbps = 64
    """Constant bit rate of MP3."""
    mp3_quality: int = Field(default=5, ge=0, le=9)
    """LAME's scale: 0 best and slow, 9 fast."""
    opus_kbps: int = Field(default=32, ge=6, le=256)
    """Target bit rate of Opus."""
    opus_complexity: int = Field(default=5, ge=0, le=10)
    """10 is best and slow."""
    marks: Several[str] = Field(default=(), examples=['["c2pa"]'])
    """Marks that every file must carry, `c2pa` or `watermark`; docs/delivery.md tells what each needs."""
    captions: Several[CaptionFormat] = Field(default=(), examples=['["vtt", "srt", "json"]'])
    """Files of captions beside each file: its spoken words with their times, where the engine tells them, else a
    caption a sentence. They hold personal text, as the sound does."""
    pause_before_values: ValuePause = Field(default="0 ms", examples=['"300 ms"'])
    """Silence before each typed value that does not begin its sentence, for who listens over a bad line: it is given
    where the engine tells when words are said, or who listens does."""
    slow_values: ValueSpeed = Field(default="100 %", examples=['"85 %"'])
    """How fast values are said, at the same pitch; told and refused as `pause_before_values` is."""
    say_twice: Several[SaidTwice] = Field(default=(), examples=['["code", "phone"]'])
    """Kinds of value that are said again in a sentence of their own: "That is A, four, seven." `code` is what is
    spelled, `number` what is counted or measured, `address` where to write. It changes the spoken text."""
    opus_application: OpusApplication = "audio"
    """`voip` is clearer below 24 kbps and takes three times the CPU."""

    @field_validator("marks")
    @classmethod
    def _known_marks(cls, marks: tuple[str, ...]) -> tuple[str, ...]:
        for mark in marks:
            if mark not in MARKS:
                raise ValueError(f"there is no mark {mark!r}; choose from {', '.join(MARKS)}")
        return tuple(sorted(set(marks)))

    @field_validator("captions", "say_twice")
    @classmethod
    def _each_once(cls, listed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(listed)))

    @field_validator("pause_before_values")
    @classmethod
    def _of_some_time(cls, written: str) -> str:
        match = _MILLISECONDS.fullmatch(written.strip())
        if match is None or int(match[1]) > LONGEST_VALUE_PAUSE_MS:
            longest = f"{LONGEST_VALUE_PAUSE_MS} ms"
            raise ValueError(
                f'it is {shown(written)}; write a time from "0 ms" to "{longest}", such as "300 ms"'
            )
        return f"{int(match[1])} ms"

    @field_validator("slow_values")
    @classmethod
    def _of_some_speed(cls, written: str) -> str:
        match = _PER_CENT.fullmatch(written.strip())
        if match is None or not SLOWEST_VALUES <= float(match[1]) / 100 <= 1:
            slowest = f"{100 * SLOWEST_VALUES:g} %"
            raise ValueError(
                f'it is {shown(written)}; write a speed from "{slowest}" to "100 %", such as "85 %"'
            )
        return f"{float(match[1]):g} %"

    @field_validator("characters_per_second")
    @classmethod
    def _ordered(cls, bounds: Mapping[str, Bounds]) -> Mapping[str, Bounds]:
        for language, (slowest, fastest) in bounds.items():
            if not 0 < slowest < fastest:
                raise ValueError(f"{language} is [{slowest:g}, {fastest:g}]; give 0 < slowest < fastest")
        return dict(sorted(bounds.items()))

    @model_validator(mode="after")
    def _fits_the_codec(self) -> Self:
        if self.rate_hz is not None and self.rate_hz not in RATES_HZ[self.codec]:
            allowed = ", ".join(map(str, RATES_HZ[self.codec]))
            raise ValueError(f"{self.codec} has no rate_hz {self.rate_hz}; choose from {allowed}")
        is_low = (self.rate_hz or 48_000) <= MP3_LOW_RATE_HZ
        if self.codec == "mp3" and is_low and self.mp3_kbps > MP3_LOW_RATE_MAX_KBPS:
            raise ValueError(
                f"MP3 at {self.rate_hz} Hz carries {MP3_LOW_RATE_MAX_KBPS} kbps at most; lower mp3_kbps"
            )
        for mark in self.marks:
            if mark in CANNOT_HOLD.get(self.codec, ()):
                raise ValueError(f"{self.codec} files have no place for {mark}; choose another codec or mark")
        return self

    @classmethod
    def from_mapping(cls, table: Mapping[str, JsonValue]) -> FinishProfile:
        """From a brief's `[finish]` table or from `as_mapping`; raises `ProfileError` that names the key."""
        return read(cls, table, where="finish", error=ProfileError)

    def as_mapping(self) -> dict[str, JsonValue]:
        """JSON-ready, every parameter written out; `from_mapping` reads it back.

        What came later only where it is asked for: without it a profile, and its digest, is what it was before.
        """
        unasked = {name for name in LATER if getattr(self, name) == type(self).model_fields[name].default}
        return self.model_dump(mode="json", exclude=unasked)

    @property
    def helps_values(self) -> bool:
        """Whether the sound of values is changed, for which it must be known when they are said."""
        return self.value_pause_ms > 0 or self.value_tempo != 1.0

    @property
    def value_pause_ms(self) -> int:
        """Silence before each value."""
        return int(self.pause_before_values.removesuffix("ms"))

    @property
    def value_tempo(self) -> float:
        """Of the sound of values; 1.0 leaves it as it is."""
        return float(self.slow_values.removesuffix("%")) / 100

    @property
    def digest(self) -> str:
        """sha256 hex over all parameters."""
        text = json.dumps(self.as_mapping(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def codec_settings(self) -> dict[str, JsonValue]:
        """What the encoder was asked for, for the asset's record."""
        settings: dict[str, dict[str, JsonValue]] = {
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
        by_language = {**CHARACTERS_PER_SECOND, **self.characters_per_second}
        slowest, fastest = by_language.get(language or "", DEFAULT_CHARACTERS_PER_SECOND)
        return slowest * self.tempo, fastest * self.tempo

"""What flaws are made of: hesitations, breaths, stutters, dropouts and damage, a function a stage.

An engine that has a mel calls them itself; `imperfect_speech.py` calls them for all others. What happened comes back
as events for the run descriptor. All of it follows from the declaration and the utterance's seed, which follows from
its synthesis key: the same key has the same flaws. Dice are SHA-256 in counter mode, so no library's random stream can
change them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workers.engines.engine import JsonValue, Pcm, SpokenSpan
from workers.engines.imperfection import Imperfection
from workers.ffmpeg import in_child

Samples = npt.NDArray[np.float32]
"""float32 (samples,), [-1, 1]."""
Mel = npt.NDArray[np.float32]
"""float32 (frames, channels), log magnitude."""

FILLERS = {
    "en": "uh,",
    "de": "äh,",
    "fr": "euh,",
    "es": "eh,",
    "it": "ehm,",
    "pt": "hã,",
    "nl": "eh,",
    "zh": "呃，",
}
"""A hesitation's word; other languages have `eh,`."""
OTHER_LETTERS = {
    "ar": "آه،",
    "bg": "ъ,",
    "el": "ε,",
    "fa": "اه،",
    "he": "אה,",
    "hi": "अं,",
    "ja": "えーと、",
    "ko": "어,",
    "ru": "э,",
    "sr": "ер,",
    "uk": "е,",
}
"""The same where `eh,` cannot be read. F5 does without: its vocabulary has these letters, and its sound stays."""
FADE_MS = 5
BREATH_DBFS = -38.0
MEL_FLOOR = float(np.log(1e-5))
"""What F5's mel has for silence."""
OPUS_FRAME_MS = 20
OPUS_RATES_HZ = (8_000, 12_000, 16_000, 24_000, 48_000)
CLIPPED_GAIN = np.float32(16)
"""What drives a packet into clipping: 24 dB."""
CLIPPED_AT = np.float32(0.95)
"""Of full scale: a flat top at full scale itself is an accident, for which finishing refuses a file."""
FULL_SCALE = np.float32(32767)
Event = dict[str, JsonValue]


def to_pcm16(samples: Samples) -> Pcm:
    """float32 [-1, 1] -> int16, rounded half to even; beyond full scale is held there."""
    pcm: Pcm = np.rint(np.clip(samples, -1, 1) * FULL_SCALE).astype(np.int16)
    return pcm


def samples_of(pcm: Pcm) -> Samples:
    """The inverse of `to_pcm16`."""
    return pcm.astype(np.float32) / FULL_SCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flaw:
    """An imperfection that this utterance has."""

    declared: Imperfection
    dice: _Dice

    def times(self, amount: float) -> int:
        """How often, in an utterance of `amount` tens of words or of seconds."""
        return max(1, round(self.declared.rate * amount))

    def event(self, facts: Event) -> Event:
        return {"kind": self.declared.kind, "stage": self.declared.stage, **facts}


class _Dice:
    """Uniform numbers from a name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def uniform(self) -> float:
        """[0, 1)."""
        self._count += 1
        digest = hashlib.sha256(f"{self._name}:{self._count}".encode()).digest()
        return int.from_bytes(digest[:7], "big") / 2**56

    def below(self, limit: int) -> int:
        """0 <= n < limit."""
        return int(self.uniform() * limit)

    def noise(self, samples: int) -> Samples:
        """White, [-1, 1)."""
        blocks = [
            hashlib.sha256(f"{self._name}:noise:{block}".encode()).digest()
            for block in range(samples // 16 + 1)
        ]
        whole = np.frombuffer(b"".join(blocks), dtype="<i2")[:samples]
        return (whole / np.float32(32768)).astype(np.float32)


def _flaws(declared: Sequence[Imperfection], stage: str, seed: int) -> list[_Flaw]:
    """Those of a stage that this utterance has."""
    flaws = []
    for number, imperfection in enumerate(declared):
        if imperfection.stage != stage:
            continue
        dice = _Dice(f"{number}:{imperfection.kind}:{stage}:{imperfection.seed}:{seed}")
        if dice.uniform() < imperfection.probability:
            flaws.append(_Flaw(declared=imperfection, dice=dice))
    return flaws


# text


def imperfect_text(
    spans: Sequence[SpokenSpan],
    declared: Sequence[Imperfection],
    seed: int,
    *,
    fillers: Mapping[str, str] = FILLERS,
) -> tuple[tuple[SpokenSpan, ...], list[Event]]:
    """Spans with fillers and repeated beginnings; spans that carry phonemes are left alone."""
    changed, events = tuple(spans), []
    for flaw in _flaws(declared, "text", seed):
        words = [
            (number, word)
            for number, span in enumerate(changed)
            if not span.phonemes
            for word in range(len(span.text.split()))
        ]
        for _ in range(min(len(words), flaw.times(len(words) / 10))):
            if not words:
                break
            number, word = words[flaw.dice.below(len(words))]
            span = changed[number]
            parts = span.text.split()
            if flaw.declared.kind == "hesitation":
                parts[word] = f"{fillers.get(span.language, 'eh,')} {parts[word]}"
            else:
                parts[word] = _stuttered(parts[word])
            changed = (*changed[:number], replace(span, text=" ".join(parts)), *changed[number + 1 :])
            words = [(n, w) for n, w in words if n != number]  # one a span: its words have moved
            events.append(flaw.event({"span": number, "word": word}))
    return changed, events


def _stuttered(word: str) -> str:
    """`but` -> `b-b-but`; a word that begins with a vowel repeats it."""
    first = word[:1]
    return f"{first}-{first}-{word}" if first.isalpha() else word


# mel


def imperfect_mel(
    mel: Mel, declared: Sequence[Imperfection], seed: int, *, frames_per_s: float
) -> tuple[Mel, list[Event]]:
    """Held, repeated or missing frames. The result may be longer."""
    events: list[Event] = []
    for flaw in _flaws(declared, "mel", seed):
        span = max(1, round(flaw.declared.duration_ms / 1000 * frames_per_s))
        for _ in range(flaw.times(len(mel) / frames_per_s / 10)):
            at = flaw.dice.below(max(1, len(mel) - span))
            if flaw.declared.kind == "dropout":
                mel = mel.copy()
                mel[at : at + span] = MEL_FLOOR
            elif flaw.declared.kind == "stutter":
                mel = np.concatenate([mel[: at + span], mel[at:]])
            else:
                at = _quietest(mel.mean(axis=1), at)
                mel = np.concatenate([mel[:at], np.repeat(mel[at : at + 1], span, axis=0), mel[at:]])
            events.append(
                flaw.event(
                    {"at_ms": round(1000 * at / frames_per_s), "duration_ms": flaw.declared.duration_ms}
                )
            )
    return mel, events


def _quietest(levels: npt.NDArray[np.float32], near: int, reach: int = 40) -> int:
    start = max(0, near - reach)
    return start + int(np.argmin(levels[start : near + reach + 1]))


# waveform


def imperfect_waveform(
    wave: Samples, declared: Sequence[Imperfection], seed: int, *, rate_hz: int
) -> tuple[Samples, list[Event]]:
    """Pauses, breaths, repeats, holes and clipped stretches. The result may be longer."""
    events: list[Event] = []
    for flaw in _flaws(declared, "waveform", seed):
        span = round(flaw.declared.duration_ms * rate_hz / 1000)
        for _ in range(flaw.times(len(wave) / rate_hz / 10)):
            at = flaw.dice.below(max(1, len(wave) - span))
            if flaw.declared.kind == "dropout":
                wave = _with_hole(wave, at, span, rate_hz)
            elif flaw.declared.kind == "stutter":
                wave = _inserted(wave, at + span, wave[at : at + span], rate_hz)
            elif flaw.declared.kind == "clipping":
                wave = wave.copy()
                wave[at : at + span] = _clipped(wave[at : at + span])
            else:
                at = _quiet_sample(wave, at, rate_hz)
                breath = flaw.declared.kind == "breath"
                new = _breath(flaw.dice, span, rate_hz) if breath else np.zeros(span, np.float32)
                wave = _inserted(wave, at, new, rate_hz)
            events.append(
                flaw.event({"at_ms": round(1000 * at / rate_hz), "duration_ms": flaw.declared.duration_ms})
            )
    return wave, events


def _clipped(stretch: Samples) -> Samples:
    """Driven into flat tops."""
    loud: Samples = np.clip(stretch * CLIPPED_GAIN, -CLIPPED_AT, CLIPPED_AT)
    return loud


def _with_hole(wave: Samples, at: int, span: int, rate_hz: int) -> Samples:
    wave = wave.copy()
    hole = wave[at : at + span]
    fade = min(len(hole) // 2, rate_hz * FADE_MS // 1000)
    ramp = np.linspace(1, 0, fade, dtype=np.float32)
    hole[:fade] *= ramp
    hole[fade : len(hole) - fade] = 0
    hole[len(hole) - fade :] *= ramp[::-1]
    return wave


def _inserted(wave: Samples, at: int, new: Samples, rate_hz: int) -> Samples:
    """`new` between the two parts of `wave`, each edge faded so that nothing clicks."""
    fade = min(at, len(wave) - at, rate_hz * FADE_MS // 1000)
    ramp = np.linspace(1, 0, fade, dtype=np.float32)
    before, after = wave[:at].copy(), wave[at:].copy()
    if fade:
        before[-fade:] *= ramp
        after[:fade] *= ramp[::-1]
    joined: Samples = np.concatenate([before, new, after]).astype(np.float32)
    return joined


def _quiet_sample(wave: Samples, near: int, rate_hz: int) -> int:
    """The start of the quietest 10 ms within 0.5 s."""
    block = rate_hz // 100
    levels = np.abs(wave[: len(wave) // block * block]).reshape(-1, block).mean(axis=1)
    return 0 if not len(levels) else _quietest(levels, min(near // block, len(levels) - 1), 50) * block


def _breath(dice: _Dice, span: int, rate_hz: int) -> Samples:
    """Noise that rises and falls, softened to what a breath's spectrum has (about 1.5 kHz)."""
    width = max(1, rate_hz // 3000)
    soft = np.convolve(dice.noise(span + width - 1), np.ones(width, np.float32) / width, mode="valid")
    shaped = soft * np.sin(np.linspace(0, np.pi, span, dtype=np.float32)) ** 2
    level = np.sqrt(np.mean(np.square(shaped))) or 1.0
    breath: Samples = (shaped * (10 ** (BREATH_DBFS / 20) / level)).astype(np.float32)
    return breath


# codec


def imperfect_codec(
    pcm: Pcm, declared: Sequence[Imperfection], seed: int, *, rate_hz: int
) -> tuple[Pcm, list[Event]]:
    """Through Opus at a low bitrate, with packets that are lost and not concealed, or clipped. The length stays."""
    events: list[Event] = []
    for flaw in _flaws(declared, "codec", seed):
        kind, bitrate = flaw.declared.kind, flaw.declared.bitrate_kbps or 0
        pcm = _through_opus(pcm, rate_hz, bitrate)
        if kind == "compression":
            events.append(flaw.event({"bitrate_kbps": bitrate}))
            continue
        packet = rate_hz * OPUS_FRAME_MS // 1000
        hit = max(1, round(flaw.declared.duration_ms / OPUS_FRAME_MS))
        for _ in range(flaw.times(len(pcm) / rate_hz / 10)):
            at = flaw.dice.below(max(1, len(pcm) // packet - hit)) * packet
            packets = pcm[at : at + hit * packet]
            packets[:] = 0 if kind == "dropout" else to_pcm16(_clipped(samples_of(packets)))
            events.append(
                flaw.event(
                    {
                        "at_ms": 1000 * at // rate_hz,
                        "duration_ms": hit * OPUS_FRAME_MS,
                        "bitrate_kbps": bitrate,
                    }
                )
            )
    return pcm, events


def _through_opus(pcm: Pcm, rate_hz: int, bitrate_kbps: int) -> Pcm:
    """At the next rate that Opus has."""
    opus_hz = next((rate for rate in OPUS_RATES_HZ if rate >= rate_hz), OPUS_RATES_HZ[-1])
    body = _resampled(pcm, rate_hz, opus_hz).astype("<i2", copy=False).tobytes()
    bit_rate = bitrate_kbps * 1000
    _told, sound = in_child(
        lambda process: process.ask("through_opus", body, rate_hz=opus_hz, bit_rate=bit_rate)
    )
    whole = _resampled(np.frombuffer(sound, dtype="<i2"), opus_hz, rate_hz)[: len(pcm)]
    return np.pad(whole, (0, len(pcm) - len(whole))).astype(np.int16)


def _resampled(pcm: Pcm, rate_hz: int, to_hz: int) -> Pcm:
    if rate_hz == to_hz:
        return pcm
    import soxr

    return to_pcm16(soxr.resample(samples_of(pcm), rate_hz, to_hz))

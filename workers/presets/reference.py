"""A recording made into a reference: trimmed, levelled, ended, and checked against what it is said to say.

Edges are cut on silence by pydub with the threshold of F5's own preprocessing (-42 dBFS), after levelling, so that
a quiet recording is not cut away. The tail is the fixed silence that F5 appends too. The same recording gives the
same bytes; what was done is in `Reference.steps`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workers.engines.engine import JsonValue, Pcm
from workers.errors import RecordingError
from workers.finish.loudness import gain_to_target_db, measure
from workers.presets.recording import Recording, Samples

TARGET_LUFS = -20.0
CEILING_DBTP = -1.0
SILENCE_DBFS = -42.0
EDGE_KEPT_MS = 30
FADE_MS = 5
TAIL_SILENCE_MS = 50
SHORTEST_S = 1.0
LONGEST_S = 12.0
ADVISED_S = (3.0, 6.0)

SENTENCE_ENDS = ".!?…。！？؟।"
CLOSERS = "\"'”’»)]"
BLOCK_SAMPLES = 1 << 20
LETTERS_PER_SECOND = (4.0, 26.0)
IDEOGRAPHS_PER_SECOND = (1.5, 9.0)
"""Of speech: outside these the text is not what is said. Fast readers reach 20 letters or 7 ideographs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a preset keeps of a recording."""

    pcm: Pcm
    rate_hz: int
    speech_s: float
    """Without the tail."""
    steps: Mapping[str, JsonValue]
    advice: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """With the tail."""
        return len(self.pcm) / self.rate_hz


def make_reference(recording: Recording, *, limit_s: float | None = None) -> Reference:
    """Level, trim, end; raises `RecordingError` when the speech is too short or too long."""
    longest_s = min(LONGEST_S, limit_s or LONGEST_S)
    levelled, gain_db = level(recording.samples, recording.rate_hz)
    first, last = _speech_edges(levelled, recording.rate_hz)
    speech_s = (last - first) / recording.rate_hz
    if speech_s < SHORTEST_S:
        raise RecordingError(
            f"{recording.source.name} has {speech_s:.1f} s of speech; give {ADVISED_S[0]:g} to {ADVISED_S[1]:g} s."
        )
    tail = recording.rate_hz * TAIL_SILENCE_MS // 1000
    if speech_s + TAIL_SILENCE_MS / 1000 > longest_s:
        raise RecordingError(
            f"{recording.source.name} has {speech_s:.1f} s of speech, {longest_s:g} s is the most. Cut it into clips "
            "with `campaign preset clips` and add the best one."
        )
    pcm = _faded(levelled[first:last], recording.rate_hz)
    steps: dict[str, JsonValue] = {
        "gain_db": gain_db,
        "target_lufs": TARGET_LUFS,
        "cut_before_ms": round(first * 1000 / recording.rate_hz),
        "cut_after_ms": round((len(levelled) - last) * 1000 / recording.rate_hz),
        "tail_silence_ms": TAIL_SILENCE_MS,
        "rate_hz": recording.rate_hz,
    }
    return Reference(
        pcm=np.concatenate((pcm, np.zeros(tail, dtype=np.int16))),
        rate_hz=recording.rate_hz,
        speech_s=speech_s,
        steps=steps,
        advice=_advice(speech_s),
    )


def level(samples: Samples, rate_hz: int) -> tuple[Pcm, float]:
    """(int16 at `TARGET_LUFS` or as near as the peak allows, gain in dB)."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < 1e-4:
        raise RecordingError("the recording is silent. Record it again.")
    whole = np.rint(samples / peak * 32_000).astype(np.int16)  # all bits used before anything is measured
    gain_db = gain_to_target_db(measure(whole, rate_hz), target_lufs=TARGET_LUFS, ceiling_dbtp=CEILING_DBTP)
    factor = 32_000 / peak * 10 ** (gain_db / 20)
    pcm = np.empty(len(samples), dtype=np.int16)
    for start in range(0, len(samples), BLOCK_SAMPLES):  # half an hour in float64 would be a gigabyte
        block = samples[start : start + BLOCK_SAMPLES].astype(np.float64) * factor
        pcm[start : start + BLOCK_SAMPLES] = np.clip(np.rint(block), -32_768, 32_767)
    return pcm, round(20 * float(np.log10(factor / 32_768)), 3)


def _speech_edges(pcm: Pcm, rate_hz: int) -> tuple[int, int]:
    """(first sample, one past the last) of what is not silence, with a little kept."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydub looks for ffmpeg, which is not needed here
        from pydub import AudioSegment
        from pydub.silence import detect_leading_silence

    def silence_ms(part: Pcm) -> int:
        segment = AudioSegment(part.tobytes(), sample_width=2, frame_rate=rate_hz, channels=1)
        return int(detect_leading_silence(segment, silence_threshold=SILENCE_DBFS, chunk_size=10))

    kept = rate_hz * EDGE_KEPT_MS // 1000
    first = silence_ms(pcm) * rate_hz // 1000
    if first >= len(pcm):
        raise RecordingError("the recording is silent. Record it again.")
    last = len(pcm) - silence_ms(np.ascontiguousarray(pcm[::-1])) * rate_hz // 1000
    return max(0, first - kept), min(len(pcm), last + kept)


def _faded(pcm: Pcm, rate_hz: int) -> Pcm:
    length = rate_hz * FADE_MS // 1000
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    out = pcm.copy()
    out[:length] = np.rint(out[:length] * ramp)
    out[-length:] = np.rint(out[-length:] * ramp[::-1])
    return out


def _advice(speech_s: float) -> tuple[str, ...]:
    low, high = ADVISED_S
    if speech_s > high:
        return (
            f"the reference has {speech_s:.1f} s: {cost_factor(speech_s):.2f} times the work of one of {low:g} s for a "
            f"message of 10 s. {low:g} to {high:g} s are enough.",
        )
    if speech_s < low:
        return (
            f"the reference has {speech_s:.1f} s: short ones are less like the speaker; {low:g} to {high:g} are best.",
        )
    return ()


def cost_factor(reference_s: float, *, message_s: float = 10.0) -> float:
    """Work for one message against a 3 s reference: its frames go through every step with those of the message."""
    return (reference_s + message_s) / (ADVISED_S[0] + message_s)


def check_transcript(text: str, *, speech_s: float) -> str:
    """The transcript in NFC with single spaces; raises `RecordingError` when it cannot be what is said."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not clean:
        raise RecordingError("the transcript is empty. Give the exact words of the recording with --text.")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in clean):
        raise RecordingError("the transcript holds characters that cannot be spoken. Type it again.")
    if any(character.isdecimal() for character in clean):  # of any script: a voice reads them all
        raise RecordingError("the transcript holds digits. Write numbers as they are spoken: 'twenty-one'.")
    if clean.rstrip(CLOSERS)[-1:] not in tuple(SENTENCE_ENDS):
        raise RecordingError(
            f"the transcript ends with {clean[-12:]!r}. Let recording and text end with a whole sentence "
            "and its full stop."
        )
    ideographs = sum(
        unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA")) for character in clean
    )
    letters = sum(character.isalpha() for character in clean) - ideographs
    seconds_needed = letters / LETTERS_PER_SECOND[1] + ideographs / IDEOGRAPHS_PER_SECOND[1]
    seconds_allowed = letters / LETTERS_PER_SECOND[0] + ideographs / IDEOGRAPHS_PER_SECOND[0]
    if not seconds_needed <= speech_s <= seconds_allowed:
        raise RecordingError(
            f"the transcript has {letters + ideographs} letters for {speech_s:.1f} s of speech; such a text takes "
            f"{seconds_needed:.1f} to {seconds_allowed:.1f} s. Check that it is exactly what is said."
        )
    return clean

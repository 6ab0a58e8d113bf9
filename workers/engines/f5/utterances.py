"""From a request to what is drawn, and from what was drawn to an outcome. Nothing here knows packs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workers.engines.engine import (
    JsonValue,
    Outcome,
    PresetSound,
    SpokenSpan,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.f5.duration import FINAL_LENGTHENING_S, Pace, pauses_s, units_in
from workers.engines.f5.settings import WHOLE_INTERVAL, F5Settings
from workers.engines.f5.text import Tokeniser, UnspeakableError
from workers.engines.f5.weights import FRAMES_LIMIT
from workers.engines.flaws import (
    Event,
    imperfect_codec,
    imperfect_mel,
    imperfect_text,
    imperfect_waveform,
    to_pcm16,
)
from workers.engines.imperfection import Imperfection

if TYPE_CHECKING:
    from torch import Tensor

    from workers.engines.f5.conditioning import Conditioning
    from workers.engines.f5.sampler import Guidance, SamplerInput, Schedule

SILENT_DBFS = -60.0
"""A whole utterance quieter than this is silence."""
CLIPPED_SHARE = 0.002
"""More samples than this beyond full scale are heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedVoice:
    """A preset, ready for one model."""

    preset: PresetSound
    settings: F5Settings
    conditioning: Conditioning
    pace: Pace
    schedule: Schedule
    guidance: Guidance

    @property
    def group(self) -> tuple[object, ...]:
        """Utterances of one group can share a pack: all that changes a step is the same."""
        return (self.schedule.times, self.guidance)

    @property
    def halves(self) -> frozenset[int]:
        """Of the packs that its steps run in: what must be admitted for it."""
        return self.guidance.halves_in(self.schedule)


@dataclass(slots=True, kw_only=True)
class PreparedUtterance:
    """A request on its way."""

    index: int
    """In the batch as the worker gave it."""
    request: SynthesisRequest
    voice: PreparedVoice
    sample: SamplerInput
    text_events: Sequence[Event]
    """Imperfections of the words."""
    mel_events: Sequence[Event] = ()
    """Imperfections of the mel, of the latest try."""
    added_frames: int = 0
    """By imperfections of the mel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What a model's sound is made of."""

    rate_hz: int
    hop_samples: int

    @property
    def frames_per_s(self) -> float:
        """Mel frames a second."""
        return self.rate_hz / self.hop_samples


def prepare(
    request: SynthesisRequest, index: int, voice: PreparedVoice, tokeniser: Tokeniser, sound: Sound
) -> PreparedUtterance | SynthesisFailure:
    """Tokens, length and seed of a request; a failure when the model cannot say it or not at that length."""
    import torch

    from workers.engines.f5.sampler import SamplerInput

    settings = voice.settings
    if not any(character.isalnum() for character in request.text):
        return SynthesisFailure(code="unspeakable", reason="there is no letter in the text")
    spans, events = imperfect_text(request.spans, declared_for(request, voice), request.seed)
    try:
        tokens = tokeniser.numbers(
            spans, transcript=voice.preset.transcript, transcript_language=settings.reference_language
        )
    except UnspeakableError as problem:
        return SynthesisFailure(code="unspeakable", reason=f"the model has no token for {problem}")
    seconds = predicted_seconds(spans, voice)
    reference_frames = len(voice.conditioning.mel)
    frames = reference_frames + math.ceil(seconds * sound.frames_per_s)
    frames = max(frames, len(tokens) + 1, reference_frames + 16)
    spoken_s = (frames - reference_frames) / sound.frames_per_s
    if spoken_s > request.max_seconds:
        return SynthesisFailure(
            code="too-long", reason=f"about {spoken_s:.1f} s, {request.max_seconds:g} s are allowed"
        )
    limit = min(settings.max_total_s * sound.frames_per_s, FRAMES_LIMIT)
    if frames > limit:
        most_s = (limit - reference_frames) / sound.frames_per_s
        return SynthesisFailure(
            code="too-long",
            reason=f"about {spoken_s:.1f} s of speech, this preset can say {most_s:.1f} s at once",
        )
    seed = request.seed if settings.seed is None else settings.seed
    return PreparedUtterance(
        index=index,
        request=request,
        voice=voice,
        sample=SamplerInput(
            reference=voice.conditioning.mel, tokens=torch.tensor(tokens), frames=frames, seed=seed
        ),
        text_events=events,
    )


def predicted_seconds(spans: Sequence[SpokenSpan], voice: PreparedVoice) -> float:
    """How long the words take at the preset's pace, span by span in its own language."""
    settings, pace = voice.settings, voice.pace
    units, seconds = 0, 0.0
    for span in spans:
        counted = units_in(span.text, span.language, pace.unit)
        per_second = settings.pace.get(span.language, pace.per_second(span.language))
        units += counted
        seconds += counted / (per_second * settings.speed_of(span.language))
    short = settings.short_text
    if units < short.below_units:
        seconds /= short.speed
    seconds += pauses_s(" ".join(span.text for span in spans)) + FINAL_LENGTHENING_S
    return max(short.minimum_s, seconds)


def declared_for(request: SynthesisRequest, voice: PreparedVoice) -> tuple[Imperfection, ...]:
    """The flaws of an utterance: its preset's, then its own."""
    return (*voice.settings.imperfections, *request.imperfections)


def flawed_mel(utterance: PreparedUtterance, mel: Tensor, sound: Sound) -> Tensor:
    """The mel with its declared imperfections; the same tensor where there are none."""
    declared = declared_for(utterance.request, utterance.voice)
    if not any(flaw.stage == "mel" for flaw in declared):
        return mel
    import torch

    changed, events = imperfect_mel(
        mel.cpu().numpy(), declared, utterance.request.seed, frames_per_s=sound.frames_per_s
    )
    utterance.mel_events = events
    utterance.added_frames = len(changed) - len(mel)
    return torch.from_numpy(changed).to(mel.device)


def outcome_of(
    utterance: PreparedUtterance,
    wave: Tensor,
    sound: Sound,
    *,
    expected_samples: int,
    at_ms: float,
    numeric_class: str,
) -> Outcome:
    """Levels, imperfections, 16 bits; a failure for what must not be delivered."""
    voice = utterance.voice
    samples = wave.numpy()
    if len(samples) != expected_samples:
        return SynthesisFailure(
            code="wrong-length", reason=f"{len(samples)} samples came out, {expected_samples} were expected"
        )
    if not np.isfinite(samples).all():
        return SynthesisFailure(code="not-finite", reason="the model gave values that are no numbers")
    gain = np.float32(10 ** (voice.settings.gain_db / 20) / voice.conditioning.raised_by)
    samples = samples * gain
    level_dbfs = 20 * math.log10(max(1e-9, float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))))
    if level_dbfs < SILENT_DBFS:
        return SynthesisFailure(code="silent", reason=f"the sound is silence ({level_dbfs:.0f} dBFS)")
    declared, seed = declared_for(utterance.request, voice), utterance.request.seed
    samples, events = imperfect_waveform(samples, declared, seed, rate_hz=sound.rate_hz)
    clipped = float(np.mean(np.abs(samples) > 1))
    if clipped > CLIPPED_SHARE:
        return SynthesisFailure(
            code="clipped",
            reason=f"{clipped:.1%} of the samples are beyond full scale; lower the preset's gain_db",
        )
    pcm = to_pcm16(samples)
    pcm, codec_events = imperfect_codec(pcm, declared, seed, rate_hz=sound.rate_hz)
    return Waveform(
        pcm=pcm,
        rate_hz=sound.rate_hz,
        t_first_ms=at_ms,
        t_last_ms=at_ms,
        notes=_notes(
            utterance, [*utterance.text_events, *utterance.mel_events, *events, *codec_events], level_dbfs
        ),
        numeric_class=numeric_class,
    )


def _notes(
    utterance: PreparedUtterance, events: Sequence[Event], level_dbfs: float
) -> Mapping[str, JsonValue]:
    settings = utterance.voice.settings
    notes: dict[str, JsonValue] = {
        "nfe": settings.nfe,
        "schedule": settings.schedule,
        "cfg_strength": settings.cfg_strength,
        "frames": utterance.sample.frames,
        "reference_frames": len(utterance.sample.reference),
        "tokens": len(utterance.sample.tokens),
        "level_dbfs": round(level_dbfs, 1),
    }
    if settings.cfg_interval != WHOLE_INTERVAL:
        notes["cfg_interval"] = list(settings.cfg_interval)
    if settings.seed is not None:
        notes["fixed_seed"] = settings.seed
    if events:
        notes["imperfections"] = list(events)
    return notes

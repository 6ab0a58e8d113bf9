"""From a request to streams, and from what was spoken to an outcome. Nothing here knows rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workers.engines.engine import (
    JsonValue,
    Outcome,
    PresetSound,
    SynthesisFailure,
    SynthesisRequest,
    Waveform,
)
from workers.engines.f5.utterances import CLIPPED_SHARE, SILENT_DBFS
from workers.engines.flaws import (
    FILLERS,
    OTHER_LETTERS,
    Event,
    imperfect_codec,
    imperfect_text,
    imperfect_waveform,
    to_pcm16,
)
from workers.engines.imperfection import Imperfection
from workers.engines.pocket.settings import PocketSettings
from workers.engines.pocket.text import Prompter, RefusedTextError, TextPart

if TYPE_CHECKING:
    from torch import Tensor

    from workers.engines.pocket.backbone import Prefix
    from workers.engines.pocket.streams import SpokenStream, Stream

TOKENS_PER_S = 3.0
SECONDS_ADDED = 2.0
"""Upstream's estimate of the longest that a prompt takes: tokens / 3 + 2 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PocketVoice:
    """A preset, ready for one model."""

    preset: PresetSound
    settings: PocketSettings
    prefix: Prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What a model says of its own speech."""

    rate_hz: int
    frames_per_s: float
    latent_width: int
    temperature: float
    eos_threshold: float


@dataclass(slots=True, kw_only=True)
class PocketUtterance:
    """A request on its way."""

    index: int
    """In the batch as the worker gave it."""
    request: SynthesisRequest
    voice: PocketVoice
    streams: Sequence[Stream]
    tokens: int
    text_events: Sequence[Event]
    spoken: dict[int, SpokenStream] = field(default_factory=dict)
    """Part -> what became of it."""


def prepare_utterance(
    request: SynthesisRequest, index: int, voice: PocketVoice, prompter: Prompter, facts: ModelFacts
) -> PocketUtterance | SynthesisFailure:
    """Prompts and noise of a request; a failure when the model cannot say it."""
    settings = voice.settings
    spans, events = imperfect_text(
        request.spans, _flaws(request, settings), request.seed, fillers=FILLERS | OTHER_LETTERS
    )
    text, language = " ".join(span.text for span in spans), spans[0].language if spans else ""
    try:
        prompts = prompter.prompts(text, language, settings)
    except RefusedTextError as refused:
        return SynthesisFailure(code=refused.code, reason=refused.reason)
    seed = request.seed if settings.seed is None else settings.seed
    return PocketUtterance(
        index=index,
        request=request,
        voice=voice,
        streams=[_stream(prompt, part, seed, request, voice, facts) for part, prompt in enumerate(prompts)],
        tokens=sum(len(prompt.tokens) for prompt in prompts),
        text_events=events,
    )


def _flaws(request: SynthesisRequest, settings: PocketSettings) -> tuple[Imperfection, ...]:
    """Of the preset and of the template."""
    return (*settings.imperfections, *request.imperfections)


def _stream(
    prompt: TextPart, part: int, seed: int, request: SynthesisRequest, voice: PocketVoice, facts: ModelFacts
) -> Stream:
    import torch

    from workers.engines.pocket.streams import Stream, noise_of

    settings = voice.settings
    seconds = len(prompt.tokens) / TOKENS_PER_S + SECONDS_ADDED
    frames = math.ceil(seconds * facts.frames_per_s)
    allowed = math.floor(request.max_seconds * facts.frames_per_s) + 1
    temperature = facts.temperature if settings.temperature is None else settings.temperature
    threshold = facts.eos_threshold if settings.eos_threshold is None else settings.eos_threshold
    return Stream(
        tokens=torch.tensor(prompt.tokens),
        voice=voice.prefix,
        noise=noise_of(
            seed, part, frames, facts.latent_width, temperature=temperature, clamp=settings.noise_clamp
        )[:allowed],
        eos_threshold=threshold,
        frames_after_eos=prompt.frames_after_eos,
    )


def failure_of(utterance: PocketUtterance, facts: ModelFacts) -> SynthesisFailure | None:
    """What is wrong with all parts of an utterance, before they are decoded."""
    frames = sum(len(spoken.latents) for spoken in utterance.spoken.values())
    most_s = utterance.request.max_seconds
    if frames / facts.frames_per_s > most_s:
        return SynthesisFailure(
            code="too-long", reason=f"more than the {most_s:g} s that are allowed; write a shorter text"
        )
    endless = [spoken for spoken in utterance.spoken.values() if not spoken.has_ended]
    if endless:
        seconds = len(endless[0].latents) / facts.frames_per_s
        return SynthesisFailure(
            code="no-end",
            reason=f"the model found no end within {seconds:.1f} s, which mostly means garbled speech; "
            "word the text otherwise, or use another reference",
        )
    return None


def pocket_outcome(
    utterance: PocketUtterance,
    waves: Sequence[Tensor],
    facts: ModelFacts,
    *,
    at_ms: float,
    numeric_class: str,
) -> Outcome:
    """Levels, imperfections, 16 bits; a failure for what must not be delivered."""
    settings, seed = utterance.voice.settings, utterance.request.seed
    flaws = _flaws(utterance.request, settings)
    samples = np.concatenate([wave.numpy() for wave in waves])
    if not np.isfinite(samples).all():
        return SynthesisFailure(code="not-finite", reason="the model gave values that are no numbers")
    samples = samples * np.float32(10 ** (settings.gain_db / 20))
    level_dbfs = 20 * math.log10(max(1e-9, float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))))
    if level_dbfs < SILENT_DBFS:
        return SynthesisFailure(code="silent", reason=f"the sound is silence ({level_dbfs:.0f} dBFS)")
    samples, events = imperfect_waveform(samples, flaws, seed, rate_hz=facts.rate_hz)
    clipped = float(np.mean(np.abs(samples) > 1))
    if clipped > CLIPPED_SHARE:
        return SynthesisFailure(
            code="clipped",
            reason=f"{clipped:.1%} of the samples are beyond full scale; lower the preset's gain_db",
        )
    pcm, codec_events = imperfect_codec(to_pcm16(samples), flaws, seed, rate_hz=facts.rate_hz)
    return Waveform(
        pcm=pcm,
        rate_hz=facts.rate_hz,
        t_first_ms=at_ms,
        t_last_ms=at_ms,
        notes=_notes(utterance, [*utterance.text_events, *events, *codec_events], level_dbfs),
        numeric_class=numeric_class,
    )


def _notes(utterance: PocketUtterance, events: Sequence[Event], level_dbfs: float) -> Mapping[str, JsonValue]:
    settings = utterance.voice.settings
    notes: dict[str, JsonValue] = {
        "frames": sum(len(spoken.latents) for spoken in utterance.spoken.values()),
        "tokens": utterance.tokens,
        "level_dbfs": round(level_dbfs, 1),
    }
    if len(utterance.streams) > 1:
        notes["parts"] = len(utterance.streams)
    if settings.sampler_steps != 1:
        notes["sampler_steps"] = settings.sampler_steps
    if settings.seed is not None:
        notes["fixed_seed"] = settings.seed
    if events:
        notes["imperfections"] = list(events)
    return notes

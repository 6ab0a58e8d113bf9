"""Flaws around an engine that goes from words to samples in one step: words before it, waveform and codec after.

    return with_imperfections(request, settings.imperfections, lambda plain: self._plain(plain, settings))

An engine whose settings are a `VoiceTable` knows what its presets declare; `parted` takes it out of any other's table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from workers.engines.engine import WORDS, JsonValue, Outcome, PresetSound, SynthesisFailure, SynthesisRequest
from workers.engines.flaws import (
    FILLERS,
    OTHER_LETTERS,
    imperfect_codec,
    imperfect_text,
    imperfect_waveform,
    samples_of,
    to_pcm16,
)
from workers.engines.imperfection import Imperfection, VoiceTable
from workers.errors import EngineError, FfmpegError
from workers.strict import read


def parted(preset: PresetSound, *, where: str) -> tuple[tuple[Imperfection, ...], PresetSound]:
    """(what the preset's table declares, the preset without it), for an engine whose table knows nothing of flaws.

    Raises `EngineError` for a declaration that is wrong, and for one at a stage inside the engine.
    """
    if "imperfections" not in preset.parameters:
        return (), preset
    table = read(
        VoiceTable, {"imperfections": preset.parameters["imperfections"]}, where=where, error=EngineError
    )
    plain = {key: value for key, value in preset.parameters.items() if key != "imperfections"}
    return table.imperfections, replace(preset, parameters=plain)


def with_imperfections(
    request: SynthesisRequest,
    of_preset: Sequence[Imperfection],
    speak: Callable[[SynthesisRequest], Outcome],
) -> Outcome:
    """What `speak` makes of a request, with the flaws of its preset and its own: words before, sound after.

    Without any, `speak`'s own outcome of the request as it is. `speak` holds `max_seconds`; flaws may not go beyond it.
    """
    declared = (*of_preset, *request.imperfections)
    if not declared:
        return speak(request)
    spans, events = imperfect_text(request.spans, declared, request.seed, fillers=FILLERS | OTHER_LETTERS)
    outcome = speak(replace(request, spans=spans, imperfections=()))
    if isinstance(outcome, SynthesisFailure):
        return outcome
    begun = time.perf_counter()
    pcm, rate_hz = outcome.pcm, outcome.rate_hz
    flawed, wave_events = imperfect_waveform(samples_of(pcm), declared, request.seed, rate_hz=rate_hz)
    if wave_events:
        pcm = to_pcm16(flawed)
    try:
        pcm, codec_events = imperfect_codec(pcm, declared, request.seed, rate_hz=rate_hz)
    except FfmpegError as problem:
        return SynthesisFailure(code="engine-crashed", reason=f"flaws: {problem}", retryable=True)
    inside = outcome.notes.get("imperfections", [])  # of whoever spoke it elsewhere
    noted: list[JsonValue] = [
        *(inside if isinstance(inside, list) else []),
        *events,
        *wave_events,
        *codec_events,
    ]
    seconds = len(pcm) / rate_hz
    if seconds > request.max_seconds:
        return SynthesisFailure(
            code="too-long",
            reason=f"{seconds:.1f} s with its imperfections, {request.max_seconds:g} s are allowed",
        )
    spent_ms = 1000 * (time.perf_counter() - begun)
    notes = outcome.notes
    if noted:  # its words are no longer when the engine said them
        notes = {**{key: value for key, value in notes.items() if key != WORDS}, "imperfections": noted}
    return replace(
        outcome,
        pcm=pcm,
        t_first_ms=outcome.t_first_ms + spent_ms,
        t_last_ms=outcome.t_last_ms + spent_ms,
        notes=notes,
    )

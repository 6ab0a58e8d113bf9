"""Flaws around an engine that goes from words to samples in one step: words before it, waveform and codec after.

    return with_imperfections(request, settings.imperfections, lambda plain: self._plain(plain, settings))

Both halves, `flaw_words` and `flaw_sound`, are for engines that speak elsewhere meanwhile. An engine whose settings
are a `VoiceTable` knows what its presets declare; `parted` takes it out of any other's table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workers.engines.engine import JsonValue, Outcome, PresetSound, SynthesisFailure, SynthesisRequest
from workers.engines.flaws import (
    FILLERS,
    OTHER_LETTERS,
    Event,
    imperfect_codec,
    imperfect_text,
    imperfect_waveform,
    samples_of,
    to_pcm16,
)
from workers.engines.imperfection import Imperfection, VoiceTable
from workers.errors import EngineError, FfmpegError
from workers.strict import read

WORDS_MS = "words_ms"
"""What notes call the times of words, pairs of begin and end, where an engine tells them."""
LONGER = frozenset({"hesitation", "breath", "stutter"})
"""Kinds that put something into the waveform; a stutter behind what it repeats."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawedWords:
    """A request as an engine is to speak it, and what is to be done to its sound afterwards."""

    request: SynthesisRequest
    """With flawed words, and with nothing declared any more."""
    declared: tuple[Imperfection, ...]
    events: tuple[Event, ...]
    """Of the words."""


def with_imperfections(
    request: SynthesisRequest,
    of_preset: Sequence[Imperfection],
    speak: Callable[[SynthesisRequest], Outcome],
) -> Outcome:
    """What `speak` makes of a request, with the flaws of its preset and its own.

    Without any, `speak`'s own outcome of the request as it is.
    """
    flawed = flaw_words(request, of_preset)
    return flaw_sound(speak(flawed.request), flawed)


def flaw_words(request: SynthesisRequest, of_preset: Sequence[Imperfection]) -> FlawedWords:
    """Before the engine speaks."""
    declared = (*of_preset, *request.imperfections)
    spans, events = imperfect_text(request.spans, declared, request.seed, fillers=FILLERS | OTHER_LETTERS)
    plain = replace(request, spans=spans, imperfections=())
    return FlawedWords(request=plain, declared=declared, events=tuple(events))


def flaw_sound(outcome: Outcome, flawed: FlawedWords) -> Outcome:
    """After it has spoken. Longer than `max_seconds` is a failure, never cut."""
    if isinstance(outcome, SynthesisFailure) or not flawed.declared:
        return outcome
    begun = time.perf_counter()
    request, declared = flawed.request, flawed.declared
    pcm, rate_hz = outcome.pcm, outcome.rate_hz
    wave, wave_events = imperfect_waveform(samples_of(pcm), declared, request.seed, rate_hz=rate_hz)
    if wave_events:
        pcm = to_pcm16(wave)
    try:
        pcm, codec_events = imperfect_codec(pcm, declared, request.seed, rate_hz=rate_hz)
    except FfmpegError as problem:
        return SynthesisFailure(code="engine-crashed", reason=f"flaws: {problem}", retryable=True)
    seconds = len(pcm) / rate_hz
    if seconds > request.max_seconds:
        return SynthesisFailure(
            code="too-long",
            reason=f"{seconds:.1f} s with its imperfections, {request.max_seconds:g} s are allowed",
        )
    notes: dict[str, JsonValue] = dict(outcome.notes)
    if events := [*flawed.events, *wave_events, *codec_events]:
        inside = notes.get("imperfections", [])
        notes["imperfections"] = [*(inside if isinstance(inside, list) else []), *events]
    if isinstance(times := notes.get(WORDS_MS), list):
        notes[WORDS_MS] = _moved(times, wave_events)
    spent_ms = 1000 * (time.perf_counter() - begun)
    return replace(
        outcome,
        pcm=pcm,
        t_first_ms=outcome.t_first_ms + spent_ms,
        t_last_ms=outcome.t_last_ms + spent_ms,
        notes=notes,
    )


def _moved(times: Sequence[JsonValue], events: Sequence[Event]) -> list[JsonValue]:
    """When words begin and end, after what was put in between."""
    moved = [[ms for ms in pair if isinstance(ms, int)] for pair in times if isinstance(pair, list)]
    for event in events:
        at_ms, length_ms = event["at_ms"], event["duration_ms"]
        if event["kind"] in LONGER and isinstance(at_ms, int) and isinstance(length_ms, int):
            at_ms += length_ms if event["kind"] == "stutter" else 0
            moved = [[ms + length_ms if ms > at_ms else ms for ms in pair] for pair in moved]
    return [[*pair] for pair in moved]

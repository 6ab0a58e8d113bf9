"""What is measured on a side's sound: every prompt by itself, each language, and in total, worst language first.

The samples that the engine gave are measured, before any gain or codec; people hear the finished files.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from pydantic import TypeAdapter

from campaign.errors import RowError
from campaign.gate.numbers import OF_PROMPTS
from campaign.speech.columns import ColumnSpec
from campaign.speech.front_end import FrontEnd
from campaign.speech.templates import TemplateSource
from campaign.submission.replay import replayed
from storage.history import origins
from storage.installation import Installation
from storage.records import Campaign, JsonObject
from workers.engines.engine import Pcm
from workers.measure.activity import activity
from workers.measure.intelligibility import intelligibility_of
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder, similarity
from workers.measure.pitch import Pitch, pitch
from workers.measure.scores import score
from workers.pcm import PcmMemoryCache
from workers.recognisers.recogniser import Recogniser

VALUES = frozenset({"name", "money", "date", "telephone", "time", "code", "spell"})
"""Kinds of values that have to be heard."""
FULL_SCALE = 32_700


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt as one side said it."""

    id: str
    language: str
    spoken_text: str
    """As the front end gave it."""
    values: tuple[tuple[str, str], ...]
    """(kind, spoken words) of what must be heard."""
    pcm: Pcm
    rate_hz: int
    object_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One prompt's numbers; None is not measured, never 0."""

    id: str
    language: str
    seconds: float
    heard: str | None
    wer: float | None
    cer: float | None
    values_lost: float | None
    values: Mapping[str, tuple[int, int]]
    """Kind -> (heard, said)."""
    similarity: float | None
    f0_median_hz: float | None
    f0_range_semitones: float | None
    f0_drift_semitones: float | None
    f0_range_drift_semitones: float | None
    letters_per_second: float | None
    dnsmos_overall: float | None
    loudness_lufs: float | None
    silence_share: float
    clipped_share: float

    @classmethod
    def from_json(cls, kept: JsonObject) -> Measurement:
        """The inverse of `as_json`."""
        measurement: Measurement = TypeAdapter(cls).validate_python(kept)
        return measurement

    def as_json(self) -> JsonObject:
        """Rounded to what the measures can tell."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a side's voice is held against: its preset's recording."""

    recording: Pcm | None
    rate_hz: int
    encoder: SpeakerEncoder

    @property
    def pitch(self) -> Pitch | None:
        """Of the recording."""
        return None if self.recording is None else pitch(self.recording, self.rate_hz)


def measure(
    prompts: Sequence[Prompt],
    recogniser: Recogniser | None,
    likeness: Likeness,
    *,
    as_words: Callable[[str, str], str],
    progress: Callable[[int, int], None],
) -> list[Measurement]:
    """Measure each prompt; `as_words` speaks a transcript's digits; 0.5 to 2 s a prompt on a CPU."""
    reference_embedding = None
    if likeness.recording is not None:
        reference_embedding = likeness.encoder.embed(likeness.recording, likeness.rate_hz)
    reference_pitch = likeness.pitch
    out = []
    for number, prompt in enumerate(prompts, 1):
        measurement = _measurement(prompt, recogniser, as_words)
        if reference_embedding is not None:
            alike = similarity(reference_embedding, likeness.encoder.embed(prompt.pcm, prompt.rate_hz))
            measurement = replace(measurement, similarity=alike)
        if reference_pitch is not None:
            measurement = _with_drift(measurement, reference_pitch.median_hz, reference_pitch.range_semitones)
        out.append(measurement)
        progress(number, len(prompts))
    return out


def _measurement(
    prompt: Prompt, recogniser: Recogniser | None, as_words: Callable[[str, str], str]
) -> Measurement:
    scores = score(prompt.pcm, prompt.rate_hz, text=prompt.spoken_text, encoder=SpectralEncoder())
    comparison = transcript = None
    if recogniser is not None and recogniser.understands(prompt.language):
        heard = recogniser.hear(prompt.pcm, prompt.rate_hz, prompt.language)
        if not heard.looped:  # what went in circles says nothing of the sound: not measured
            transcript = heard.text
            comparison = intelligibility_of(
                prompt.spoken_text, as_words(transcript, prompt.language), prompt.values
            )
    values_total = sum(total for _, total in comparison.values.values()) if comparison else 0
    values_missed = values_total - sum(good for good, _ in comparison.values.values()) if comparison else 0
    spoken_s = activity(prompt.pcm, prompt.rate_hz).speech_s
    return Measurement(
        id=prompt.id,
        language=prompt.language,
        seconds=scores.seconds,
        heard=transcript,
        wer=comparison.wer if comparison else None,
        cer=comparison.cer if comparison else None,
        values_lost=values_missed / values_total if values_total else None,
        values=comparison.values if comparison else {},
        similarity=None,
        f0_median_hz=scores.f0_median_hz,
        f0_range_semitones=scores.f0_range_semitones,
        f0_drift_semitones=None,
        f0_range_drift_semitones=None,
        letters_per_second=scores.letters_per_second,
        dnsmos_overall=scores.dnsmos_overall,
        loudness_lufs=scores.loudness_lufs,
        silence_share=max(0.0, 1 - spoken_s / scores.seconds) if scores.seconds else 1.0,
        clipped_share=float((np.abs(prompt.pcm.astype(np.int32)) >= FULL_SCALE).mean()),
    )


def _with_drift(measurement: Measurement, median_hz: float, range_semitones: float) -> Measurement:
    """How far its pitch is from another's."""
    if measurement.f0_median_hz is None or measurement.f0_range_semitones is None:
        return measurement
    return replace(
        measurement,
        f0_drift_semitones=abs(12 * math.log2(measurement.f0_median_hz / median_hz)),
        f0_range_drift_semitones=abs(measurement.f0_range_semitones - range_semitones),
    )


def drift_from_baseline(
    candidate: Sequence[Measurement], baseline: Sequence[Measurement]
) -> list[Measurement]:
    """For a preset without a recording: pitch held against the baseline's same prompt."""
    baseline_by_id = {measurement.id: measurement for measurement in baseline}
    out = []
    for measurement in candidate:
        counterpart = baseline_by_id.get(measurement.id)
        if (
            measurement.f0_drift_semitones is None
            and counterpart is not None
            and counterpart.f0_median_hz is not None
        ):
            measurement = _with_drift(
                measurement, counterpart.f0_median_hz, counterpart.f0_range_semitones or 0.0
            )
        out.append(measurement)
    return out


def in_total(measurements: Sequence[Measurement]) -> dict[str, float]:
    """The mean of each number over the prompts that have it."""
    means: dict[str, float] = {}
    for name in OF_PROMPTS:
        values = [value for measurement in measurements if (value := getattr(measurement, name)) is not None]
        if values:
            means[name] = float(np.mean(values))
    return means


def by_language(measurements: Sequence[Measurement]) -> dict[str, dict[str, float]]:
    """Each language's means, the worst first: least understood, then least liked."""
    parts: dict[str, list[Measurement]] = defaultdict(list)
    for measurement in measurements:
        parts[measurement.language].append(measurement)
    means = {language: in_total(part) for language, part in parts.items()}

    def badness(language: str) -> tuple[float, float, str]:
        numbers = means[language]
        return (-numbers.get("wer", 0.0), numbers.get("dnsmos_overall", 0.0), language)

    return {language: means[language] for language in sorted(means, key=badness)}


# what a side said


def prompts_of(installation: Installation, campaign: Campaign) -> list[Prompt]:
    """Every prompt of a side that has a sound, with its samples."""
    front_end = _front_end(installation, campaign)
    shelf = PcmMemoryCache(installation.store, limit_bytes=0)
    with installation.database.read() as connection:
        parts = origins.stored_parts(connection, campaign.id)
    by_row: dict[int, list[origins.StoredPart]] = defaultdict(list)
    for part in parts:
        by_row[part.row].append(part)
    return [_prompt(front_end, shelf, of_row) for of_row in by_row.values()]


def _prompt(front_end: FrontEnd, shelf: PcmMemoryCache, parts: Sequence[origins.StoredPart]) -> Prompt:
    first = parts[0]
    composition = front_end.compose(locale=first.locale, fields=first.fields)
    values = tuple(
        (str(piece.kind), piece.text)
        for sentence in composition.trace.sentences
        for piece in sentence.spoken.pieces
        if piece.kind in VALUES
    )
    return Prompt(
        id=first.external_id,
        language=first.language,
        spoken_text=composition.spoken_text,
        values=values,
        pcm=np.concatenate([shelf.get(part.pcm_key, part.pcm_sha256) for part in parts]),
        rate_hz=first.rate_hz,
    )


def _front_end(installation: Installation, campaign: Campaign) -> FrontEnd:
    return FrontEnd(replayed(installation, campaign).front_end)


def words_of(installation: Installation, campaign: Campaign) -> Callable[[str, str], str]:
    """Speaks a transcript's digits and signs as the campaign's front end would; words stay as they are."""
    config = replayed(installation, campaign).front_end
    templates = {
        language: TemplateSource(name=f"{language}.txt", text="{{ text }}", language=language)
        for language in config.languages
    }
    front_end = FrontEnd(
        replace(
            config,
            templates=templates,
            columns={"text": ColumnSpec(nothing=())},
            lexicon=None,
            disclosure=None,
            leftover="verbalise",
        )
    )

    def as_words(text: str, language: str) -> str:
        if text.replace("'", "").replace(" ", "").isalpha():
            return text
        try:
            return front_end.compose(locale=language, fields={"text": text}).spoken_text
        except RowError:
            return text

    return as_words

"""What is measured on a side's sound: every prompt by itself, each language, and in total, worst language first.

The samples that the engine gave are measured, before any gain or codec; people hear the finished files. Words and
values are judged as those of delivered files are (`workers.listening`), utterance by utterance.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from pydantic import TypeAdapter

from campaign.gate.numbers import OF_PROMPTS
from campaign.speech.front_end import FrontEnd
from campaign.submission.replay import replayed
from campaign.submission.value_places import value_places
from storage.history import origins
from storage.installation import Installation
from storage.records import Campaign, JsonObject
from workers.engines.engine import Pcm
from workers.listening.file import Said, spoken_language
from workers.listening.judging import Hearing, SpokenValue
from workers.listening.listener import FileListener
from workers.listening.pronouncing import edits
from workers.listening.words import folded, words_of
from workers.measure.activity import activity
from workers.measure.distillmos import DistillMos
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder, similarity
from workers.measure.pitch import Pitch, pitch
from workers.measure.scores import score
from workers.pcm import PcmMemoryCache

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
    utterances: tuple[Said, ...]
    """What must be heard; none where nobody listens."""
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
    distillmos: float | None = None
    not_judged: float | None = None
    """1 where nobody can tell what was heard, 0 where somebody can; None where nobody listened."""

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
    listener: FileListener | None,
    likeness: Likeness,
    *,
    opinion: DistillMos | None = None,
    progress: Callable[[int, int], None],
) -> list[Measurement]:
    """Measure each prompt; 0.5 to 2 s a prompt on a CPU."""
    reference_embedding = None
    if likeness.recording is not None:
        reference_embedding = likeness.encoder.embed(likeness.recording, likeness.rate_hz)
    reference_pitch = likeness.pitch
    out = []
    for number, prompt in enumerate(prompts, 1):
        measurement = _measurement(prompt, listener)
        if opinion is not None:
            measurement = replace(measurement, distillmos=opinion.rate(prompt.pcm, prompt.rate_hz))
        if reference_embedding is not None:
            alike = similarity(reference_embedding, likeness.encoder.embed(prompt.pcm, prompt.rate_hz))
            measurement = replace(measurement, similarity=alike)
        if reference_pitch is not None:
            measurement = _with_drift(measurement, reference_pitch.median_hz, reference_pitch.range_semitones)
        out.append(measurement)
        progress(number, len(prompts))
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Understood:
    """What was heard of one prompt."""

    heard: str
    wer: float
    """At most 1, all words wrong: no mean hangs on one transcript of words that nobody said."""
    cer: float
    values: Mapping[str, tuple[int, int]]

    @property
    def values_lost(self) -> float | None:
        total = sum(said for _, said in self.values.values())
        return None if not total else 1 - sum(heard for heard, _ in self.values.values()) / total


def _understood(prompt: Prompt, listener: FileListener) -> _Understood | Hearing | None:
    """None where the recogniser has none of its languages; `NOT_JUDGED` where it went in circles: that says nothing of
    the sound, and moves no mean."""
    recogniser = listener.recogniser()
    said = [one for one in prompt.utterances if recogniser.understands(one.language)]
    judgements = [listener.judge(one.pcm, one.rate_hz, one) for one in said]
    if not said:
        return None
    if any(one.verdict == Hearing.NOT_JUDGED for one in judgements):
        return Hearing.NOT_JUDGED
    words = [word for one in said for word in words_of(one.text)]
    lost = [part for one in judgements for part in one.parts if part.verdict == Hearing.MISHEARD]
    values: dict[str, tuple[int, int]] = {}
    for value in (value for one in judgements for value in one.values):
        if value.kind in VALUES and value.verdict != Hearing.NOT_JUDGED:
            heard, total = values.get(value.kind, (0, 0))
            values[value.kind] = (heard + (value.verdict == Hearing.HEARD), total + 1)
    return _Understood(
        heard=" ".join(one.heard for one in judgements if one.heard),
        wer=min(
            1.0, sum(max(part.ended - part.begun, len(words_of(part.heard))) for part in lost) / len(words)
        ),
        cer=min(
            1.0,
            sum(edits(folded(part.said), folded(part.heard)) for part in lost)
            / sum(len(word.letters) for word in words),
        ),
        values=values,
    )


def _measurement(prompt: Prompt, listener: FileListener | None) -> Measurement:
    scores = score(prompt.pcm, prompt.rate_hz, text=prompt.spoken_text, encoder=SpectralEncoder())
    judged = None if listener is None else _understood(prompt, listener)
    understood = judged if isinstance(judged, _Understood) else None
    spoken_s = activity(prompt.pcm, prompt.rate_hz).speech_s
    return Measurement(
        id=prompt.id,
        language=prompt.language,
        seconds=scores.seconds,
        heard=understood.heard if understood else None,
        wer=understood.wer if understood else None,
        cer=understood.cer if understood else None,
        values_lost=understood.values_lost if understood else None,
        values=understood.values if understood else {},
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
        not_judged=None if judged is None else float(understood is None),
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
    said = tuple(
        Said(
            key=part.pcm_sha256,
            text=utterance.text,
            language=spoken_language(utterance.spans),
            values=tuple(SpokenValue(**place._asdict()) for place in places),
            pcm=shelf.get(part.pcm_key, part.pcm_sha256),
            rate_hz=part.rate_hz,
        )
        for part, utterance, places in zip(
            parts, composition.utterances, value_places(composition), strict=True
        )
    )
    return Prompt(
        id=first.external_id,
        language=first.language,
        spoken_text=composition.spoken_text,
        utterances=said,
        pcm=np.concatenate([one.pcm for one in said]),
        rate_hz=first.rate_hz,
    )


def _front_end(installation: Installation, campaign: Campaign) -> FrontEnd:
    return FrontEnd(replayed(installation, campaign).front_end)

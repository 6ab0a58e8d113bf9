"""What a person needs to judge a held file: its sentences as they were to be said beside what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.queue.held import HeldFile, HeldSentence
from storage.records import JsonObject
from workers.listening.file import judgement_from_json
from workers.listening.judging import Judgement, Mishearing
from workers.listening.places import begun_ms
from workers.listening.words import words_of
from workers.requests import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStretch:
    """Words that were not heard as they were to be said."""

    at_s: float
    """About when, in the file."""
    said: str
    heard: str
    """Either is empty where nothing stands against the other."""
    kind: str
    """Of the value that it touches; empty: words of the template."""
    column: str
    nats: float | None
    """How much likelier what was heard is; None where it was not weighed."""
    said_at: tuple[int, int]
    """Characters of the sentence's `said`."""
    heard_at: tuple[int, int]
    """Characters of its `heard`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceToHear:
    """One utterance."""

    at_s: float
    verdict: str
    said: str
    """As it was to be said."""
    heard: str
    """Empty where it could not be judged."""
    mishap: str
    """What happened to it where that has a name: `missing`, `cut-end`, `said-twice`, `other-language`; else empty."""
    language: str
    """Primary, where it is in another one than it was to be."""
    stretches: tuple[HeldStretch, ...]


def sentences_of(file: HeldFile, sentences: Sequence[HeldSentence]) -> tuple[SentenceToHear, ...]:
    """Every sentence of a held file, in order."""
    kept: Sequence[JsonObject] = file.listening["utterances"]  # type: ignore[assignment]
    starts_ms = [float(str(one["start_ms"])) for one in kept]
    ends_ms = [*starts_ms[1:], 1000 * file.samples / file.rate_hz]
    return tuple(
        _sentence(sentence, judgement_from_json(one), start_ms, end_ms)
        for sentence, one, start_ms, end_ms in zip(sentences, kept, starts_ms, ends_ms, strict=True)
    )


def _sentence(sentence: HeldSentence, judgement: Judgement, start_ms: float, end_ms: float) -> SentenceToHear:
    said = Spec.from_json(sentence.spec).text
    length_ms = end_ms - start_ms
    if sentence.samples and sentence.rate_hz:
        length_ms = 1000 * sentence.samples / sentence.rate_hz
    return SentenceToHear(
        at_s=round(start_ms / 1000, 1),
        verdict=judgement.verdict.value,
        said=said,
        heard=judgement.heard,
        mishap=judgement.mishap.value,
        language=judgement.language,
        stretches=tuple(_stretch(part, judgement, said, start_ms, length_ms) for part in judgement.parts),
    )


def _stretch(
    part: Mishearing, judgement: Judgement, said: str, start_ms: float, length_ms: float
) -> HeldStretch:
    at_ms = begun_ms(said, part.begun, start_ms=start_ms, length_ms=length_ms)
    of_values = (value.column for value in judgement.values if value.begun <= part.begun < value.ended)
    return HeldStretch(
        at_s=round(at_ms / 1000, 1),
        said=part.said,
        heard=part.heard,
        kind=part.kind,
        column=next(of_values, ""),
        nats=part.nats,
        said_at=_characters(said, part),
        heard_at=part.place,
    )


def _characters(said: str, part: Mishearing) -> tuple[int, int]:
    words = words_of(said)
    if part.begun < part.ended:
        return words[part.begun].begun, words[part.ended - 1].ended
    at = words[part.begun].begun if part.begun < len(words) else len(said)
    return at, at

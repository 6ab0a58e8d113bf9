"""Spoken text to utterances: synthesis keys, de-duplication, and what it will take."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.speech.front_end import Composition, SpokenUtterance
from campaign.submission.value_places import ValuePlace, value_places
from workers.engines.imperfection import Imperfection
from workers.requests import Spec
from workers.synthesis_key import Voice, synthesis_key

CHARACTERS_PER_SECOND = 14.0
"""Of speech, where nothing has been measured yet: about 165 words a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUtterance:
    """One utterance of one asset."""

    key: str
    spec: Spec
    pause_after_ms: int | None
    value_places: tuple[ValuePlace, ...] = ()
    """Its words that are values, for whoever listens or helps them to be heard."""

    @property
    def characters(self) -> int:
        return self.spec.characters


def plan_utterances(
    composition: Composition, voice: Voice, *, needs_values: bool = False
) -> tuple[PlannedUtterance, ...]:
    """The utterances of one asset, in order; with their values where a worker has to know them."""
    flaws = composition.imperfections
    places = value_places(composition) if needs_values else [()] * len(composition.utterances)
    return tuple(
        _planned(utterance, flaws, voice, of_utterance)
        for utterance, of_utterance in zip(composition.utterances, places, strict=True)
    )


def _planned(
    utterance: SpokenUtterance,
    flaws: tuple[Imperfection, ...],
    voice: Voice,
    places: tuple[ValuePlace, ...],
) -> PlannedUtterance:
    spec = Spec(utterance.spans, imperfections=flaws)
    return PlannedUtterance(
        key=synthesis_key(spec, voice),
        spec=spec,
        pause_after_ms=utterance.pause_after_ms,
        value_places=places,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningEstimate:
    """Who will listen to the files, and what that takes."""

    recogniser: str
    """Empty where nobody will."""
    share: float
    """Of the rows."""
    seconds_to_hear: float
    """Of sound, at most: a sentence that several files share is judged once."""
    cpu_seconds: float
    why_not: str
    """Empty where somebody will, or where it was decided before."""
    opinion: str = ""
    """Who predicts how people would rate them; empty where nobody does."""
    opinion_cpu_seconds: float = 0.0
    line: str = ""
    """Over which line they are heard, in words; empty where they are heard as they are."""
    second: str = ""
    """Who hears beside the recogniser, in words, where there is a line."""
    uncalibrated: tuple[str, ...] = ()
    """Presets, `name@version`, that are judged by what ships: nobody calibrated who listens for them."""
    calibrate: str = ""
    """The commands that do."""


NOBODY_LISTENS = ListeningEstimate(recogniser="", share=0.0, seconds_to_hear=0.0, cpu_seconds=0.0, why_not="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a campaign will take, before any sound is made."""

    rows_by_outcome: dict[str, int]
    utterances: int
    """Distinct ones."""
    utterances_cached: int
    """Of those, already stored."""
    seconds_to_make: float
    seconds_to_deliver: float
    expected_wall_s: float | None
    """At the speed measured on earlier runs; None when there are none."""
    expected_cost: float
    currency: str
    listening: ListeningEstimate = NOBODY_LISTENS

    @property
    def saved_by_sharing(self) -> float:
        """Share of the delivered sound that need not be made."""
        if not self.seconds_to_deliver:
            return 0.0
        return 1 - self.seconds_to_make / self.seconds_to_deliver


def characters_to_seconds(characters: float, characters_per_second: float | None) -> float:
    """Seconds of speech to expect."""
    return characters / (characters_per_second or CHARACTERS_PER_SECOND)

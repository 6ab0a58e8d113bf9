"""How sure a side's numbers are: a confidence interval for each, over prompts, in total and in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from campaign.gate.numbers import OF_PROMPTS
from campaign.gate.statistics import Interval, bootstrap_mean, wilson
from storage.records import JsonObject
from storage.registry.gates import GateSide

FEWEST_PROMPTS = 2
"""One has no spread: nothing is known of how sure it is."""


def interval_of(
    name: str, measured: Sequence[JsonObject], *, language: str | None = None, confidence: float = 0.95
) -> Interval | None:
    """Of the mean of a number over prompts, by Wilson for a share, else by bootstrap; None of fewer than two."""
    values = [
        float(value)
        for row in measured
        if (language is None or row["language"] == language)
        and isinstance(value := row.get(name), int | float)
    ]
    if len(values) < FEWEST_PROMPTS:
        return None
    return (wilson if OF_PROMPTS[name].is_share else bootstrap_mean)(values, confidence=confidence)


def intervals(side: GateSide) -> dict[str, dict[str, Mapping[str, float]]]:
    """Of every number that was measured: `total`, and each language."""
    places: dict[str, str | None] = {"total": None} | {language: language for language in side.by_language}
    return {
        place: {
            name: rounded(found)
            for name in OF_PROMPTS
            if (found := interval_of(name, side.measured, language=language)) is not None
        }
        for place, language in places.items()
    }


def rounded(interval: Interval) -> dict[str, float]:
    """As a verdict keeps it; `pairs` are prompts."""
    return {key: round(value, 5) for key, value in asdict(interval).items()}

"""What a recogniser makes of one voice in one language, learned from renders that are as they should be.

A slip of the recogniser's weighs something: the bound lies above the heaviest slip of the renders. A kind of value
that it often does not hear in any of its hearings is *beyond* it: such values are not judged, and what it makes of
them says nothing of how much a slip weighs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workers.listening.judging import MILD_KINDS, Bounds, Hearing, Judgement, Mishearing, concerns

LEAST_NATS, MOST_NATS = 1.0, 8.0
MARGIN_NATS = 0.5
"""Above the heaviest slip. What weighs more than `MOST_NATS` less this is no slip that a bound may allow."""
MOST_UNLIKE = 0.5
MARGIN_UNLIKE = 0.02
LEAST_HEARD = 0.8
"""Share of the values of a kind: below, it is beyond the recogniser."""
FEWEST_LOST = 3
"""Values of a kind that were not heard: fewer are chance, and what is beyond is judged by nobody."""
FEWEST_SENTENCES = 20
"""Fewer make no bound stricter than what ships."""

Unlikeness = Callable[[str, str], float | None]
"""(said, heard) to the share of sounds that differ; None where nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One language."""

    bounds: Bounds
    sentences: int
    values: Mapping[str, tuple[int, int]]
    """Kind to (heard, said), judged by these bounds."""


def listening_bounds(shipped: Bounds) -> Bounds:
    """By which renders are judged that are to be learned from: every slip shows, however little it weighs."""
    return replace(shipped, nats=0.0, beyond=frozenset())


def learn(
    judgements: Sequence[Judgement], shipped: Bounds, unlikeness: Unlikeness, *, weighs: bool
) -> Learned:
    """Bounds from judgements by `listening_bounds`; `weighs` is whether the recogniser weighs what it heard."""
    beyond = _often_lost(_values(judgements, shipped, unlikeness))
    slips = [
        part
        for one in judgements
        for part in one.parts
        if part.verdict == Hearing.MISHEARD and not part.is_rival and part.kind not in beyond
    ]
    bounds = replace(shipped, beyond=beyond)
    if weighs:
        weights = [one.nats for one in slips if one.nats is not None and one.nats <= MOST_NATS - MARGIN_NATS]
        nats = max(LEAST_NATS, max(weights, default=0.0) + MARGIN_NATS)
        if len(judgements) < FEWEST_SENTENCES:
            nats = max(nats, shipped.nats)
        bounds = replace(bounds, nats=round(min(nats, MOST_NATS), 3))
    others = [
        unlike
        for one in slips
        if one.kind in MILD_KINDS and one.said and one.heard and not _is_light(one, bounds)
        if (unlike := unlikeness(one.said, one.heard)) is not None and unlike <= MOST_UNLIKE - MARGIN_UNLIKE
    ]
    unlike_sounds = max(shipped.unlike_sounds, max(others, default=0.0) + MARGIN_UNLIKE)
    bounds = replace(
        bounds, unlike_sounds=round(min(unlike_sounds, max(shipped.unlike_sounds, MOST_UNLIKE)), 3)
    )
    values = _values(judgements, bounds, unlikeness)
    bounds = replace(bounds, beyond=beyond & _often_lost(values))
    return Learned(bounds=bounds, sentences=len(judgements), values=values)


def _often_lost(values: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Kinds that are too often not heard to be judged."""
    return frozenset(
        kind
        for kind, (heard, said) in values.items()
        if said - heard >= FEWEST_LOST and heard < LEAST_HEARD * said
    )


def _values(
    judgements: Sequence[Judgement], bounds: Bounds, unlikeness: Unlikeness
) -> dict[str, tuple[int, int]]:
    """Kind to (heard, said), were the renders judged by these bounds."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in judgements:
        left = [part for part in one.parts if not _is_allowed(part, bounds, unlikeness)]
        for value in one.values:
            is_silent = value.verdict == Hearing.NOT_JUDGED and not any(
                concerns(part, value) for part in one.parts
            )
            counts[value.kind][0] += not is_silent and not any(concerns(part, value) for part in left)
            counts[value.kind][1] += 1
    return {kind: (heard, said) for kind, (heard, said) in sorted(counts.items())}


def _is_allowed(part: Mishearing, bounds: Bounds, unlikeness: Unlikeness) -> bool:
    if part.verdict != Hearing.MISHEARD or part.is_rival:
        return False
    if _is_light(part, bounds):
        return True
    if part.kind not in MILD_KINDS or not part.said or not part.heard:
        return False
    unlike = unlikeness(part.said, part.heard)
    return unlike is not None and unlike <= bounds.unlike_sounds


def _is_light(part: Mishearing, bounds: Bounds) -> bool:
    return part.nats is not None and part.nats <= bounds.nats

"""A value that a file says more than once, over a line: what noise took from one saying the other makes up for.

Only what was lost is made up for. A saying that was heard as another value may be what was said there, and holds the
file whatever the other one says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from workers.listening.judging import HeardValue, Hearing, Judgement, Mishearing


def with_other_sayings(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The judgements of a file's utterances, each with what another one makes up for."""
    heard = {
        (value.kind, value.column)
        for judgement in judgements
        for value in judgement.values
        if value.column and value.verdict == Hearing.HEARD
    }
    return [_made_up_for(judgement, heard) for judgement in judgements]


def _made_up_for(judgement: Judgement, heard: Collection[tuple[str, str]]) -> Judgement:
    lost = [
        value
        for value in judgement.values
        if value.verdict != Hearing.HEARD
        and (value.kind, value.column) in heard
        and (touching := _touching(value, judgement.parts))
        and all(not part.is_rival and _lies_in(part, value) for part in touching)
    ]
    if not lost:
        return judgement
    parts = tuple(part for part in judgement.parts if not any(_lies_in(part, value) for value in lost))
    return replace(
        _with_parts(judgement, parts),
        values=tuple(
            replace(value, verdict=Hearing.HEARD) if value in lost else value for value in judgement.values
        ),
    )


def of_values(judgement: Judgement) -> Judgement:
    """A judgement of its values alone: of what arrived over a line, words of the template hold no file.

    One of which nothing could be heard stays as it is.
    """
    if not judgement.parts:
        return judgement
    return _with_parts(judgement, tuple(part for part in judgement.parts if part.kind))


def _with_parts(judgement: Judgement, parts: tuple[Mishearing, ...]) -> Judgement:
    misheard = any(part.verdict == Hearing.MISHEARD for part in parts)
    unclear = Hearing.NOT_JUDGED if parts else Hearing.HEARD
    return replace(judgement, verdict=Hearing.MISHEARD if misheard else unclear, parts=parts)


def _touching(value: HeardValue, parts: Sequence[Mishearing]) -> list[Mishearing]:
    return [part for part in parts if part.begun < value.ended and part.ended > value.begun]


def _lies_in(part: Mishearing, value: HeardValue) -> bool:
    return value.begun <= part.begun and part.ended <= value.ended

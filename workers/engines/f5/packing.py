"""Which utterances travel together, and where their rows lie.

A pack lays sequences end to end, twice: conditioned, then unconditioned (classifier-free guidance), then fill up to
a fixed number of rows, so that every matrix product of a budget has one shape whatever is in it. Nothing here knows
torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

FRAMES_PER_UTTERANCE = 128
"""A budget of n frames holds at most n / 128 utterances, so that shapes which depend on their number are fixed too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A size of pack."""

    frames: int
    """Of reference and speech together, counted once, not for each half of the guidance."""

    @property
    def utterances(self) -> int:
        """Most that may share it."""
        return max(1, self.frames // FRAMES_PER_UTTERANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each sequence's rows lie."""

    lengths: tuple[int, ...]
    """Frames of each sequence, in order; every half of the guidance is a sequence of its own."""
    rows: int
    """Of the whole pack with its fill."""
    places: int
    """Most sequences there may be: fixes the width of the gaps."""
    is_guided: bool = False
    """Whether the second half of the sequences is the first once more, unconditioned."""

    @property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """(start, end) rows of each sequence."""
        ends = list(accumulate(self.lengths))
        return tuple((end - length, end) for end, length in zip(ends, self.lengths, strict=True))

    @property
    def used(self) -> int:
        """Rows that hold something."""
        return sum(self.lengths)


def lay_out(frames: Sequence[int], *, halves: int, budget: Budget | None) -> Layout:
    """The layout of utterances of so many frames; without a budget nothing is filled up."""
    lengths = tuple(frames) * halves
    if budget is None:
        return Layout(lengths=lengths, rows=sum(lengths), places=len(lengths), is_guided=halves == 2)
    if sum(frames) > budget.frames or len(frames) > budget.utterances:
        raise ValueError(f"{len(frames)} utterances of {sum(frames)} frames do not fit {budget}")
    return Layout(
        lengths=lengths,
        rows=halves * budget.frames,
        places=halves * budget.utterances,
        is_guided=halves == 2,
    )


def pack(frames: Sequence[int], budgets: Sequence[Budget]) -> list[tuple[Budget, tuple[int, ...]]]:
    """(budget, indices into `frames`) of each pack; the longest first, each in the smallest budget that holds it.

    Lengths are sorted so that what runs together ends together; a pack is closed when the next utterance no longer
    fits the largest budget. Utterances longer than the largest budget must have been refused before.
    """
    largest = max(budgets, key=lambda budget: budget.frames)
    packs: list[tuple[Budget, tuple[int, ...]]] = []
    open_pack: list[int] = []
    used = 0
    for index in sorted(range(len(frames)), key=lambda index: (-frames[index], index)):
        if frames[index] > largest.frames:
            raise ValueError(f"{frames[index]} frames do not fit {largest}")
        if open_pack and (used + frames[index] > largest.frames or len(open_pack) == largest.utterances):
            packs.append((_smallest(budgets, used, len(open_pack)), tuple(open_pack)))
            open_pack, used = [], 0
        open_pack.append(index)
        used += frames[index]
    if open_pack:
        packs.append((_smallest(budgets, used, len(open_pack)), tuple(open_pack)))
    return packs


def _smallest(budgets: Sequence[Budget], frames: int, utterances: int) -> Budget:
    fitting = [budget for budget in budgets if budget.frames >= frames and budget.utterances >= utterances]
    return min(fitting, key=lambda budget: budget.frames)

"""Values helped to be heard: silence before each, and each said slower, where its engine or a listener tells when.

    sound of an utterance, its words' times, which words are values
        -> cut beside each value, where it is quietest -> pause before it -> slower at the same pitch

A value at the beginning of its sentence gets no pause: there is one before it already. What was done is kept as
stretches, so that every word's place in the file is known afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workers.engines.engine import Pcm
from workers.errors import FinishError
from workers.finish.assembly import samples_of

EARLY_MS, LATE_MS = 80, 40
"""How far before and after a word's told beginning the cut may lie; the other way round at its end."""
QUIET_MS = 10
"""Over which it is quietest."""
SEAM_MS = 10
"""Over which slowed sound goes over into what follows."""
FADE_MS = 5
"""Beside a pause."""
LEAST_STRETCH_MS = 60
"""Shorter ones are left as they are: there is nothing to slow."""
UNPLACED = "values-not-placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What values get."""

    pause_ms: int
    tempo: float
    """Of the value's own sound; 1.0 leaves it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedStretch:
    """Words [first_word, last_word) with their sound, before and after."""

    first_word: int
    last_word: int
    begun: int
    ended: int
    """Samples [begun, ended) of the sound as it was."""
    first: int
    last: int
    """Samples [first, last) of the sound as it became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedSound:
    """An utterance's sound with its values helped."""

    pcm: Pcm
    stretches: tuple[HelpedStretch, ...]
    """All of the sound, values and what lies between them, in order."""

    def at(self, word: int, sample: float) -> float:
        """Where a sample of the sound as it was lies now, for that word: within its own stretch."""
        one = next(one for one in self.stretches if word < one.last_word)
        inside = (min(max(sample, one.begun), one.ended) - one.begun) / max(1, one.ended - one.begun)
        return one.first + inside * (one.last - one.first)


def with_help(
    sound: Pcm,
    rate_hz: int,
    times: Sequence[tuple[float, float]],
    values: Sequence[tuple[int, int]],
    help_: Help,
) -> HelpedSound:
    """Help values in int16 mono.

    `times`: [from, to] of each word in samples of `sound`; `values`: words [first, last) of each, in order.
    """
    pieces: list[Pcm] = []
    stretches: list[HelpedStretch] = []
    length = 0
    ending = sound[:0]
    for begun, ended, first_word, last_word, is_value in _cut(sound, rate_hz, times, _apart(values)):
        piece, ending = _gone_over(ending, sound[begun:ended]), sound[:0]
        if is_value:
            if help_.pause_ms and first_word > 0:
                pause = np.zeros(samples_of(help_.pause_ms, rate_hz), np.int16)
                if pieces:
                    pieces[-1] = _faded(pieces[-1], rate_hz, at_end=True)
                pieces.append(pause)
                length += len(pause)
                piece = _faded(piece, rate_hz, at_end=False)
            if help_.tempo != 1.0 and len(piece) >= samples_of(LEAST_STRETCH_MS, rate_hz):
                piece, ending = _slower(piece, sound[ended:], rate_hz, help_.tempo)
        pieces.append(piece)
        stretches.append(
            HelpedStretch(
                first_word=first_word,
                last_word=last_word,
                begun=begun,
                ended=ended,
                first=length,
                last=length + len(piece),
            )
        )
        length += len(piece)
    return HelpedSound(pcm=np.concatenate(pieces), stretches=tuple(stretches))


def refuse_unplaced(times: Sequence[object] | None, values: Sequence[tuple[int, int]], position: int) -> None:
    """Raise `FinishError` where nobody tells when an utterance's values are said."""
    if values and (times is None or values[-1][1] > len(times)):
        raise FinishError(
            UNPLACED,
            f"nobody tells when the values of sentence {position + 1} are said, so they cannot be helped; choose a "
            "voice that tells (kokoro), have every file listened to, or leave pause_before_values and slow_values out",
        )


def _apart(values: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Values with nothing said between them are one."""
    apart: list[tuple[int, int]] = []
    for first, last in values:
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def _cut(
    sound: Pcm, rate_hz: int, times: Sequence[tuple[float, float]], values: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, int, int, bool]]:
    """(begun, ended, first word, last word, whether it is a value) of each stretch, together all of the sound."""
    early, late = samples_of(EARLY_MS, rate_hz), samples_of(LATE_MS, rate_hz)
    at, word = 0, 0
    for first, last in values:
        begun = 0 if first == 0 else _quietest(sound, rate_hz, times[first][0], early, late, at)
        is_last = last >= len(times)
        ended = len(sound) if is_last else _quietest(sound, rate_hz, times[last - 1][1], late, early, begun)
        if first > 0:
            yield at, begun, word, first, False
        yield begun, ended, first, last, True
        at, word = ended, last
    if word < len(times) or at < len(sound):
        yield at, len(sound), word, len(times) + 1, False


def _quietest(sound: Pcm, rate_hz: int, about: float, before: int, after: int, lowest: int) -> int:
    """The sample, `before` to `after` around a place, about which the sound is quietest."""
    half = samples_of(QUIET_MS, rate_hz) // 2
    low = min(max(lowest, round(about) - before), len(sound))
    high = max(low, min(len(sound), round(about) + after))
    power = np.concatenate(([0.0], np.cumsum(sound.astype(np.float64) ** 2)))
    places = np.arange(low, high + 1, max(1, half // 2))
    levels = power[np.minimum(places + half, len(sound))] - power[np.maximum(places - half, 0)]
    return int(places[int(levels.argmin())])


def _faded(piece: Pcm, rate_hz: int, *, at_end: bool) -> Pcm:
    length = min(samples_of(FADE_MS, rate_hz), len(piece))
    ramp = (np.arange(length) + 0.5) / max(1, length)
    faded = piece.copy()
    if at_end:
        faded[len(piece) - length :] = np.rint(faded[len(piece) - length :] * ramp[::-1])
    else:
        faded[:length] = np.rint(faded[:length] * ramp)
    return faded


def _slower(piece: Pcm, following: Pcm, rate_hz: int, tempo: float) -> tuple[Pcm, Pcm]:
    """(a value's sound slower, its going on over the beginning of what follows)."""
    from workers.finish.tempo import at_tempo

    seam = min(samples_of(SEAM_MS, rate_hz), len(following))
    slow = at_tempo(np.concatenate((piece, following[:seam])), rate_hz, tempo)
    end = len(slow) - round(seam / tempo)
    return slow[:end], slow[end : end + seam]


def _gone_over(ending: Pcm, piece: Pcm) -> Pcm:
    """A piece whose beginning the end of the one before goes over into."""
    length = min(len(ending), len(piece))
    ramp = (np.arange(length) + 0.5) / max(1, length)
    mixed = piece.copy()
    mixed[:length] = np.rint(ending[:length] * (1 - ramp) + piece[:length] * ramp)
    return mixed

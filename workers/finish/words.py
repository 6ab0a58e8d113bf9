"""Where an utterance's words lie in a file, from when the engine said them.

An engine's times are of the sound that it made. What finishing does to it, in this order, moves them: quiet ends are
cut, values are helped, the tempo is changed and the rate. The last two stretch evenly, another tempo to some 20 ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from workers.engines.engine import WORDS, Pcm
from workers.finish.assembly import audible
from workers.finish.descriptor import WordExtent
from workers.finish.values import HelpedSound


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWords:
    """When the words of an utterance were said, by somebody who heard it."""

    by: str
    """A recogniser's name."""
    times_ms: tuple[tuple[float, float], ...]
    """[from, to] of each word of the text, parted at white space, in ms of the utterance's sound."""


def words_in_file(
    times: Sequence[tuple[float, float]] | None,
    pcm: Pcm,
    rate_hz: int,
    *,
    below_dbfs: float,
    keep_ms: float,
    first_sample: int,
    samples: int,
    helped: HelpedSound | None = None,
) -> list[WordExtent] | None:
    """`first_sample` and `samples` of each word in the file; None where nobody tells when they were said.

    `pcm` is the utterance as it was made; `first_sample` and `samples` are what became of it in the file, `helped` what
    was done for its values in between.
    """
    if times is None:
        return None
    kept = audible(pcm, rate_hz, below_dbfs=below_dbfs, keep_ms=keep_ms)
    start = int(kept.start)
    stretch = samples / max(1, int(kept.stop) - start if helped is None else len(helped.pcm))

    def place(word: int, at_ms: float) -> int:
        at = at_ms * rate_hz / 1000 - start
        inside = round((at if helped is None else helped.at(word, at)) * stretch)
        return first_sample + min(samples, max(0, inside))

    places = [(place(word, begun), place(word, ended)) for word, (begun, ended) in enumerate(times)]
    return [{"first_sample": first, "samples": end - first} for first, end in places]


def told_times(run: Mapping[str, JsonValue]) -> list[tuple[float, float]] | None:
    """As the engine noted them in its run; None for what is not that, or not in order."""
    notes = run.get("notes")
    noted = notes.get(WORDS) if isinstance(notes, Mapping) else None
    if not isinstance(noted, Sequence) or isinstance(noted, str) or not noted:
        return None
    times: list[tuple[float, float]] = []
    for pair in noted:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            return None
        begun, ended = pair
        if not isinstance(begun, int | float) or not isinstance(ended, int | float) or begun > ended:
            return None
        times.append((begun, ended))
    return times

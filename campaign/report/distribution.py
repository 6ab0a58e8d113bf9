"""How lengths and levels are spread, and which files stand out: those to listen to first."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from storage.history.delivery import DeliveredRow
from workers.measure.voice_print import MARGIN

BINS = 24
SHOWN_OUTLIERS = 12
SHOWN_LOWEST = 5
FAR = 3.5
"""Robust deviations from the middle that make a file stand out (Iglewicz and Hoaglin's rule)."""
MAD_TO_SIGMA = 0.6745
LEAST_SPREAD = {"characters_per_second": 0.5, "loudness_lufs": 0.5, "opinion": 0.1, "likeness": 0.02}
"""Where nearly all files are alike, less than this is no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A file that is unlike the others of its campaign."""

    row: int
    why: str
    """In plain words."""
    distance: float
    """Robust deviations from the middle."""


@dataclass(slots=True)
class SoundMeasurements:
    """What was measured of delivered files, 4 bytes a number."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    duration_s: array[float] = field(default_factory=lambda: array("f"))
    characters_per_second: array[float] = field(default_factory=lambda: array("f"))
    loudness_lufs: array[float] = field(default_factory=lambda: array("f"))
    """NaN where a file is too quiet or too short for one."""
    opinion: array[float] = field(default_factory=lambda: array("f"))
    """Predicted, 1 to 5; NaN where nobody rated it."""
    likeness: array[float] = field(default_factory=lambda: array("f"))
    """Cosine to the preset's voice print; NaN where it was not scored."""
    least_alike: array[float] = field(default_factory=lambda: array("f"))
    """What a file of its voice is at least; NaN where there is no print."""
    speaker: list[tuple[str, str | None]] = field(default_factory=list)
    """Language and preset: each has a pace of its own."""

    def add(self, row: DeliveredRow) -> None:
        """One delivered row."""
        if row.duration_s is None:
            return
        self.rows.append(row.row)
        self.duration_s.append(row.duration_s)
        self.characters_per_second.append(row.characters / row.duration_s if row.duration_s else 0.0)
        self.loudness_lufs.append(float("nan") if row.loudness_lufs is None else row.loudness_lufs)
        opinion = None if row.listening is None else row.listening.opinion
        self.opinion.append(float("nan") if opinion is None else opinion)
        voice = None if row.listening is None else row.listening.voice
        likeness = None if voice is None else voice.likeness
        self.likeness.append(float("nan") if likeness is None else likeness)
        self.least_alike.append(float("nan") if voice is None else voice.lowest - MARGIN)
        self.speaker.append((row.language, row.preset))

    def outliers(self, most: int = SHOWN_OUTLIERS) -> list[Outlier]:
        """The files farthest from the middle of their language and preset, farthest first."""
        candidates = [
            *self._far("characters_per_second", by_speaker=True),
            *self._far("loudness_lufs"),
            *self._far("opinion", by_speaker=True, only_below=True),
            *self._unlike_voices(),
        ]
        worst: dict[int, Outlier] = {}
        for outlier in candidates:
            if outlier.row not in worst or worst[outlier.row].distance < outlier.distance:
                worst[outlier.row] = outlier
        return sorted(worst.values(), key=lambda outlier: (-outlier.distance, outlier.row))[:most]

    def lowest_rated(self, most: int = SHOWN_LOWEST) -> list[Outlier]:
        """The files whose predicted opinion is farthest below that of their language and preset, lowest first.

        Languages do not compare, so it is the distance that counts. These need not stand out: somebody should hear the
        worst of every campaign.
        """
        below: list[Outlier] = []
        for places in self._groups(by_speaker=True):
            values = np.array([self.opinion[place] for place in places], dtype=np.float64)
            if not np.isfinite(values).any():
                continue
            middle = float(np.nanmedian(values))
            below += [
                Outlier(
                    row=self.rows[place],
                    why=f"among the lowest rated: {value:.2f} of 5, usually {middle:.2f}",
                    distance=middle - float(value),
                )
                for place, value in zip(places, values, strict=True)
                if value < middle
            ]
        return sorted(below, key=lambda one: (-one.distance, one.row))[:most]

    def _groups(self, *, by_speaker: bool) -> Iterable[list[int]]:
        """Places of files that compare."""
        groups: dict[tuple[str, str | None] | None, list[int]] = defaultdict(list)
        for place, speaker in enumerate(self.speaker):
            groups[speaker if by_speaker else None].append(place)
        return groups.values()

    def _far(self, name: str, *, by_speaker: bool = False, only_below: bool = False) -> Iterator[Outlier]:
        for place, value, middle, far in self._distances(name, by_speaker=by_speaker):
            if far > FAR and not (only_below and value >= middle):
                yield Outlier(row=self.rows[place], why=_why(name, value, middle), distance=far)

    def _unlike_voices(self) -> Iterator[Outlier]:
        """Files that are less like their preset's voice than the others, or than all that it was calibrated with.

        Where most of the files are (a telephone's sound), it is the campaign that is unlike, which the report says.
        """
        for place, value, middle, far in self._distances("likeness", by_speaker=True):
            least = self.least_alike[place]
            is_below = value < least <= middle
            if is_below or (far > FAR and value < middle):
                why = _why("likeness", value, middle)
                if is_below:
                    why += f", at least {least:.2f} when it was calibrated"
                yield Outlier(row=self.rows[place], why=why, distance=max(far, FAR))

    def _distances(self, name: str, *, by_speaker: bool) -> Iterator[tuple[int, float, float, float]]:
        """(place, value, middle of its group, robust deviations from it)."""
        values = np.array(getattr(self, name), dtype=np.float64)
        for places in self._groups(by_speaker=by_speaker):
            group = values[places]
            middle = float(np.nanmedian(group)) if np.isfinite(group).any() else 0.0
            spread = float(np.nanmedian(np.abs(group - middle))) if np.isfinite(group).any() else 0.0
            distance = MAD_TO_SIGMA * np.abs(group - middle) / max(spread, LEAST_SPREAD[name])
            for place, value, far in zip(places, group, distance, strict=True):
                yield place, float(value), middle, float(far)


def _why(name: str, value: float, middle: float) -> str:
    if name == "likeness":
        return f"less like its voice than usual: {value:.2f}, usually {middle:.2f}"
    if name == "loudness_lufs":
        return (
            f"{'louder' if value > middle else 'quieter'} than usual: {value:.1f} LUFS, usually {middle:.1f}"
        )
    if name == "opinion":
        return f"rated lower than usual: {value:.2f} of 5, usually {middle:.2f}"
    pace = "faster" if value > middle else "slower"
    return f"{pace} than usual: {value:.1f} characters a second, usually {middle:.1f}"


def distribution(values: Sequence[float]) -> dict[str, Any] | None:
    """Least, p50, p95, most and a histogram; None of nothing. NaN is left out and counted."""
    everything: npt.NDArray[np.float64] = np.array(values, dtype=np.float64)
    finite = everything[np.isfinite(everything)]
    if not len(finite):
        return None
    counts, edges = np.histogram(finite, bins=BINS)
    return {
        "least": round(float(finite.min()), 3),
        "p50": round(float(np.percentile(finite, 50)), 3),
        "p95": round(float(np.percentile(finite, 95)), 3),
        "most": round(float(finite.max()), 3),
        "unknown": int(len(everything) - len(finite)),
        "edges": [round(float(edge), 3) for edge in edges],
        "counts": [int(count) for count in counts],
    }

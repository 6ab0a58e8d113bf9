"""The voice itself: how much a campaign's files are their presets' voices, and which are least."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from statistics import median
from typing import Any

from storage.history.delivery import DeliveredRow
from storage.history.likenesses import CampaignLikeness, PastLikeness
from storage.tables import RowStatus
from workers.measure.voice_print import MARGIN

SHOWN_ROWS = 12
MOST_SHOWN_CAMPAIGNS = 200
"""Of a preset's past: the newest."""


@dataclass(slots=True, kw_only=True)
class _OfPreset:
    calibration: str
    encoder: str
    rows: array[int] = field(default_factory=lambda: array("q"))
    likeness: array[float] = field(default_factory=lambda: array("f"))
    unscored: int = 0
    below: int = 0


@dataclass(slots=True, kw_only=True)
class ScoredVoices:
    """Takes each row once; some 12 bytes a file."""

    by_preset: dict[str, _OfPreset] = field(default_factory=dict)

    def add(self, row: DeliveredRow) -> None:
        """One more row; only files that recipients get count."""
        voice = None if row.listening is None else row.listening.voice
        if voice is None or row.status != RowStatus.STORED:
            return
        kept = self.by_preset.setdefault(
            voice.preset, _OfPreset(calibration=voice.calibration, encoder=voice.encoder)
        )
        if voice.likeness is None:
            kept.unscored += 1
            return
        kept.rows.append(row.row)
        kept.likeness.append(voice.likeness)
        kept.below += voice.likeness < voice.lowest - MARGIN

    def summary(self) -> list[CampaignLikeness]:
        """As it is kept, to be seen beside other campaigns."""
        return [
            CampaignLikeness(
                preset=preset,
                calibration=kept.calibration,
                encoder=kept.encoder,
                scored=len(kept.likeness),
                unscored=kept.unscored,
                median=round(median(kept.likeness), 4) if kept.likeness else None,
                lowest=round(min(kept.likeness), 4) if kept.likeness else None,
            )
            for preset, kept in sorted(self.by_preset.items())
        ]

    def least_alike(self) -> list[tuple[float, int, str]]:
        """(likeness, row, preset) of the files that are least like their preset, the farthest first."""
        return nsmallest(
            SHOWN_ROWS,
            (
                (round(value, 4), row, preset)
                for preset, kept in self.by_preset.items()
                for row, value in zip(kept.rows, kept.likeness, strict=True)
            ),
        )


def voices_document(voices: ScoredVoices, past: Mapping[str, Sequence[PastLikeness]]) -> dict[str, Any]:
    """The part of `report.json`; `past` is each preset's, this campaign's among it."""
    below: Counter[str] = Counter({preset: kept.below for preset, kept in voices.by_preset.items()})
    return {
        "presets": [
            {
                **_numbers(one),
                "preset": one.preset,
                "below": below[one.preset],
                "over_time": [past_document(then) for then in past.get(one.preset, ())][
                    -MOST_SHOWN_CAMPAIGNS:
                ],
            }
            for one in voices.summary()
        ],
        "least_alike": [
            {"row": row, "preset": preset, "likeness": value} for value, row, preset in voices.least_alike()
        ],
    }


def past_document(then: PastLikeness) -> dict[str, Any]:
    """One campaign of a preset's past."""
    return {"campaign": then.campaign_id, "t_ms": then.t_ms, **_numbers(then)}


def _numbers(one: CampaignLikeness) -> dict[str, Any]:
    return {
        "calibration": one.calibration,
        "encoder": one.encoder,
        "scored": one.scored,
        "unscored": one.unscored,
        "median": one.median,
        "lowest": one.lowest,
    }

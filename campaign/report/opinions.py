"""How people would rate a campaign's files, by prediction: counted by language, for languages do not compare."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from storage.history.delivery import DeliveredRow
from storage.lock import LockedOpinion

SHOWN_LOWEST = 5


@dataclass(slots=True, kw_only=True)
class RatedFiles:
    """Takes each row once; 12 bytes a rated file."""

    opinions: dict[str, array[float]] = field(default_factory=dict)
    """By the row's language."""
    rows: dict[str, array[int]] = field(default_factory=dict)

    def add(self, row: DeliveredRow) -> None:
        """One more row; one whose file was not rated is none of it."""
        if row.listening is None or row.listening.opinion is None:
            return
        self.opinions.setdefault(row.language, array("f")).append(row.listening.opinion)
        self.rows.setdefault(row.language, array("q")).append(row.row)


def opinions_document(locked: LockedOpinion, rated: RatedFiles) -> dict[str, Any]:
    """The part of `report.json`."""
    return {
        "by": locked.name,
        "files": sum(map(len, rated.opinions.values())),
        "by_language": {
            language: _spread(opinions, rated.rows[language])
            for language, opinions in sorted(rated.opinions.items())
        },
    }


def _spread(opinions: array[float], rows: array[int]) -> dict[str, Any]:
    values = np.array(opinions, dtype=np.float64)
    lowest = np.argsort(values, kind="stable")[:SHOWN_LOWEST]
    return {
        "files": len(values),
        "median": round(float(np.median(values)), 2),
        "p05": round(float(np.percentile(values, 5)), 2),
        "lowest": [{"row": rows[place], "opinion": round(float(values[place]), 2)} for place in lowest],
    }

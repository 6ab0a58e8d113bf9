"""Languages that rows say and nobody wrote a template for: the default one speaks them, and that is told."""

from __future__ import annotations

from collections import Counter

from campaign.brief import Brief
from campaign.submission.compose import PlannedRow
from workers.languages import nearest, normal, primary

SHOWN_LANGUAGES = 5


class UnservedLanguages:
    """How many rows say another language than the one in which the default template speaks them."""

    def __init__(self, brief: Brief) -> None:
        self._templates = frozenset(map(normal, brief.templates))
        self._rows: Counter[str] = Counter()
        self._spoken = ""

    def add(self, row: PlannedRow) -> None:
        """One row as it was composed."""
        said = primary(row.raw.locale)
        if row.language and said != row.language and not nearest(row.raw.locale, self._templates):
            self._rows[said] += 1
            self._spoken = row.language

    def notes(self) -> list[str]:
        """One sentence for all of them, or none."""
        if not self._rows:
            return []
        most = self._rows.most_common(SHOWN_LANGUAGES)
        counted = ", ".join(
            f"{rows:,} {'rows say ' if not at else ''}{said}" for at, (said, rows) in enumerate(most)
        )
        rest = self._rows.total() - sum(rows for _, rows in most)
        more = f", {rest:,} other languages" if rest else ""
        keys = ", ".join(said for said, _ in most)
        return [
            f"{counted}{more} and are spoken in {self._spoken} by the default template. Write [templates] {keys}, or "
            "leave it."
        ]

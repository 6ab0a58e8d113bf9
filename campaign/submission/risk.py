"""Which rows to read or hear before a campaign is sent: those in which most can go wrong, of every language and voice.

`chosen` is the choice; `Riskiest` feeds it from a file of any length, and keeps a few rows of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from campaign.speech.columns import ColumnSpec
from campaign.speech.typed import Kind
from campaign.submission.compose import PlannedRow
from campaign.submission.replay import words_of_row

WEIGHTS: Mapping[str, float] = {
    "warnings": 3.0,
    "fallbacks": 2.0,
    "names": 2.0,
    "values": 1.5,
    "characters": 1.0,
}
"""What can go wrong in a row, and how much it counts beside the others."""
ANY_ROW = 0.1
"""What a row without any risk is worth."""
SEEN_AGAIN = 0.5
"""What a risk is worth once a row with it was chosen."""
SAME_GROUP = 0.8
"""What a row is worth for each one of its language and voice that was chosen."""
RARE = 0.1
"""A language or voice of no larger share of the rows is told."""
KEPT_TIMES = 4
"""Rows of a group that are held, as a multiple of those that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row that will be spoken, and what can go wrong in it: how often, by the names in `WEIGHTS`."""

    row: int
    language: str
    script: str
    risks: Mapping[str, int]
    planned: PlannedRow

    @property
    def group(self) -> str:
        """Its language, and who speaks it where that is not the campaign's own preset: each group is looked at."""
        return f"{self.language} by {voice}" if (voice := self.planned.raw.voice) else self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row to look at: what was written and what will be said."""

    row: int
    locale: str
    language: str
    voice: str
    """What the brief's `presets` calls who speaks it; empty for the campaign's own preset."""
    why: tuple[str, ...]
    """What speaks for looking at it."""
    script: str
    spoken: str
    warnings: tuple[str, ...]


def name_columns(columns: Mapping[str, ColumnSpec], names: Collection[str]) -> frozenset[str]:
    """Of these columns, those that hold names: declared so, or undeclared and called so."""
    declared = {name for name, spec in columns.items() if spec.kind is Kind.NAME}
    return frozenset(
        name for name in names if name in declared or (name not in columns and "name" in name.casefold())
    )


def candidate_of(row: PlannedRow, columns: Mapping[str, ColumnSpec]) -> Candidate | None:
    """A row with its risks; None for one that will not be spoken."""
    if row.error is not None or row.raw.suppressed is not None or row.script is None:
        return None
    fields = row.raw.fields
    risks = {
        "warnings": len(row.warnings),
        "fallbacks": len(row.fallbacks),
        "names": sum(not fields[name].isascii() for name in name_columns(columns, fields)),
        "values": sum(row.kinds.values()),
        "characters": row.characters,
    }
    return Candidate(row=row.raw.number, language=row.language, script=row.script, risks=risks, planned=row)


def chosen(candidates: Sequence[Candidate], count: int, *, rows_of: Mapping[str, int]) -> list[Candidate]:
    """Up to `count` rows in the order of the file, every group at least once, however many there are.

    `rows_of`: rows of each group in the whole file; the rarest comes first. Rows that say the same are chosen once.
    """
    if count <= 0:
        return []
    most = {risk: max((one.risks[risk] for one in candidates), default=0) or 1 for risk in WEIGHTS}
    seen: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    picked: dict[tuple[str, str], Candidate] = {}

    def said(one: Candidate) -> tuple[str, str]:
        return one.script, one.planned.raw.voice

    def gain(one: Candidate) -> tuple[float, int]:
        worth = ANY_ROW + sum(
            weight * one.risks[risk] / most[risk] * SEEN_AGAIN ** seen[risk]
            for risk, weight in WEIGHTS.items()
        )
        return worth * SAME_GROUP ** groups[one.group], -one.row

    def pick(among: Sequence[Candidate]) -> bool:
        left = [one for one in among if said(one) not in picked]
        if not left:
            return False
        best = max(left, key=gain)
        picked[said(best)] = best
        groups[best.group] += 1
        seen.update(risk for risk in WEIGHTS if 2 * best.risks[risk] > most[risk])
        return True

    by_group: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_group.setdefault(one.group, []).append(one)
    for group in sorted(by_group, key=lambda name: (rows_of.get(name, 0), name)):
        pick(by_group[group])
    while len(picked) < count and pick(candidates):
        pass
    return sorted(picked.values(), key=lambda one: one.row)


class Riskiest:
    """The rows to look at, of a file that goes by once."""

    def __init__(self, columns: Mapping[str, ColumnSpec], count: int) -> None:
        self._columns = columns
        self._count = count
        self._held: dict[str, list[Candidate]] = {}
        self._rows_of: Counter[str] = Counter()
        self._has_voices = False
        """Whether a row says who speaks it."""

    def add(self, row: PlannedRow) -> None:
        """One more row."""
        one = candidate_of(row, self._columns) if self._count > 0 else None
        if one is None:
            return
        self._rows_of[one.group] += 1
        self._has_voices |= bool(row.raw.voice)
        held = self._held.setdefault(one.group, [])
        held.append(one)
        if len(held) > KEPT_TIMES * len(WEIGHTS) * self._count:
            self._held[one.group] = self._riskiest(held)

    def _riskiest(self, held: Sequence[Candidate]) -> list[Candidate]:
        """By each risk, the most of it; of rows that say the same the first."""
        first: dict[str, Candidate] = {}
        for one in held:
            first.setdefault(one.script, one)
        kept: dict[int, Candidate] = {}
        for risk in WEIGHTS:
            ranked = sorted(first.values(), key=lambda one: (-one.risks[risk], one.row))
            kept |= {one.row: one for one in ranked[: self._count]}
        return [kept[row] for row in sorted(kept)]

    def rows(self) -> list[ShownRow]:
        """The choice, of the rows so far."""
        candidates = [one for held in self._held.values() for one in held]
        picked = chosen(candidates, self._count, rows_of=self._rows_of)
        longest = max((one.risks["characters"] for one in candidates), default=0)
        return [self._shown(one, is_longest=one.risks["characters"] == longest) for one in picked]

    def _shown(self, one: Candidate, *, is_longest: bool) -> ShownRow:
        planned = one.planned
        counted = {"values": "typed value", "warnings": "warning"}
        why = [
            f"{one.risks[risk]} {noun}{'s' if one.risks[risk] > 1 else ''}"
            for risk, noun in counted.items()
            if one.risks[risk]
        ]
        why += [f"fallback for {column}" for column in planned.fallbacks]
        why += ["a name beyond ASCII"] if one.risks["names"] else []
        why += ["the longest"] if is_longest else []
        rows, total = self._rows_of[one.group], sum(self._rows_of.values())
        if rows <= RARE * total:
            others = " by the campaign's own" if self._has_voices and not planned.raw.voice else ""
            why.append(f"{rows:,} of {total:,} rows {'is' if rows == 1 else 'are'} in {one.group}{others}")
        return ShownRow(
            row=one.row,
            locale=planned.raw.locale,
            language=one.language,
            voice=planned.raw.voice,
            why=tuple(why),
            script=one.script,
            spoken=words_of_row(planned),
            warnings=planned.warnings,
        )

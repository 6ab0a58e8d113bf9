"""A draft: the recipients file read, composed and written chunk by chunk, out of every worker's sight.

What was written stays written: a submit that is killed goes on after the last row that is in.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from campaign.brief import Brief, Duplicates
from campaign.errors import ConflictError, FieldError, RecipientsError, RowError
from campaign.recipients import RecipientRow, Recipients, clean_id
from campaign.recipients.rows import field_problem, is_rounded, storable
from campaign.registry.voice import OWN
from campaign.results.folder import result_folder
from campaign.results.row_lists import DUPLICATES, ERRORS, RowList, RowSink
from campaign.results.rows_to_mend import MendList
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.fields.widths import Widths
from campaign.submission.compose import PlannedRow, RawRow, compose_rows
from campaign.submission.faults import RowFaults
from campaign.submission.header_stage import ColumnFit
from campaign.submission.insert import insert_chunk, row_status_of
from campaign.submission.opt_outs import SUPPRESSION_LIST, InstallationOptOuts, OptOutCount, OptOuts
from campaign.submission.prepare import Prepared
from campaign.submission.risk import Riskiest, ShownRow
from campaign.submission.row_voice import told_of_voice, voice_by_language, voice_of
from campaign.submission.same_person import SeenPeople, with_same_person
from campaign.submission.scratch import SeenIds
from campaign.submission.unserved import UnservedLanguages
from campaign.submission.windows import time_of, with_windows
from storage.errors import DuplicateRowError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.session import Database
from workers.cpus import usable_cpus
from workers.languages import UNDETERMINED, meant_tag

SHOWN_ERRORS = 20
"""Row errors kept for the screen; all of them are in the database and in `errors.csv`."""
OWN_PRESET = "the campaign's own"
"""How rows are counted that name no preset where they may."""
SUMS = frozenset(
    {
        "total",
        "totals",
        "grand total",
        "subtotal",
        "sum",
        "summe",
        "gesamt",
        "gesamtsumme",
        "totale",
        "suma",
        "somme",
    }
)
"""What begins a row that is of nobody."""


class ProgressSink(Protocol):
    """Is told how far a submission has got."""

    def rows_read(self, rows: int, share: float | None) -> None:
        """So many rows are in; `share` of the file is read, 0 to 1."""
        ...


class SilentProgress:
    """For callers who follow nothing."""

    def rows_read(self, rows: int, share: float | None) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One bad row, as a person reads it."""

    row: int
    error: RowError


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the rows while they were read."""

    rows: int = 0
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_language: Counter[str] = field(default_factory=Counter)
    """Rows by the language of their template."""
    by_voice: Counter[str] = field(default_factory=Counter)
    """Rows to be made, by what the brief's `presets` calls their voice; `OWN` for the campaign's own."""
    by_type: Counter[str] = field(default_factory=Counter)
    """Values by what they are: money, date, name ..."""
    by_warning: Counter[str] = field(default_factory=Counter)
    """Warnings by their first word; `fallback` for a column's fallback text."""
    fallbacks: int = 0
    warnings: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    """The first of them."""
    faults: RowFaults = field(default_factory=RowFaults)
    """What is the matter with all of them."""
    doubled: int = 0
    """Rows whose id came before."""
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    """(row, the first row with that id); at most `SHOWN_ERRORS` of them, all are in `duplicates.csv`."""
    found: str = ""
    """What the file turned out to be, and what of it was left out."""
    notes: tuple[str, ...] = ()
    """What was passed over, a sentence each."""
    opt_outs: list[OptOutCount] = field(default_factory=list)
    """What each opt-out list held and met, the installation's last."""
    shown: list[ShownRow] = field(default_factory=list)
    """Rows to look at, where a dry run asks for some."""
    folder: Path | None = None
    """Where the lists of bad rows and duplicates lie, if there are any."""

    @property
    def rows_by_voice(self) -> dict[str, int]:
        """Rows to be made by what they say of their preset; empty where none says anything."""
        if not any(self.by_voice):
            return {}
        return {voice or OWN_PRESET: rows for voice, rows in self.by_voice.items()}

    def count(self, outcome: str) -> None:
        """One more row ended so."""
        self.by_outcome[outcome] = self.by_outcome.get(outcome, 0) + 1


def text_processes(installation: Installation) -> int:
    """How many processes make text."""
    return installation.settings.text_processes or usable_cpus()


def write_draft(
    installation: Installation,
    database: Database,
    campaign: Campaign,
    source: Recipients,
    prepared: Prepared,
    fit: ColumnFit,
    progress: ProgressSink,
    *,
    riskiest: Riskiest | None = None,
) -> Tally:
    """Read, compose and write the rows that the draft does not hold yet, into `database`.

    `riskiest` is given every row that was composed.
    """
    with database.read() as connection:
        done = campaign_rows.last_row(connection, campaign.id)
        tally = Tally(rows=done, by_outcome=dict(campaign_rows.progress(connection, campaign.id).by_status))
    share: list[float] = [0.0]
    tally.folder = folder = result_folder(installation, campaign.id)
    loaded = prepared.loaded
    with (
        contextlib.closing(RowList(folder, DUPLICATES)) as doubled,
        contextlib.closing(RowList(folder, ERRORS, after=done)) as bad,
        contextlib.closing(MendList(folder, after=done)) as to_mend,
        contextlib.closing(
            OptOuts(loaded.suppress, loaded.brief.id_column, encoding=source.encoding)
        ) as lists,
        contextlib.closing(SeenIds()) as ids,
        contextlib.closing(SeenPeople(loaded.brief.column_specs())) as people,
    ):
        widths = Widths(loaded.brief.column_specs())
        unserved = UnservedLanguages(loaded.brief)
        rows = source.rows(watch=lambda part: share.__setitem__(0, part))
        everybody = InstallationOptOuts(installation) if loaded.sends else None
        marked = marked_rows(rows, loaded.brief, fit, tally, doubled, ids, lists, everybody)
        told = with_same_person(marked, people)
        raw = _after(done, with_windows(told, loaded.brief, time_of(database)))
        for chunk in compose_rows(raw, prepared.row_voices, processes=text_processes(installation)):
            for row in chunk:
                count_row(tally, row)
                widths.add(row.raw.number, row.raw.fields)
                unserved.add(row)
                if riskiest is not None:
                    riskiest.add(row)
                if row.error is not None:
                    _list(row, row.error, fit, bad, to_mend)
            try:
                with database.write() as connection:
                    insert_chunk(connection, campaign, chunk, secret=installation.secret)
            except DuplicateRowError as exc:
                raise ConflictError(
                    f"another submission of campaign {campaign.id} is in progress. Wait for it; "
                    "`campaign status` shows how far it is."
                ) from exc
            progress.rows_read(tally.rows, share[0])
        tally.opt_outs = [*lists.counts(), *([everybody.count()] if everybody else [])]
    if tally.rows == 0:
        raise RecipientsError(f"{source.label} has a header and no row below it. Nothing was submitted.")
    tally.found = found_line(source, fit)
    tally.notes = (*fit.notes, *source.found.notes, *to_mend.notes, *unserved.notes(), *widths.warnings())
    return tally


def found_line(source: Recipients, fit: ColumnFit) -> str:
    """What a file turned out to be and what of it was left out, once it is read."""
    source.found.unneeded_columns = len(fit.left_out)
    return str(source.found)


def count_row(tally: Tally, row: PlannedRow) -> None:
    """One more row as it was composed."""
    tally.rows += 1
    tally.count(row_status_of(row))
    tally.fallbacks += bool(row.fallbacks)
    tally.warnings += len(row.warnings)
    if row.language:
        tally.by_language[row.language] += 1
        tally.by_voice[row.raw.voice] += 1
    tally.by_type.update(row.kinds)
    tally.by_warning.update(warning.partition(" ")[0] for warning in row.warnings)
    tally.by_warning.update({"fallback": len(row.fallbacks)} if row.fallbacks else {})
    if row.error is None:
        return
    tally.faults.add(row.raw.number, row.error)
    if len(tally.problems) < SHOWN_ERRORS:
        tally.problems.append(RowProblem(row=row.raw.number, error=row.error))


def _list(row: PlannedRow, error: RowError, fit: ColumnFit, bad: RowSink, to_mend: MendList) -> None:
    raw = row.raw
    bad.add(raw.number, raw.external_id, error.column or "", error.code, error.reason, error.mend)
    to_mend.add(raw.number, raw.own or raw.fields, error, fit.sources)


def marked_rows(
    rows: Iterable[RecipientRow],
    brief: Brief,
    fit: ColumnFit,
    tally: Tally,
    doubled: RowSink,
    ids: SeenIds,
    lists: OptOuts,
    everybody: InstallationOptOuts | None,
) -> Iterator[RawRow]:
    """The file's rows with id and locale picked out; duplicates and those that get nothing are marked."""
    picked = (raw_row(row, brief, fit) for row in rows)
    for raw in everybody.marked(picked) if everybody is not None else picked:
        first = ids.first_row(raw.external_id, raw.number) if raw.external_id else raw.number
        if first != raw.number:
            doubled.add(raw.number, raw.external_id, first)
            tally.doubled += 1
            if len(tally.duplicates) < SHOWN_ERRORS:
                tally.duplicates.append((raw.number, first))
        if lists.holds(raw.external_id):
            yield replace(raw, suppressed=SUPPRESSION_LIST)
        elif raw.suppressed is not None:
            yield raw
        else:
            yield _without_double(raw, brief, first)


def _after(done: int, rows: Iterator[RawRow]) -> Iterator[RawRow]:
    return (row for row in rows if row.number > done)


def raw_row(row: RecipientRow, brief: Brief, fit: ColumnFit) -> RawRow:
    """What is needed of a row of the file, with its id and locale picked out."""
    fields = fit.fields(row)
    external_id = storable(clean_id(fields.get(brief.id_column, "")))
    locale = clean_id(fields.get(brief.locale_column, "")) or brief.languages[0]
    problem: RowError | None = row.problem or _field_problem(fields, fit.lacking(row), brief)
    if problem is None:
        problem = _id_problem(external_id, brief)
    voice = OWN
    noticed: tuple[str, ...] = ()
    may_choose = bool(brief.presets)
    if may_choose:
        try:
            voice = voice_of(fields, brief)
            noticed = told_of_voice(fields, brief, voice)
        except FieldError as exc:
            problem = problem or exc
    try:
        locale = meant_tag(locale)
    except ValueError as exc:
        locale = UNDETERMINED  # what the row says stays among its fields
        if problem is None:
            reason, _, mend = str(exc).rpartition("; ")
            problem = FieldError("not-a-locale", reason, mend=mend, column=brief.locale_column)
    if may_choose and brief.speaks_by_language:
        voice = voice_by_language(locale, brief)
    return RawRow(
        number=row.number,
        external_id=external_id,
        locale=locale,
        fields=fields,
        own=row.fields,
        problem=problem,
        voice=voice,
        noticed=noticed,
    )


def _field_problem(fields: Mapping[str, str], lacking: Sequence[str], brief: Brief) -> FieldError | None:
    """Why the needed fields of a row cannot be used, whatever their types."""
    if problem := field_problem(fields):
        return problem
    specs = brief.column_specs() if lacking else {}
    missing = [name for name in lacking if name not in specs or not specs[name].optional]
    if not missing:
        return None
    may_be_silent = {brief.locale_column, *([brief.preset_column] if brief.presets else [])}
    if not set(missing) - may_be_silent:
        return None
    return FieldError(
        "wrong-columns",
        f"the row ends before the column {missing[0]!r}",
        mend="add the cells that are missing, or quote line ends within cells",
        column=missing[0],
    )


def _id_problem(external_id: str, brief: Brief) -> FieldError | None:
    column = brief.id_column
    if not external_id or is_nothing(external_id):
        return FieldError("no-id", "the row has no id", mend=f"fill the column {column!r}", column=column)
    if external_id.rstrip(":").casefold() in SUMS:
        return FieldError(
            "no-id",
            f"{external_id!r} is what stands before a sum, below a list",
            mend="leave the row out",
            column=column,
        )
    if is_rounded(external_id):
        return FieldError(
            "rounded-id",
            f"{external_id} is a number that a spreadsheet has rounded: several people may have it",
            mend="make the column text in the spreadsheet, enter the ids again and export",
            column=column,
        )
    return None


def _without_double(raw: RawRow, brief: Brief, first: int) -> RawRow:
    if first != raw.number:
        if brief.duplicates == Duplicates.KEEP_FIRST:
            return replace(raw, suppressed="duplicate")
        if brief.duplicates == Duplicates.ERROR:
            problem = FieldError(
                "duplicate",
                f"row {first} has the same id",
                mend="remove one, or choose --duplicates keep-first or keep-all",
                column=brief.id_column,
            )
            return replace(raw, problem=problem)
    return raw


def discard_draft(database: Database, campaign_id: CampaignId) -> None:
    """Forget a draft; its utterances stay for whoever shares them."""
    with database.write() as connection:
        campaign_rows.drop_draft(connection, campaign_id)

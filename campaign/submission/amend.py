"""`campaign amend`: mended rows in the place of those that a campaign refused, made as the campaign makes its own.

    match every line to its refused row (`mended.py`: all mistakes at once, before anything is written)
        -> opt-outs, duplicates -> compose with the campaign's own brief -> replace, chunk by chunk -> lists anew

Brief, pin, preset, lexicons and revisions are those of the campaign's lock; where they are not installed any more,
nothing is amended. The same file again changes nothing: rows that are in are known by what they hold.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from campaign.brief import Brief, Duplicates
from campaign.errors import ConflictError, RecipientsError
from campaign.recipients import Recipients
from campaign.results.folder import held, make_folder, result_folder, writing
from campaign.results.forgetting import UNFINISHED, forget_lines, forget_unfinished
from campaign.results.row_lists import DUPLICATES, ERRORS, NoList, RowList
from campaign.results.rows_to_mend import MEND, MendList, listed_rows
from campaign.submission.compose import CHUNK_ROWS, PlannedRow, RawRow, compose_rows
from campaign.submission.draft import Tally, count_row, marked_rows, text_processes
from campaign.submission.header_stage import ColumnFit, fit_columns
from campaign.submission.insert import insert_amended, row_status_of
from campaign.submission.lock import differences_from
from campaign.submission.mended import Mending, error_of, has_same_fields
from campaign.submission.opt_outs import InstallationOptOuts, OptOuts
from campaign.submission.replay import replayed
from campaign.submission.same_person import SeenPeople, with_same_person
from campaign.submission.scratch import ScratchTable, SeenIds
from campaign.submission.windows import time_of, with_windows
from storage.errors import StateError
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import amendments, suppressions
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.session import Connection
from storage.tables import CampaignState, RowStatus
from workers.permission.consents import refusal


@dataclass(slots=True, kw_only=True)
class Amended:
    """What an amendment did, or a dry run of it would."""

    tally: Tally = field(default_factory=Tally)
    """Of the lines that were taken: what became of each."""
    unchanged: int = 0
    """Lines whose row was in already."""
    put_back: dict[str, int] = field(default_factory=dict)
    """Cells that a spreadsheet had changed and that are again what they were, by column."""
    refused: int = 0
    """Rows of the campaign that are refused now."""

    @property
    def made(self) -> int:
        """Rows that are to be made."""
        return self.tally.by_outcome.get(RowStatus.PENDING, 0)


def amend(
    installation: Installation,
    campaign: Campaign,
    source: Recipients,
    *,
    actor: str,
    suppress: Sequence[Path] = (),
    dry_run: bool = False,
) -> Amended:
    """Put the mended rows of a file in the place of those that the campaign refused.

    Raises `ConflictError` for a campaign that cannot be amended, `RecipientsError` for a file of which a line fits no
    refused row; nothing is changed then.
    """
    _refuse_unamendable(installation, campaign)
    prepared = replayed(installation, campaign)
    brief = prepared.brief
    fit = fit_columns(prepared.loaded, source)
    mending = Mending(installation, campaign, brief, source, fit)
    mending.check()
    lists = _opt_out_lists(brief, suppress, is_needed=mending.has_other_ids)
    amended = Amended()
    amended.tally.folder = result_folder(installation, campaign.id)
    with (
        contextlib.closing(OptOuts(lists, brief.id_column, encoding=source.encoding)) as opt_outs,
        contextlib.closing(_CampaignIds(installation, campaign)) as ids,
        contextlib.closing(_OwnRows()) as own,
        contextlib.closing(SeenPeople(brief.column_specs())) as people,
    ):
        everybody = InstallationOptOuts(installation)
        now = time_of(installation.database)
        undoubled: set[int] = set()

        def raw_rows() -> Iterator[RawRow]:
            mended = mending.rows()
            while part := list(islice(mended, CHUNK_ROWS)):
                ids.look_up([one.external_id for one in part])
                rows = [one.row for one in part if not one.is_in]
                own.keep((row.number, row.fields) for row in rows)
                amended.unchanged += len(part) - len(rows)
                undoubled.update(one.known.row for one in part if one.known.code == "duplicate")
                marked = marked_rows(
                    iter(rows), brief, fit, amended.tally, NoList(), ids, opt_outs, everybody
                )
                yield from with_windows(with_same_person(marked, people), brief, now)

        chunks = compose_rows(raw_rows(), prepared.row_voices, processes=text_processes(installation))
        for chunk in chunks:
            for row in chunk:
                count_row(amended.tally, row)
            if not dry_run:
                _write(installation, campaign, chunk, actor=actor)
        if not dry_run:
            _list_again(installation, campaign.id, own, fit, undoubled)
    amended.put_back = dict(mending.put_back)
    with installation.database.read() as connection:
        amended.refused = amendments.count_refused(connection, campaign.id)
    if dry_run:
        amended.refused -= amended.tally.rows - amended.tally.by_outcome.get(RowStatus.FAILED, 0)
    return amended


class _CampaignIds(SeenIds):
    """Ids of the file, and of the rows that the campaign makes or has made."""

    def __init__(self, installation: Installation, campaign: Campaign) -> None:
        super().__init__()
        self._installation = installation
        self._campaign_id = campaign.id
        self._there: dict[str, int] = {}

    def look_up(self, external_ids: Sequence[str]) -> None:
        """Of these ids, which rows of the campaign have them; whoever is not refused."""
        secret = self._installation.secret
        persons = {name: person_hash(secret, name) for name in external_ids if name}
        with self._installation.database.read() as connection:
            self._there = amendments.rows_with_ids(connection, self._campaign_id, persons)

    def first_row(self, external_id: str, row: int) -> int:
        """The row that had this id before; `row` itself when it is new."""
        return self._there.get(external_id) or super().first_row(external_id, row)


def _refuse_unamendable(installation: Installation, campaign: Campaign) -> None:
    name = campaign.id
    if campaign.state == CampaignState.DRAFT:
        raise ConflictError(
            f"campaign {name} was not read to its end. Give the `campaign submit` command again."
        )
    if campaign.state == CampaignState.CANCELLED:
        raise ConflictError(
            f"campaign {name} is cancelled: nothing is added to it. Submit the rows as a campaign of their own."
        )
    with installation.database.read() as connection:
        reason = refusal(connection, campaign)
        differences = list(differences_from(connection, campaign))
        counts = campaign_rows.progress(connection, name)
    if set(counts.by_status) == {RowStatus.ERASED}:
        raise ConflictError(f"campaign {name} was erased: no row of it is left. Submit the rows anew.")
    if reason is not None:
        raise ConflictError(f"campaign {name} cannot continue: {reason}")
    if differences:
        raise ConflictError(
            f"campaign {name} cannot be amended under its own lock: {'; '.join(differences)}. Correct these rows in "
            "your own file and submit them as a campaign of their own."
        )


def _opt_out_lists(brief: Brief, suppress: Sequence[Path], *, is_needed: bool) -> Sequence[Path]:
    """The lists to hold against rows; raises `RecipientsError` where one of the campaign's own is missing.

    A row that keeps its id was held against them when it was submitted.
    """
    given = set()
    for path in suppress:
        try:
            with path.open("rb") as stream:
                given.add(hashlib.file_digest(stream, "sha256").hexdigest())
        except OSError as exc:
            raise RecipientsError(
                f"the opt-out list {path} cannot be read: {exc.strerror}. Correct its name."
            ) from exc
    missing = [one for one in brief.suppress if one not in given]
    if is_needed and missing:
        raise RecipientsError(
            f"a row has another id than when it was submitted, and this campaign has opt-out lists of its own: give "
            f"all {len(brief.suppress)} again with --suppress of `campaign amend`; over the API such rows cannot be "
            f"amended. Not given: sha256 {', '.join(one[:12] for one in missing)}."
        )
    return suppress


def _write(installation: Installation, campaign: Campaign, chunk: list[PlannedRow], *, actor: str) -> None:
    """One chunk in one transaction; rows that are refused for the same as before stay untouched."""
    with installation.database.write() as connection:
        amendments.hold(connection, campaign.id)
        before = amendments.rows(connection, campaign.id, [row.raw.number for row in chunk])
        changed = [row for row in chunk if not _is_as_before(row, before.get(row.raw.number))]
        if not changed:
            return
        _refuse_doubles(connection, campaign, changed)
        insert_amended(connection, campaign, changed, secret=installation.secret)
        suppressions.stop(connection, campaign.id)  # who opted out while the rows were read
        campaign_rows.settle(connection, campaign.id)
        refused = sum(row_status_of(row) == RowStatus.FAILED for row in changed)
        audit.note(
            connection, "amend", campaign.id, actor=actor, rows=len(changed) - refused, refused=refused
        )


def _refuse_doubles(connection: Connection, campaign: Campaign, chunk: list[PlannedRow]) -> None:
    """Raise `StateError` where another amendment gave one of these ids to another row since they were looked up."""
    if Brief.from_json(campaign.brief).duplicates == Duplicates.KEEP_ALL:
        return
    made = {row.raw.external_id: row.raw for row in chunk if row.error is None and row.raw.suppressed is None}
    persons = {name: raw.person for name, raw in made.items() if raw.person is not None}
    there = amendments.rows_with_ids(connection, campaign.id, persons)
    if taken := next((row for name, row in there.items() if row != made[name].number), None):
        raise StateError(
            f"row {taken} of campaign {campaign.id} was amended meanwhile and has the id of another of these rows. "
            "Give the command again."
        )


def _is_as_before(row: PlannedRow, known: amendments.KnownRow | None) -> bool:
    return (
        row.error is not None
        and known is not None
        and (known.code, known.external_id) == (row.error.code, row.raw.external_id)
        and has_same_fields(known, row.raw.fields)
    )


class _OwnRows:
    """Rows with the columns of the file that they are from, on disk."""

    def __init__(self) -> None:
        self._table = ScratchTable("row INTEGER PRIMARY KEY, own TEXT")

    def keep(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> None:
        """Keep rows; those that are there stay as they are."""
        self._table.rows.executemany(
            "INSERT OR IGNORE INTO scratch VALUES (?, ?)", ((row, json.dumps(dict(own))) for row, own in rows)
        )

    def find(self, row: int) -> Mapping[str, str] | None:
        """One row, or None."""
        found = self._table.rows.execute("SELECT own FROM scratch WHERE row = ?", (row,)).fetchone()
        own: Mapping[str, str] | None = None if found is None else json.loads(found[0])
        return own

    def close(self) -> None:
        """Forget them."""
        self._table.close()


def _list_again(
    installation: Installation, campaign_id: CampaignId, own: _OwnRows, fit: ColumnFit, undoubled: set[int]
) -> None:
    """The lists of refused rows, written anew: which they are is what the campaign holds now.

    A row's own columns are those of the amended file, of the list there was, or else what the campaign kept of it.
    Whoever is killed here leaves the lists there were.
    """
    folder = result_folder(installation, campaign_id)
    make_folder(folder)
    with held(folder):
        forget_unfinished(folder)
        own.keep(listed_rows(folder))
        _forget_doubles(installation, campaign_id, folder, undoubled)
        fresh = folder / UNFINISHED
        _write_lists(installation, campaign_id, fresh, own, fit)
        for name in (ERRORS, MEND):
            with writing(folder / name):
                if (fresh / name).exists():
                    (fresh / name).replace(folder / name)
                else:
                    (folder / name).unlink(missing_ok=True)
        forget_unfinished(folder)


def _forget_doubles(
    installation: Installation, campaign_id: CampaignId, folder: Path, undoubled: set[int]
) -> None:
    """Take rows that are no duplicates any more out of their list."""
    gone: set[int] = set()
    numbers = iter(undoubled)
    while part := list(islice(numbers, CHUNK_ROWS)):
        with installation.database.read() as connection:
            still = amendments.rows(connection, campaign_id, part)
        gone.update(row.row for row in still.values() if row.code != "duplicate")
    if gone:
        forget_lines(folder / DUPLICATES, gone)


def _write_lists(
    installation: Installation, campaign_id: CampaignId, folder: Path, own: _OwnRows, fit: ColumnFit
) -> None:
    last = 0
    with (
        contextlib.closing(RowList(folder, ERRORS)) as bad,
        contextlib.closing(MendList(folder)) as to_mend,
    ):
        while True:
            with installation.database.read() as connection:
                page = amendments.refused(connection, campaign_id, after=last, limit=CHUNK_ROWS)
            if not page:
                return
            for known in page:
                error = error_of(known)
                told = error.column or "", error.code, error.reason, error.mend
                bad.add(known.row, known.external_id or "", *told)
                cells = own.find(known.row) or _by_their_columns(known, fit)
                to_mend.add(known.row, cells, error, fit.sources)
            last = page[-1].row


def _by_their_columns(known: amendments.KnownRow, fit: ColumnFit) -> Mapping[str, str]:
    sources = fit.sources or {}
    return {sources.get(name, name): value for name, value in (known.fields or {}).items()}

"""`campaign submit`: a recipients file and a brief become a campaign that workers can see.

    choose the voice -> find or draft the campaign -> read, compose and write rows -> publish -> ring

A draft is out of every worker's sight until its last row is in; a submit that is killed goes on where it was when
the same command comes again. The same content under the same id is the same campaign, and makes no sound twice.
"""

from __future__ import annotations

import csv
import os
import re
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from campaign.brief import Brief, Duplicates, LoadedBrief, OnError
from campaign.compose import PlannedRow, RawRow, compose_rows
from campaign.errors import ConflictError, FieldError, RecipientsError, RowError
from campaign.lock import front_end_config, lock_of
from campaign.recipients import RecipientRow, Recipients, SeenIds, clean_id, read_suppressed
from campaign.registry import ChosenVoice, choose_voice, install_shipped
from campaign.report.publish import neutral, result_folder
from campaign.speech.revision import SPEECH_REVISION
from storage import audit
from storage import campaigns as campaign_rows
from storage.bulk import insert_rows
from storage.canonical import digest
from storage.installation import Installation
from storage.keys import row_hmac
from storage.records import Campaign
from storage.session import Database
from storage.tables import CampaignState, Lane, RowStatus, asset_utterances, assets, recipients, utterances
from workers.finish import FINISH_REVISION, FinishProfile

SHOWN_ERRORS = 20
"""Row errors kept for the screen; all of them are in the database and in `errors.csv`."""


class Listener(Protocol):
    """Hears how a submit goes."""

    def rows_read(self, rows: int, share: float | None) -> None:
        """So many rows are in; `share` of the file is read, 0 to 1."""
        ...


class Silence:
    """A listener that says nothing."""

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
    fallbacks: int = 0
    warnings: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    """(row, the first row with that id); at most `SHOWN_ERRORS` of them, all are in `duplicates.csv`."""

    def count(self, outcome: str) -> None:
        """One more row ended so."""
        self.by_outcome[outcome] = self.by_outcome.get(outcome, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What `submit` answers."""

    campaign: Campaign
    tally: Tally
    is_new: bool
    """False when the same content was there already."""


def campaign_id_of(brief: Brief, content_digest: str) -> str:
    """The default id: the brief's name for people, the content's digest for machines."""
    slug = re.sub(r"[^a-z0-9]+", "-", brief.name.lower()).strip("-")[:40] or "campaign"
    return f"{slug}-{content_digest[:10]}"


def submit(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    *,
    actor: str,
    campaign_id: str | None = None,
    new: bool = False,
    start: bool = True,
    listener: Listener | None = None,
) -> Submission:
    """Make the campaign visible to workers, whole; returns it, new or as it was.

    Raises `ConflictError` when the id has other content, `InputError` before the first row, `RowErrorsFound` when
    bad rows are to stop it. After any exception no half campaign is visible.
    """
    brief = loaded.brief
    database = installation.database
    with database.write() as connection:
        install_shipped(connection)
        chosen = choose_voice(connection, brief)
    content = digest({"brief": brief.digest, "recipients": source.sha256})
    found, campaign_id = _find(database, campaign_id or campaign_id_of(brief, content), content, new=new)
    if found is not None and found.state != CampaignState.DRAFT:
        return Submission(campaign=found, tally=Tally(), is_new=False)
    if found is None:
        with database.write() as connection:
            found = create_draft(connection, brief, chosen, campaign_id, content, source.label)
            audit.note(connection, "submit", campaign_id, actor=actor, content=content)
    tally = write_draft(installation, database, found, source, loaded, chosen, listener or Silence())
    bad = tally.by_outcome.get(RowStatus.FAILED, 0)
    if bad and brief.on_error == OnError.REJECT:
        drop_draft(database, found.id)
        raise RowErrorsFound(tally)
    with database.write() as connection:
        campaign_rows.publish(connection, found.id, rows_total=tally.rows, start=start)
        published = campaign_rows.get(connection, found.id)
    return Submission(campaign=published, tally=tally, is_new=True)


class DuplicatesFile:
    """`duplicates.csv` in the operator's folder: id, row, first row. Made when the first duplicate comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[str] | None = None

    def add(self, external_id: str, row: int, first: int) -> None:
        """One more."""
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("w", encoding="utf-8", errors="replace", newline="")
            csv.writer(self._stream).writerow(("id", "row", "first_row"))
        csv.writer(self._stream).writerow((neutral(external_id), row, first))

    def close(self) -> None:
        """Idempotent."""
        if self._stream is not None:
            self._stream.close()


class RowErrorsFound(RecipientsError):  # noqa: N818 - reads as what happened
    """Some rows are bad and `--on-error reject` says that nothing is submitted then."""

    def __init__(self, tally: Tally) -> None:
        bad = tally.by_outcome.get(RowStatus.FAILED, 0)
        super().__init__(
            f"{bad} of {tally.rows} rows cannot be spoken, so nothing was submitted. "
            "Mend them, or submit the others with --on-error skip."
        )
        self.tally = tally


def text_processes(installation: Installation) -> int:
    """How many processes make text."""
    return installation.settings.text_processes or os.cpu_count() or 1


def _find(database: Database, campaign_id: str, content: str, *, new: bool) -> tuple[Campaign | None, str]:
    """The campaign of that id if its content is the same; with `new`, the next free id."""
    with database.read() as connection:
        found = campaign_rows.find(connection, campaign_id)
        if not new or found is None:
            if found is not None and found.content_digest != content:
                raise ConflictError(
                    f"campaign {campaign_id} exists with other content. Use another --id, or --new for another one."
                )
            return found, campaign_id
        number = 2
        while campaign_rows.find(connection, f"{campaign_id}-{number}") is not None:
            number += 1
        return None, f"{campaign_id}-{number}"


def create_draft(
    connection: Connection, brief: Brief, chosen: ChosenVoice, campaign_id: str, content: str, label: str
) -> Campaign:
    profile = FinishProfile.from_mapping(brief.finish)
    return campaign_rows.create(
        connection,
        id=campaign_id,
        lane=Lane(brief.lane),
        name=brief.name,
        purpose=brief.purpose,
        content_digest=content,
        brief=brief.as_json(),
        lock=lock_of(brief, chosen, profile),
        preset=chosen.preset.label,
        pin_id=chosen.pin.id,
        engine=chosen.pin.engine,
        engine_revision=chosen.voice.engine_revision,
        speech_revision=SPEECH_REVISION,
        finish_revision=FINISH_REVISION,
        finish_profile=dict(brief.finish),
        error_budget=brief.error_budget,
        source=label,
        trace_id=uuid.uuid4().hex,
    )


def drop_draft(database: Database, campaign_id: str) -> None:
    """Forget a draft; its utterances stay for whoever shares them."""
    with database.write() as connection:
        campaign_rows.drop_draft(connection, campaign_id)


def write_draft(
    installation: Installation,
    database: Database,
    campaign: Campaign,
    source: Recipients,
    loaded: LoadedBrief,
    chosen: ChosenVoice,
    listener: Listener,
) -> Tally:
    """Read, compose and write the rows that the draft does not hold yet, into `database`."""
    with database.read() as connection:
        done = campaign_rows.last_row(connection, campaign.id)
        tally = Tally(rows=done, by_outcome=dict(campaign_rows.progress(connection, campaign.id).by_status))
    config = front_end_config(loaded.brief, chosen, installation.settings)
    share: list[float] = [0.0]
    doubled = DuplicatesFile(result_folder(installation, campaign.id) / "duplicates.csv")
    raw = raw_rows(source, loaded, tally, doubled, after=done, watch=lambda part: share.__setitem__(0, part))
    for chunk in compose_rows(raw, config, chosen.voice, processes=text_processes(installation)):
        for row in chunk:
            _count(tally, row)
        try:
            with database.write() as connection:
                insert_chunk(connection, campaign, chunk, secret=installation.secret)
        except IntegrityError as exc:
            raise ConflictError(
                f"another submit of campaign {campaign.id} is at work. Wait for it and look with `campaign status`."
            ) from exc
        listener.rows_read(tally.rows, share[0])
    if tally.rows == 0:
        drop_draft(database, campaign.id)
        raise RecipientsError(f"{source.label} has no rows. Nothing was submitted.")
    return tally


def _count(tally: Tally, row: PlannedRow) -> None:
    tally.rows += 1
    tally.count(_status(row))
    tally.fallbacks += bool(row.fallbacks)
    tally.warnings += len(row.warnings)
    if row.error is not None and len(tally.problems) < SHOWN_ERRORS:
        tally.problems.append(RowProblem(row=row.raw.number, error=row.error))


def raw_rows(
    source: Recipients,
    loaded: LoadedBrief,
    tally: Tally,
    doubled: DuplicatesFile,
    *,
    after: int = 0,
    watch: Callable[[float], None] | None = None,
) -> Iterator[RawRow]:
    """The file's rows with id and locale picked out, duplicates and suppressed ones marked."""
    brief = loaded.brief
    suppressed: set[str] = set()
    for path in loaded.suppress:
        suppressed |= read_suppressed(path, brief.id_column)
    seen = SeenIds()
    try:
        for row in source.rows(watch=watch):
            raw = _raw(row, brief)
            first = seen.first_row(raw.external_id, row.number) if raw.external_id else row.number
            if first != row.number:
                doubled.add(raw.external_id, row.number, first)
                if len(tally.duplicates) < SHOWN_ERRORS:
                    tally.duplicates.append((row.number, first))
            if row.number > after:
                yield _marked(raw, brief, suppressed, first)
    finally:
        seen.close()
        doubled.close()


def _raw(row: RecipientRow, brief: Brief) -> RawRow:
    external_id = clean_id(row.fields.get(brief.id_column, ""))
    problem: RowError | None = row.problem
    if problem is None and not external_id:
        problem = FieldError(
            "no-id", "the row has no id", mend=f"fill the column {brief.id_column!r}", column=brief.id_column
        )
    locale = clean_id(row.fields.get(brief.locale_column, "")) or brief.languages[0]
    return RawRow(
        number=row.number, external_id=external_id, locale=locale, fields=row.fields, problem=problem
    )


def _marked(raw: RawRow, brief: Brief, suppressed: set[str], first: int) -> RawRow:
    if raw.external_id in suppressed:
        return replace(raw, suppressed="suppression-list")
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


def _status(row: PlannedRow) -> RowStatus:
    if row.raw.suppressed is not None:
        return RowStatus.SUPPRESSED
    return RowStatus.FAILED if row.error is not None else RowStatus.PENDING


RECIPIENT_COLUMNS = (
    "campaign_id",
    "row",
    "external_id",
    "locale",
    "fields",
    "script",
    "salt",
    "hmac",
    "language",
    "fallbacks",
    "warnings",
)
ASSET_COLUMNS = ("id", "campaign_id", "row", "status", "column", "characters", "code", "reason")
UTTERANCE_COLUMNS = (
    "key",
    "campaign_id",
    "status",
    "rank",
    "spec",
    "preset",
    "pin_id",
    "engine",
    "engine_revision",
    "characters",
)
PLACE_COLUMNS = ("asset_id", "version", "position", "utterance_key", "pause_after_ms")


def insert_chunk(
    connection: Connection, campaign: Campaign, chunk: list[PlannedRow], *, secret: bytes
) -> None:
    """Write one chunk of rows of a draft."""
    people, files, words, places = [], [], {}, []
    for row in chunk:
        raw = row.raw
        asset = campaign_rows.asset_id(campaign.number, raw.number)
        hmac = row_hmac(secret, campaign.id, f"{raw.external_id}#{raw.number}")
        people.append(
            (
                campaign.id,
                raw.number,
                _clean(raw.external_id),
                _clean(raw.locale),
                _clean_fields(raw.fields),
                row.script,
                secrets.token_bytes(16),
                hmac,
                row.language,
                list(row.fallbacks) or None,
                list(row.warnings) or None,
            )
        )
        error = row.error
        code = raw.suppressed or (error.code if error else None)
        reason = f"{_clean(error.reason)} ({_clean(error.mend)})" if error else None
        column = _clean(error.column) if error and error.column else None
        files.append((asset, campaign.id, raw.number, _status(row), column, row.characters, code, reason))
        for position, one in enumerate(row.utterances):
            places.append((asset, 1, position, one.key, one.pause_after_ms))
            if one.key not in words:
                words[one.key] = (
                    one.key,
                    campaign.id,
                    RowStatus.PENDING,
                    raw.number << 12 | position,
                    one.spec,
                    campaign.preset,
                    campaign.pin_id,
                    campaign.engine,
                    campaign.engine_revision,
                    one.characters,
                )
    insert_rows(connection, recipients, RECIPIENT_COLUMNS, people)
    insert_rows(connection, assets, ASSET_COLUMNS, files)
    insert_rows(connection, utterances, UTTERANCE_COLUMNS, list(words.values()), skip_existing=True)
    insert_rows(connection, asset_utterances, PLACE_COLUMNS, places)


def _clean(value: str) -> str:
    """What a database can hold: no NUL, no lone surrogate. Only rows that already failed have any."""
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _clean_fields(fields: Mapping[str, str]) -> dict[str, str]:
    return {_clean(name): _clean(value) for name, value in fields.items()}

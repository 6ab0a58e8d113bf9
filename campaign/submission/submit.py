"""`campaign submit`: a recipients file and a brief become a campaign that workers can see.

    propose (prepare the brief, find the campaign) -> draft -> read, compose and write rows -> publish -> ring

A draft is out of every worker's sight until its last row is in; a submit that is killed goes on where it was when
the same command comes again. The same content under the same id is the same campaign, and makes no sound twice.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from itertools import count

from campaign.brief import Brief, LoadedBrief, OnError, UnmatchedLists
from campaign.errors import BadRowsError, ConflictError, InputError, RecipientsError
from campaign.recipients import Recipients
from campaign.registry.lexicons import keep_files
from campaign.speech.conventions import NO_CONVENTIONS, Conventions
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.draft import ProgressSink, SilentProgress, Tally, discard_draft, write_draft
from campaign.submission.header_stage import ColumnFit, fit_columns
from campaign.submission.lock import conventions_of, lock_of
from campaign.submission.opt_outs import INSTALLATION
from campaign.submission.prepare import Prepared, admit, resolve_brief
from campaign.submission.written_columns import number_formats
from campaign.times import of_milliseconds
from storage.canonical import digest
from storage.clock import read_now_ms
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import suppressions
from storage.records import Campaign, NewCampaign
from storage.session import Connection, Database, exclusive_lock
from storage.tables import CampaignState, Lane, RowStatus
from workers.finish import FINISH_REVISION

LONGEST_ID = 100
"""Characters of `CampaignId`."""
_DRY_RUN = re.compile(r"dry-run(-[0-9a-f]{12})?")
"""How dry runs are called; all of them were `dry-run` once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What `submit` answers."""

    campaign: Campaign
    tally: Tally
    is_new: bool
    """False when the same content was there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is to become a campaign, prepared and held against those there are."""

    prepared: Prepared
    fit: ColumnFit
    content: str
    """Digest of brief and recipients."""
    campaign_id: CampaignId
    existing: Campaign | None
    """The campaign of that id and content: a draft to continue, or one that needs nothing more."""

    @property
    def is_done(self) -> bool:
        """Whether the same content was submitted whole."""
        return self.existing is not None and self.existing.state != CampaignState.DRAFT


def submit(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    *,
    actor: str,
    campaign_id: CampaignId | None = None,
    new: bool = False,
    start: bool = True,
    start_at_ms: int | None = None,
    allow_slow: bool = False,
    fit: ColumnFit | None = None,
    progress: ProgressSink | None = None,
) -> Submission:
    """Make the campaign visible to workers, whole; returns it, new or as it was.

    With `start_at_ms` it is held until then, by the database's clock.
    `fit` is `AS_THEY_ARE` for rows that were made here; by default the file's columns are held against the brief.

    Raises what `propose` raises before the first row, and `RowErrorsFound` when bad rows are to stop it. After any
    exception no half campaign is visible.
    """
    proposal = propose(
        installation,
        source,
        loaded,
        campaign_id=campaign_id,
        new=new,
        allow_slow=allow_slow,
        start_at_ms=start_at_ms,
        fit=fit,
    )
    if proposal.existing is not None and proposal.is_done:
        return Submission(campaign=proposal.existing, tally=Tally(), is_new=False)
    proposal, begun = _without_stale_draft(installation.database, proposal)
    draft = _draft(installation, proposal, source.label, actor=actor)
    if draft.state != CampaignState.DRAFT:  # another submit of the same content was quicker
        return Submission(campaign=draft, tally=Tally(), is_new=False)
    database = installation.database
    try:
        tally = write_draft(
            installation,
            database,
            draft,
            source,
            proposal.prepared,
            proposal.fit,
            progress or SilentProgress(),
        )
        refuse_bad_rows(proposal.prepared.brief, tally)
        refuse_unmatched(proposal.prepared.loaded, tally)
    except RecipientsError:  # what is mended has other content: it is no draft of this one
        discard_draft(database, draft.id)
        raise
    tally.notes = (*begun, *tally.notes)
    with database.write() as connection:
        campaign_rows.keep_opt_outs(connection, draft.id, [met.document for met in tally.opt_outs])
        suppressions.stop(connection, draft.id)  # who opted out while the rows were read
        campaign_rows.publish(
            connection, draft.id, rows_total=tally.rows, start=start, start_at_ms=start_at_ms
        )
        published = campaign_rows.get(connection, draft.id)
    return Submission(campaign=published, tally=tally, is_new=True)


def propose(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    *,
    campaign_id: CampaignId | None,
    new: bool,
    allow_slow: bool,
    start_at_ms: int | None = None,
    fit: ColumnFit | None = None,
) -> Proposal:
    """Everything that may stop a submit before its first row: the columns, the brief, the numbers. Writes nothing.

    Raises `HeaderError`, what `prepare_brief` raises, and `ConflictError` when the id has other content. The same
    content under the same id is what it was, whatever has become of its voice since.
    """
    if campaign_id is not None and _DRY_RUN.fullmatch(campaign_id):
        raise ConflictError(
            f"{campaign_id} is what a submit is called that is only tried. Choose another --id."
        )
    fit = fit or fit_columns(loaded, source)
    prepared = resolve_brief(installation, loaded)
    content = digest({"brief": prepared.brief.digest, "recipients": source.sha256})
    proposed_id = campaign_id or campaign_id_of(prepared.brief, content)
    existing, free_id = _find(installation.database, proposed_id, content, new=new)
    if existing is None or existing.state == CampaignState.DRAFT:
        numbers = number_formats(loaded, source, fit) if fit.numbers is None else fit.numbers
        begun = NO_CONVENTIONS if existing is None else conventions_of(existing.lock)
        reference_date = begun.reference_date or prepared.conventions.reference_date
        prepared = prepared.reading(Conventions(numbers=numbers, reference_date=reference_date))
    proposal = Proposal(prepared=prepared, fit=fit, content=content, campaign_id=free_id, existing=existing)
    if not proposal.is_done:
        admit(installation, prepared, allow_slow=allow_slow)
    if start_at_ms is not None:
        _refuse_other_start(installation.database, proposal, start_at_ms)
    return proposal


def _refuse_other_start(database: Database, proposal: Proposal, start_at_ms: int) -> None:
    """Refuse a time that is past, and another one than the campaign is held until."""
    existing = proposal.existing
    if existing is None or not proposal.is_done:
        with database.read() as connection:
            if start_at_ms <= read_now_ms(connection):
                raise InputError(
                    f"{of_milliseconds(start_at_ms)} is past. Give a later --start-at, or leave it out to start now."
                )
    elif existing.state == CampaignState.VALIDATED and existing.t_start_ms != start_at_ms:
        held = "somebody resumes it" if existing.t_start_ms is None else of_milliseconds(existing.t_start_ms)
        raise ConflictError(
            f"campaign {existing.id} is held until {held}, and this command says {of_milliseconds(start_at_ms)}. Say "
            f"the same time, start it with `campaign resume {existing.id}`, or cancel it."
        )


def dry_run_id() -> CampaignId:
    """The id of one dry run: its lists of bad rows lie in the results folder under this name, and no other's do."""
    return CampaignId(f"dry-run-{uuid.uuid4().hex[:12]}")


def campaign_id_of(brief: Brief, content_digest: str) -> CampaignId:
    """The default id: the brief's name for people, the content's digest for machines."""
    slug = re.sub(r"[^a-z0-9]+", "-", brief.name.lower()).strip("-")[:40] or "campaign"
    return CampaignId(f"{slug}-{content_digest[:10]}")


def refuse_bad_rows(brief: Brief, tally: Tally) -> None:
    """Raise `RowErrorsFound` where the brief wants nothing submitted for a bad row, and there is one."""
    if brief.on_error == OnError.REJECT and tally.by_outcome.get(RowStatus.FAILED, 0):
        raise RowErrorsFound(tally)


def refuse_unmatched(loaded: LoadedBrief, tally: Tally) -> None:
    """Raise `RecipientsError` for an opt-out list of which no id is in the file, unless that was said to be right.

    A list without any is one: a file that was cut off looks like it.
    """
    if loaded.unmatched_lists == UnmatchedLists.ALLOW:
        return
    for met in tally.opt_outs:
        if met.list != INSTALLATION and not met.matched:
            none = (
                f"none of its {met.ids:,} ids is in the column {loaded.brief.id_column!r} of this file"
                if met.ids
                else "there is no id in it"
            )
            raise RecipientsError(
                f"the opt-out list {met.list} stops nobody: {none}, so nothing was submitted. Give a list of these "
                "ids, or say --unmatched-lists allow (unmatched_lists in a brief)."
            )


class RowErrorsFound(BadRowsError):  # noqa: N818 - reads as what happened
    """Some rows are bad and `--on-error reject` says that nothing is submitted then."""

    def __init__(self, tally: Tally) -> None:
        bad = tally.by_outcome.get(RowStatus.FAILED, 0)
        super().__init__(
            f"{bad} of {tally.rows} rows cannot be spoken, so nothing was submitted. "
            "Correct them, or submit the others with --on-error skip."
        )
        self.tally = tally


def _find(
    database: Database, campaign_id: CampaignId, content: str, *, new: bool
) -> tuple[Campaign | None, CampaignId]:
    """The campaign of that id if its content is the same; with `new`, the next free id."""
    with database.read() as connection:
        existing = campaign_rows.find(connection, campaign_id)
        if not new or existing is None:
            if existing is not None:
                _require_same(existing, content)
            return existing, campaign_id
        further = (_numbered(campaign_id, number) for number in count(2))
        return None, next(name for name in further if campaign_rows.find(connection, name) is None)


def _numbered(campaign_id: CampaignId, number: int) -> CampaignId:
    """Another id like it, as long as one may be."""
    ending = f"-{number}"
    return CampaignId(f"{campaign_id[: LONGEST_ID - len(ending)]}{ending}")


def _require_same(existing: Campaign, content: str) -> None:
    if existing.content_digest != content:
        raise ConflictError(
            f"campaign {existing.id} exists with other content. Use another --id, or --new for another one."
        )


def _without_stale_draft(database: Database, proposal: Proposal) -> tuple[Proposal, tuple[str, ...]]:
    """The proposal without a draft that would be spoken otherwise now, which is forgotten; and a note on it.

    A channel may have moved since the draft was begun, a preset have a newer version, the program been upgraded. Rows
    of the one must never be spoken with the lock of the other.
    """
    draft = proposal.existing
    if draft is None or draft.state != CampaignState.DRAFT:
        return proposal, ()
    was, now = draft.lock.as_json(), lock_of(proposal.prepared).as_json()
    changed = ", ".join(key for key in now | was if now.get(key) != was.get(key)).replace("_", " ")
    if not changed:
        return proposal, ()
    discard_draft(database, draft.id)
    note = f"An earlier submit of this was stopped in the middle; since then {changed} changed, so it was read anew."
    return replace(proposal, existing=None), (note,)


def _draft(installation: Installation, proposal: Proposal, label: str, *, actor: str) -> Campaign:
    """The draft that a submit writes its rows into: the one there is, or a new one.

    Between the proposal and now another submit may have taken the id: with the same content it is this campaign, with
    other content this raises `ConflictError`.
    """
    if proposal.existing is not None:
        return proposal.existing
    with installation.database.write() as connection:
        exclusive_lock(connection, "submit")
        existing = campaign_rows.find(connection, proposal.campaign_id)
        if existing is not None:
            _require_same(existing, proposal.content)
            return existing
        keep_files(connection, proposal.prepared.loaded.lexicons.values())
        draft = create_draft(connection, proposal, label)
        audit.note(connection, "submit", draft.id, actor=actor, content=proposal.content)
    return draft


def create_draft(connection: Connection, proposal: Proposal, label: str) -> Campaign:
    """The campaign's own row, out of every worker's sight; `label` says where its recipients came from."""
    brief, chosen = proposal.prepared.brief, proposal.prepared.chosen
    submitted = NewCampaign(
        id=proposal.campaign_id,
        lane=Lane(brief.lane),
        name=brief.name,
        purpose=brief.purpose,
        content_digest=proposal.content,
        brief=brief.as_json(),
        lock=lock_of(proposal.prepared),
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
    return campaign_rows.create(connection, submitted)

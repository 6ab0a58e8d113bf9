"""Erasing: a recipient everywhere, or a whole campaign (contract 6).

    last manifest leaf of each row -> rows forget -> what lies beside rows (`personal_data.PLACES`)
        -> objects go, every version -> artefacts made again -> event for CDNs

The rows' leaves stay as tombstones, so that the manifest's root is the same as before: totals still verify.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from campaign.errors import ConflictError, NotFoundError
from campaign.operations.personal_data import (
    forget_beside_rows,
    forget_files,
    forget_in_lists,
    forget_leftovers,
    forget_opt_out_id,
    forget_upload,
    has_files,
)
from campaign.recipients import clean_id
from campaign.report.manifest import manifest_line, relative_url
from campaign.report.publish import publish_report
from storage.clock import milliseconds_ago
from storage.erasing import erasure, orphans
from storage.erasing.erasure import ErasureCounts, SweepResult
from storage.errors import ObjectStoreError
from storage.history import audit, delivery, events
from storage.installation import Installation
from storage.keys import campaign_prefix
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import campaigns as campaign_rows
from storage.service import intakes
from storage.tables import CampaignState, IntakeState, Lane

ROWS_AT_ONCE = 500


@dataclass(slots=True, kw_only=True)
class Erasure:
    """What was erased, and what is still to go."""

    campaigns: dict[CampaignId, ErasureCounts] = field(default_factory=dict)
    swept: SweepResult = field(default_factory=lambda: SweepResult(objects=0, open=0, problem=None))

    def add(self, later: Erasure) -> None:
        """Sum up what was removed; what is still to go is what the later one says."""
        self.campaigns |= later.campaigns
        self.swept = replace(later.swept, objects=self.swept.objects + later.swept.objects)

    @property
    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "campaigns": {name: asdict(erased) for name, erased in self.campaigns.items()},
            "object_versions_removed": self.swept.objects,
            "still_to_be_removed": self.swept.open,
            "problem": self.swept.problem,
        }


def erase_recipient(installation: Installation, external_id: str, *, actor: str) -> Erasure:
    """One person in every campaign, in lists of submits of which no campaign became, and as an opt-out's id.

    Raises `NotFoundError` when nothing has the id.
    """
    external_id = clean_id(external_id)
    with installation.database.read() as connection:
        rows_by_campaign = erasure.rows_of(connection, external_id)
        likely = erasure.spellings_of(connection, person_hash(installation.secret, external_id))
    was_listed = (
        forget_opt_out_id(installation, external_id, actor=actor) if not likely or rows_by_campaign else False
    )
    in_lists = {
        campaign_id: ErasureCounts()
        for campaign_id in forget_in_lists(installation, external_id, actor=actor)
    }
    if rows_by_campaign:
        done = _erase(installation, rows_by_campaign, actor=actor)
        done.campaigns = in_lists | done.campaigns
        return done
    if was_listed or in_lists:
        installation.database.overwrite_freed()
        return Erasure(campaigns=in_lists)
    other = " A row has it in another spelling: give it as it was written." if likely else ""
    raise NotFoundError(
        "no campaign has a recipient of that id. Ids are compared as they were in the recipients file; "
        f"one that was erased before is no longer known.{other}"
    )


def erase_campaign(installation: Installation, campaign_id: CampaignId, *, actor: str) -> Erasure:
    """Every recipient of a campaign, or what is left of an upload or submit of which none became.

    Lock, runs and totals of a campaign stay. Raises `NotFoundError`, and `ConflictError` while its upload is read.
    """
    with installation.database.write() as connection:
        intake = intakes.find(connection, campaign_id, lock=True)
        if intake is not None and intake.state == IntakeState.READING:
            raise ConflictError(
                f"the upload of {campaign_id} is being read. Erase it once it was: see its preflight."
            )
        if campaign_rows.find(connection, campaign_id) is None:
            intakes.forget(connection, campaign_id)
            audit.note(connection, "erase", campaign_id, actor=actor, upload=intake is not None)
            is_there = False
        else:
            is_there = True
    if is_there:
        return _erase(installation, {campaign_id: None}, actor=actor)
    if not has_files(installation, campaign_id) and intake is None:
        raise NotFoundError(f"there is no campaign {campaign_id}. `campaign list` shows those that exist.")
    forget_files(installation, campaign_id)
    installation.database.overwrite_freed()
    return Erasure(campaigns={campaign_id: ErasureCounts()})


def purge(
    installation: Installation, *, older_than_ms: int, actor: str, dry_run: bool = False
) -> tuple[list[CampaignId], Erasure]:
    """Erase campaigns that ended so long ago, and cached sound of that age that nobody waits for.

    Of the same age: drafts and uploads that nobody came back to, lists of submits of which no campaign became.
    """
    with installation.database.read() as connection:
        before_ms = milliseconds_ago(connection, older_than_ms)
        ended = erasure.ended_before(connection, before_ms)
        drafts = campaign_rows.abandoned_drafts(connection, before_ms=before_ms)
        left = intakes.abandoned(connection, before_ms=before_ms)
    if dry_run:
        return list(dict.fromkeys([*ended, *drafts, *left])), Erasure()
    total = Erasure()
    for campaign_id in ended:
        total.add(erase_campaign(installation, campaign_id, actor=actor))
    while True:
        with installation.database.write() as connection:
            stale = erasure.stale_sound(connection, before_ms=before_ms, limit=ROWS_AT_ONCE)
            erasure.drop_sound(connection, installation.secret, stale)
        if not stale:
            break
    with installation.database.write() as connection:
        events.forget(connection, before_ms=before_ms)
    gone = [
        campaign_id
        for campaign_id in dict.fromkeys([*drafts, *left])
        if _purge_abandoned(installation, campaign_id, before_ms, actor=actor)
    ]
    forget_leftovers(installation, older_than_ms=older_than_ms)
    total.add(Erasure(swept=erasure.sweep_all(installation.database, installation.store)))
    return [*ended, *gone], total


def _purge_abandoned(
    installation: Installation, campaign_id: CampaignId, before_ms: int, *, actor: str
) -> bool:
    """A draft or an upload, if it still is one that nobody came back to; a campaign of that id keeps its own."""
    with installation.database.write() as connection:
        is_draft = campaign_id in campaign_rows.abandoned_drafts(connection, before_ms=before_ms)
        if is_draft:
            campaign_rows.drop_draft(connection, campaign_id)
        is_upload = intakes.forget_abandoned(connection, campaign_id, before_ms=before_ms)
        lives = campaign_rows.find(connection, campaign_id) is not None
        if is_draft or is_upload:
            audit.note(connection, "purge", campaign_id, actor=actor, draft=is_draft, upload=is_upload)
    if lives:
        if is_upload:
            forget_upload(installation, campaign_id)
        return False
    if is_draft or is_upload:
        forget_files(installation, campaign_id)
    return is_draft or is_upload


def purge_previews(
    installation: Installation, *, older_than_ms: int, actor: str, dry_run: bool = False
) -> tuple[list[CampaignId], Erasure]:
    """Erase previews and speech of the service that ended so long ago: heard once, and full of personal data."""
    with installation.database.read() as connection:
        before_ms = milliseconds_ago(connection, older_than_ms)
        ended = erasure.ended_before(connection, before_ms, lane=Lane.PREVIEW)
    total = Erasure()
    for campaign_id in () if dry_run else ended:
        total.add(erase_campaign(installation, campaign_id, actor=actor))
    if not dry_run:
        forget_leftovers(installation)
    return ended, total


def collect_orphans(installation: Installation) -> SweepResult:
    """Remove files that no row names, of every campaign that ended; what workers left behind that were killed."""
    with installation.database.read() as connection:
        ended = orphans.ended_campaigns(connection)
    for campaign_id in ended:
        for keys in orphans.unnamed_objects(installation.database, installation.store, campaign_id):
            if keys:
                with installation.database.write() as connection:
                    orphans.collect(connection, keys)
    return erasure.sweep_all(installation.database, installation.store)


def _erase(
    installation: Installation, rows_by_campaign: Mapping[CampaignId, Sequence[int] | None], *, actor: str
) -> Erasure:
    """Rows by campaign; None is all of them."""
    done = Erasure()
    for campaign_id, rows in rows_by_campaign.items():
        erased = ErasureCounts()
        for chunk in _chunks(installation, campaign_id, rows):
            erased.add(_erase_chunk(installation, campaign_id, chunk))
        with installation.database.write() as connection:
            campaign_rows.mark_unreported(connection, campaign_id)
            audit.note(connection, "erase", campaign_id, actor=actor, **asdict(erased))
            if campaign_rows.get(connection, campaign_id).state == CampaignState.RUNNING:
                campaign_rows.settle(connection, campaign_id)
        forget_beside_rows(installation, campaign_id, rows)
        done.campaigns[campaign_id] = erased
    done.swept = erasure.sweep_all(installation.database, installation.store)
    try:
        for campaign_id in rows_by_campaign:
            _publish_again(installation, campaign_id)
    except ObjectStoreError as exc:  # they stay due: workers and `campaign report` write them
        done.swept = replace(done.swept, problem=str(exc))
    return done


def _chunks(
    installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None
) -> Iterator[Sequence[int]]:
    if rows is not None:
        yield from (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
        return
    after = 0
    while True:
        with installation.database.read() as connection:
            chunk = erasure.remaining_rows(connection, campaign_id, after=after, limit=ROWS_AT_ONCE)
        if not chunk:
            return
        yield chunk
        after = chunk[-1]


def _erase_chunk(installation: Installation, campaign_id: CampaignId, rows: Sequence[int]) -> ErasureCounts:
    settings = installation.settings
    wait_ms = round(1000 * (2 * settings.lease_seconds + settings.grace_seconds))
    prefix = campaign_prefix(campaign_id)
    with installation.database.write() as connection:
        leaves = {
            row.row: manifest_line(row, url=relative_url(row, prefix))["leaf"]
            for row in delivery.rows(connection, campaign_id, only=rows)
        }
        keys = erasure.object_keys(connection, campaign_id, rows)
        erased = erasure.erase_rows(
            connection, campaign_id, leaves, secret=installation.secret, wait_ms=wait_ms
        )
        event: dict[str, Any] = {"rows": erased.rows}
        if settings.webhook_urls:  # a CDN's purge hook needs them; forgotten once they are delivered
            event["urls"] = [installation.store.url(key) for key in keys]
        events.add(connection, campaign_id, events.ERASED, event)
        return erased


def _publish_again(installation: Installation, campaign_id: CampaignId) -> None:
    """The lists and the report, without what was erased."""
    with installation.database.read() as connection:
        campaign = campaign_rows.get(connection, campaign_id)
    if campaign.state in campaign_rows.TERMINAL:
        publish_report(installation, campaign_id)

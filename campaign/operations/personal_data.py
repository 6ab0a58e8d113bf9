"""Where personal data can be, all of it: what `erase` and `purge` walk, and docs/erasure.md says.

Rows come first and files after them: whatever is interrupted has forgotten the person where it counts, and the same
command again does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from campaign.operations.uploads import UploadFolder
from campaign.results.folder import forget_results, result_folder, result_folders
from campaign.results.forgetting import forget_id, forget_rows, forget_stale_parts
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import campaigns as campaign_rows
from storage.queue import suppressions
from storage.scratch import forget_stale_scratch
from storage.service import intakes
from storage.tables import IntakeState


class Reach(StrEnum):
    """What takes personal data away from a place."""

    ROWS = "rows"
    """The transaction that erases the rows, before anything else."""
    FILES = "files"
    """A step after the rows, at once."""
    STORE = "store"
    """A step after the rows; a store that is away is asked again until it is done."""
    PURGE = "purge"
    """`campaign purge`, and a service when it starts: what a killed process left, of nobody in particular."""
    BOUND = "bound"
    """Nothing of ours: its own age, or you."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place."""

    where: str
    holds: str
    reach: Reach
    bound: str = ""
    """For how long, where that is not at once."""
    forget: Callable[[Installation, CampaignId, Sequence[int] | None], None] | None = None
    """The step after the rows, for rows of a campaign, or for all of it (None)."""


def _lists(installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None) -> None:
    if rows is None:
        forget_results(installation, campaign_id)
    elif rows:
        forget_rows(result_folder(installation, campaign_id), set(rows))


def _uploads(installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None) -> None:
    """A file that waits to be read holds everybody and stays for it; nothing else has a reason to."""
    with installation.database.read() as connection:
        intake = intakes.find(connection, campaign_id)
    waits = intake is not None and intake.state in (IntakeState.UPLOADED, IntakeState.READING)
    if rows is None or not waits:
        UploadFolder(installation.settings).forget(campaign_id)


def _intake(installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None) -> None:
    if rows is None:
        with installation.database.write() as connection:
            intakes.forget(connection, campaign_id)


def _source(installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None) -> None:
    if rows is None:
        with installation.database.write() as connection:
            campaign_rows.forget_source(connection, campaign_id)


def _freed_pages(installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None) -> None:
    installation.database.overwrite_freed()


PLACES = (
    Place(
        where="recipients, assets, asset_versions, reviews",
        holds="id, fields, script, locale, voice, salt and keyed hash of a row; why it failed; what was heard in its "
        "files, and what a listener said of them",
        reach=Reach.ROWS,
    ),
    Place(
        where="utterances, runs",
        holds="sentences that nobody else hears, and what a recogniser heard of them; hashes of their text and sound",
        reach=Reach.ROWS,
    ),
    Place(
        where="suppressions, suppression_log",
        holds="the id of somebody who opted out; the opt-out itself stays, as a keyed hash",
        reach=Reach.ROWS,
    ),
    Place(where="events", holds="URLs of erased files, until every webhook has them", reach=Reach.ROWS),
    Place(
        where="intakes",
        holds="an upload's brief, what was found in it, why it was refused",
        reach=Reach.FILES,
        forget=_intake,
    ),
    Place(
        where="campaigns.source", holds="the name of the recipients file", reach=Reach.FILES, forget=_source
    ),
    Place(
        where="uploads/",
        holds="recipients files and opt-out lists that came over the API and are not read yet",
        reach=Reach.FILES,
        forget=_uploads,
    ),
    Place(
        where="results/",
        holds="the operator's lists: results, bad rows, rows to mend, duplicates; of submits of which no campaign "
        "became, too",
        reach=Reach.FILES,
        forget=_lists,
    ),
    Place(
        where="the SQLite file and its journal",
        holds="what rows held before: freed pages are overwritten with zeros",
        reach=Reach.FILES,
        forget=_freed_pages,
    ),
    Place(
        where="campaigns/ of the object store",
        holds="every version of every file and its captions, also in buckets that keep versions; manifest, lists and "
        "report",
        reach=Reach.STORE,
        bound="a worker's two leases for what it has in hand",
    ),
    Place(
        where="cache/ of the object store",
        holds="the sound of sentences that nobody else hears",
        reach=Reach.STORE,
    ),
    Place(
        where="*.part in uploads/ and results/, scratch/",
        holds="what was under way when a process was killed",
        reach=Reach.PURGE,
        bound="a day, once `campaign purge` or a service starts",
    ),
    Place(
        where="previews, and speech over HTTP",
        holds="campaigns like any other, without an end of their own",
        reach=Reach.PURGE,
        bound="what `campaign purge --previews` says",
    ),
    Place(
        where="presets/ and conditioning/ of the object store, preset_records, calibrations",
        holds="speakers, not recipients: recordings, what engines made of them, consent, vectors by which a voice is "
        "recognised",
        reach=Reach.BOUND,
        bound="`campaign preset erase` of a revoked preset; its consent and revocation stay, as proof",
    ),
    Place(
        where="PostgreSQL's write-ahead log, dead rows and backups",
        holds="what rows held before",
        reach=Reach.BOUND,
        bound="autovacuum and checkpoints for log and dead rows, in minutes to days; backups as long as you keep them",
    ),
    Place(where="a CDN", holds="files", reach=Reach.BOUND, bound="`cache_seconds`, or its purge hook"),
    Place(
        where="a bucket with object lock",
        holds="files",
        reach=Reach.BOUND,
        bound="until the lock ends; erasures are tried again until then",
    ),
    Place(
        where="memory of workers and services",
        holds="sentences in hand and decoded sound",
        reach=Reach.BOUND,
        bound="minutes; a process that ends",
    ),
    Place(
        where="your copies",
        holds="zips, exports, previews written with --out, the files that recipients keep",
        reach=Reach.BOUND,
        bound="yours to remove",
    ),
)
"""Everything that can hold personal data, in the order in which it is forgotten."""


def forget_beside_rows(
    installation: Installation, campaign_id: CampaignId, rows: Sequence[int] | None
) -> None:
    """Every step after the rows of one campaign; `rows` is None for all of it. Safe to repeat."""
    for place in PLACES:
        if place.forget is not None:
            place.forget(installation, campaign_id, rows)


def forget_opt_out_id(installation: Installation, external_id: str, *, actor: str) -> bool:
    """Keep of a person's opt-out the keyed hash alone; whether there was one with an id."""
    with installation.database.write() as connection:
        was = suppressions.forget_id(connection, person_hash(installation.secret, external_id))
        if was:
            audit.note(connection, "suppression.forget", "suppressions", actor=actor, ids=1)
    return was


def forget_in_lists(installation: Installation, external_id: str, *, actor: str) -> list[CampaignId]:
    """Take a person out of the operator's lists of every campaign, and of submits of which none became.

    Returns whose lists told of the person; what was found in an upload says nothing of these rows any more.
    """
    found = []
    for folder in result_folders(installation):
        if rows := forget_id(folder, external_id):
            campaign_id = CampaignId(folder.name)
            found.append(campaign_id)
            with installation.database.write() as connection:
                intakes.forget_rows(connection, campaign_id, rows)
                audit.note(connection, "erase.lists", campaign_id, actor=actor, lines=len(rows))
    return found


def has_files(installation: Installation, campaign_id: CampaignId) -> bool:
    """Whether anything lies here under the id of a campaign that there is not."""
    uploads = UploadFolder(installation.settings)
    return result_folder(installation, campaign_id).exists() or campaign_id in uploads.campaigns()


def forget_upload(installation: Installation, campaign_id: CampaignId) -> None:
    """The files of an upload."""
    UploadFolder(installation.settings).forget(campaign_id)


def forget_files(installation: Installation, campaign_id: CampaignId) -> None:
    """Everything that lies here under the id of a campaign that there is not."""
    forget_upload(installation, campaign_id)
    forget_results(installation, campaign_id)


def forget_leftovers(installation: Installation, *, older_than_ms: int | None = None) -> None:
    """What killed processes left: bodies on their way in, scratch folders. With an age: lists of no campaign, too."""
    UploadFolder(installation.settings).forget_stale_parts()
    for folder in result_folders(installation):
        forget_stale_parts(folder)
    forget_stale_scratch(installation.settings)
    if older_than_ms is None:
        return
    folders = {CampaignId(folder.name): folder for folder in result_folders(installation)}
    with installation.database.read() as connection:
        there = campaign_rows.ids_among(connection, list(folders))
    for name, folder in folders.items():
        newest_s = max((file.stat().st_mtime for file in folder.iterdir()), default=0.0)
        if name not in there and (time.time() - newest_s) * 1000 > older_than_ms:
            forget_results(installation, name)

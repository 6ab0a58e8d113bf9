"""Writes manifest and report beside a campaign's files, and the operator's list beside nothing that is public.

    manifest.jsonl, manifest.jsonl.gz, recipients.csv   every row: ids and keyed hashes only
    report.json, report.html                            the numbers, for programs and for people
    campaign.lock                                       digests of everything that decided the sound

go to the object store. `recipients-result.csv`, which maps the operator's own ids to URLs, stays in the
installation's home.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from campaign.errors import OutputError
from campaign.report.artefacts import ArtefactWriter
from campaign.report.html import FileSample, render_report
from campaign.report.manifest import relative_url
from campaign.report.numbers import report_document
from campaign.report.places import ArtefactPlaces, artefact_places
from campaign.results.folder import make_folder, writing
from campaign.submission.lock import LOCK_FILE, seal, sealed
from storage.canonical import canonical_json
from storage.errors import StorageError
from storage.history import delivery, likenesses, timings
from storage.history.likenesses import CampaignLikeness, PastLikeness
from storage.installation import Installation
from storage.keys import campaign_prefix
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import pins as pin_rows
from storage.scratch import scratch_folder
from storage.session import Connection

log = logging.getLogger(__name__)

LISTS = {
    "manifest.jsonl": "application/x-ndjson",
    "manifest.jsonl.gz": "application/gzip",
    "recipients.csv": "text/csv; charset=utf-8",
}
ARTEFACTS = (*LISTS, "report.json", "report.html", LOCK_FILE)
"""Everything beside the files themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(ArtefactPlaces):
    """Artefacts that were just written."""

    document: dict[str, Any]


def publish_report(installation: Installation, campaign_id: CampaignId) -> Published:
    """Rewrite every artefact; the same rows give the same bytes.

    Raises `OutputError` where the disk takes no list, and what the store says against it; the campaign keeps it, too.
    """
    try:
        return _published(installation, campaign_id)
    except (StorageError, OutputError) as exc:
        with contextlib.suppress(StorageError), installation.database.write() as connection:
            campaign_rows.note_report_problem(connection, campaign_id, str(exc))
        raise


def _published(installation: Installation, campaign_id: CampaignId) -> Published:
    prefix = campaign_prefix(campaign_id)
    places = artefact_places(installation, campaign_id)
    make_folder(places.result_path.parent)
    store = installation.store
    with (
        writing(places.result_path),
        scratch_folder(installation.settings, "artefacts") as folder,
    ):
        forgetful = False
        with installation.database.read() as connection:
            campaign = campaign_rows.get(connection, campaign_id)
            lock = sealed(connection, campaign)
            captions = delivery.captions_asked(connection, campaign_id)
            with ArtefactWriter(store, prefix, folder, places.result_path, captions=captions) as artefacts:
                for row in delivery.rows(connection, campaign_id):
                    artefacts.add(row)
                    forgetful = forgetful or row.tombstone_leaf is not None
            voices = artefacts.gathered.voices.summary()
            past = {one.preset: _with_past(connection, campaign, one) for one in voices}
            document = report_document(
                replace(campaign, lock=lock),
                delivery.totals(connection, campaign_id),
                installation.settings,
                gathered=artefacts.gathered,
                latencies_ms=timings.latencies_ms(connection, campaign_id),
                over_time=timings.files_over_time(connection, campaign_id),
                manifest_root=artefacts.tree.root(),
                pin=pin_rows.get(connection, lock.pin.id),
                sentences=delivery.sentences_heard(connection, campaign_id) if lock.listening else (0, 0),
                past=past,
                captions=captions,
            )
            outlier_samples = _samples(connection, campaign, document["outliers"], prefix)
        if forgetful:  # a bucket may keep old versions, and those name the erased
            for artefact in ARTEFACTS:
                store.erase(prefix + artefact)
        for artefact, content_type in LISTS.items():
            store.put_file(prefix + artefact, folder / artefact, content_type=content_type)
    page = render_report(document, samples=artefacts.samples, outliers=outlier_samples)
    _put(installation, prefix + "report.json", canonical_json(document).encode(), "application/json")
    _put(installation, prefix + "report.html", page.encode(), "text/html; charset=utf-8")
    _put(installation, prefix + LOCK_FILE, canonical_json(lock.as_json()).encode(), "application/json")
    with installation.database.write() as connection:
        seal(connection, campaign, lock)
        likenesses.keep(connection, campaign_id, voices, t_ms=_ended_ms(campaign))
        campaign_rows.mark_reported(connection, campaign_id, t_finished_ms=campaign.t_finished_ms)
    return Published(
        manifest_url=places.manifest_url,
        report_url=places.report_url,
        result_path=places.result_path,
        document=document,
    )


def _with_past(connection: Connection, campaign: Campaign, now: CampaignLikeness) -> list[PastLikeness]:
    """What the files of earlier campaigns with this preset were like, and last what this one's are."""
    earlier = likenesses.over_time(connection, now.preset, until=campaign.number - 1)
    return [*earlier, PastLikeness(campaign_id=campaign.id, t_ms=_ended_ms(campaign), **asdict(now))]


def _ended_ms(campaign: Campaign) -> int:
    return campaign.t_finished_ms or campaign.t_created_ms


def published_document(installation: Installation, campaign_id: CampaignId) -> dict[str, Any]:
    """`report.json` as it is out; empty where the store does not give it now."""
    try:
        data = installation.store.get(campaign_prefix(campaign_id) + "report.json")
    except StorageError:
        return {}
    document: dict[str, Any] = json.loads(data)
    return document


def publish_settled(installation: Installation, campaign_id: CampaignId) -> None:
    """What whoever saw a campaign end does: publish it, unless it was a stream for one listener."""
    with installation.database.write() as connection:
        campaign = campaign_rows.get(connection, campaign_id)
        if campaign.brief.get("is_streamed"):
            campaign_rows.mark_reported(connection, campaign_id)
            return
    publish_report(installation, campaign_id)


def publisher(installation: Installation) -> Callable[[CampaignId], None]:
    """What a worker calls with each campaign that it sees end, and again with one whose artefacts are not out.

    Where they cannot be published the reason is logged and the campaign stays unreported: the next look publishes it.
    """

    def publish(campaign_id: CampaignId) -> None:
        try:
            publish_settled(installation, campaign_id)
        except (StorageError, OutputError) as exc:
            log.warning("the report of %s waits: %s", campaign_id, exc)

    return publish


def _samples(
    connection: Connection, campaign: Campaign, outliers: Sequence[Mapping[str, Any]], prefix: str
) -> list[FileSample]:
    """The files that stand out, as the page shows them, in the document's order."""
    numbers = {outlier["row"] for outlier in outliers}
    if not numbers:
        return []
    files = {
        row.row: FileSample.of(row, relative_url(row, prefix))
        for row in delivery.rows(connection, campaign.id, only=numbers)
    }
    return [files[outlier["row"]] for outlier in outliers]


def _put(installation: Installation, key: str, data: bytes, content_type: str) -> None:
    installation.store.put(key, data, sha256=hashlib.sha256(data).hexdigest(), content_type=content_type)

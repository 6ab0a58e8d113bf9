"""Listening review: which files a person hears, what they say of them, and rejected ones made again.

The queue is what was listened to and is held for a person, then the outliers (report/distribution.py), then what is
predicted to be liked least, then a random sample, the same one each time. A held file that is accepted is delivered. A
rejected row is made again with the next take of each of its utterances: other seeds, other keys, a new version. With
`best_of` so many takes are made, and of those that pass the checks the one that is most like the campaign's other files
becomes current.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from campaign.errors import ConflictError
from campaign.operations.foreground import Watch, report_if_due, runner
from campaign.report.distribution import SoundMeasurements
from campaign.report.reasons import reason_of
from campaign.rerender.held import SentenceToHear, sentences_of
from storage.history import audit, delivery
from storage.history.delivery import DeliveredRow
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import held as held_rows
from storage.queue import remake, reviews, suppressions, takes
from storage.queue.held import HELD_CODES, HeldFile
from storage.records import Campaign
from storage.session import Connection, exclusive_lock
from storage.tables import CampaignState, RowStatus
from workers.hearing import is_unheard
from workers.permission.consents import refusal
from workers.retaking import next_takes

SAMPLE_FILES = 10
MOST_HELD = 200
"""Held files that one look shows; judge them, and the next ones follow."""
DELIVERING = (CampaignState.RUNNING, CampaignState.FINISHED_WITH_ERRORS)
"""States of a campaign in which a held file may be delivered: nothing becomes stored in a paused or cancelled one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHear:
    """One file for a person."""

    row: int
    version: int
    why: str
    locale: str
    duration_s: float
    url: str
    held: str = ""
    """The code of a file that is not delivered until it is accepted; empty: it was delivered."""
    sentences: tuple[SentenceToHear, ...] = ()
    """Of a held one, as they were to be said and as they were heard. Words: for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """What became of a rejected row."""

    row: int
    version: int | None
    """The one that is current now; None when no take passed the checks."""
    takes: int
    """That passed the checks."""
    opted_out: bool = False
    """Whose person is on the installation's list: the file stays as it is, and nothing more is made."""


def queue(installation: Installation, campaign_id: CampaignId, *, sample: int = SAMPLE_FILES) -> list[ToHear]:
    """Held files first, then outliers, the lowest rated, and a random sample; files that were judged are left out."""
    measurements = SoundMeasurements()
    with installation.database.read() as connection:
        judged = {(verdict.row, verdict.version) for verdict in reviews.of_campaign(connection, campaign_id)}
        stored = []
        for row in delivery.rows(connection, campaign_id):
            if row.status == RowStatus.STORED:
                measurements.add(row)
                if (row.row, row.version) not in judged:
                    stored.append(row.row)
        unjudged = set(stored)
        far = {outlier.row: outlier.why for outlier in measurements.outliers() if outlier.row in unjudged}
        low = {one.row: one.why for one in measurements.lowest_rated() if one.row in unjudged}
        far |= {row: why for row, why in low.items() if row not in far}
        rest = sorted(unjudged - far.keys())
        picked = random.Random(campaign_id).sample(rest, min(sample, len(rest)))
        whys = far | dict.fromkeys(picked, "random sample")
        rows = {row.row: row for row in delivery.rows(connection, campaign_id, only=whys)}
        held = _held(installation, connection, campaign_id)
    return held + [_to_hear(installation, rows[row], why) for row, why in whys.items()]


def _held(installation: Installation, connection: Connection, campaign_id: CampaignId) -> list[ToHear]:
    files = held_rows.files(connection, campaign_id, unjudged=True, limit=MOST_HELD)
    sentences = held_rows.sentences(connection, files)
    return [
        ToHear(
            row=file.row,
            version=file.version,
            why=file.reason or reason_of(file.code),
            locale=file.locale,
            duration_s=round(file.samples / file.rate_hz, 3),
            url=installation.store.url(file.object_key),
            held=file.code,
            sentences=sentences_of(file, sentences.get(file.asset_id, ())),
        )
        for file in files
    ]


def _to_hear(installation: Installation, row: DeliveredRow, why: str) -> ToHear:
    assert row.version is not None
    assert row.object_key is not None
    return ToHear(
        row=row.row,
        version=row.version,
        why=why,
        locale=row.locale,
        duration_s=round(row.duration_s or 0.0, 3),
        url=installation.store.url(row.object_key),
    )


def record_verdicts(
    installation: Installation,
    campaign: Campaign,
    *,
    accepted: Sequence[int] = (),
    rejected: Sequence[int] = (),
    reason: str = "",
    actor: str,
) -> None:
    """Keep verdicts on the current versions of rows, and on held ones: of these the accepted are delivered.

    Raises `ConflictError` for a row that has no file, and for a held one that may not be delivered; then nothing is
    kept. The report of a campaign that has ended is due again.
    """
    verdicts = dict.fromkeys(accepted, "accepted") | dict.fromkeys(rejected, "rejected")
    with installation.database.write() as connection:
        exclusive_lock(
            connection, suppressions.LIST_LOCK
        )  # nobody opts out between the look and the delivery
        state = campaign_rows.lock_state(connection, campaign.id)
        rows = {row.row: row for row in delivery.rows(connection, campaign.id, only=verdicts)}
        held = {file.row: file for file in held_rows.files(connection, campaign.id, only=verdicts)}
        for number, verdict in verdicts.items():
            reviews.note(
                connection,
                campaign_rows.asset_id(campaign.number, number),
                _version_to_judge(connection, campaign.id, number, rows.get(number), held.get(number)),
                verdict=verdict,
                reason=reason,
                actor=actor,
            )
        delivered = [file for row, file in held.items() if verdicts[row] == "accepted"]
        if delivered:
            _deliver(connection, campaign, state, delivered)
        told = {"delivered": len(delivered)} if delivered else {}
        audit.note(
            connection,
            "review",
            campaign.id,
            actor=actor,
            accepted=len(set(accepted)),
            rejected=len(set(rejected)),
            **told,
        )


def _version_to_judge(
    connection: Connection,
    campaign_id: CampaignId,
    number: int,
    row: DeliveredRow | None,
    held: HeldFile | None,
) -> int:
    if held is not None:
        return held.version
    if (
        row is not None
        and row.code in HELD_CODES
        and suppressions.rows_among(connection, campaign_id, [number])
    ):
        raise ConflictError(
            f"row {number} of campaign {campaign_id}: the person opted out since, nothing more is delivered. "
            "Leave it out."
        )
    if row is None or row.version is None or row.status != RowStatus.STORED:
        raise ConflictError(f"row {number} of campaign {campaign_id} has no file to judge.")
    return row.version


def _deliver(
    connection: Connection, campaign: Campaign, state: CampaignState, files: Sequence[HeldFile]
) -> None:
    """Make held files current, and end the campaign by what is left. Raises `ConflictError`."""
    if state not in DELIVERING:
        mend = f"Continue it first: campaign resume {campaign.id}." if state == CampaignState.PAUSED else ""
        raise ConflictError(f"campaign {campaign.id} is {state}: nothing is delivered. {mend}".rstrip())
    if (problem := refusal(connection, campaign)) is not None:
        raise ConflictError(f"held files of campaign {campaign.id} cannot be delivered: {problem}")
    for file in files:
        if not reviews.choose(connection, file.asset_id, file.version):
            raise ConflictError(f"row {file.row} of campaign {campaign.id} changed meanwhile. Try again.")
    if state == CampaignState.FINISHED_WITH_ERRORS:
        campaign_rows.end_again(connection, campaign.id)


def remake_rejected(
    installation: Installation, campaign: Campaign, *, best_of: int = 1, watch: Watch
) -> list[Remade]:
    """Make the next take of every row whose current version is rejected, `best_of` times, and keep the best.

    Raises `ConflictError` while the campaign is at work.
    """
    if campaign.state not in campaign_rows.TERMINAL:
        raise ConflictError(
            f"campaign {campaign.id} is {campaign.state}: rejected files are made again when it has ended. "
            f"Follow it with `campaign status {campaign.id} --watch`."
        )
    rejected = _rejected(installation, campaign.id)
    with installation.database.read() as connection:
        opted_out = suppressions.rows_among(connection, campaign.id, rejected)
    left = [Remade(row=row, version=None, takes=0, opted_out=True) for row in sorted(opted_out)]
    before = {row: version for row, version in rejected.items() if row not in opted_out}
    if not before:
        return left
    with runner(installation) as working:
        for _ in range(best_of):
            _next_take(installation, campaign, sorted(before))
            working.finish(campaign.id, watch)
    remade = _choose(installation, campaign, before)
    with installation.database.write() as connection:
        campaign_rows.mark_unreported(connection, campaign.id)
    report_if_due(installation, campaign.id)
    return remade + left


def _rejected(installation: Installation, campaign_id: CampaignId) -> dict[int, int]:
    """Row to the version that was rejected and is still current, or held."""
    with installation.database.read() as connection:
        last = {
            (judgement.row, judgement.version): judgement.verdict
            for judgement in reviews.of_campaign(connection, campaign_id)
        }
        rows = {row for row, _ in last}
        current = {row.row: row.version for row in delivery.rows(connection, campaign_id, only=rows)}
        current |= {file.row: file.version for file in held_rows.files(connection, campaign_id, only=rows)}
    return {
        row: version
        for (row, version), verdict in last.items()
        if verdict == "rejected" and current.get(row) == version
    }


def _next_take(installation: Installation, campaign: Campaign, rows: Sequence[int]) -> None:
    with installation.database.write() as connection:
        campaign = campaign_rows.get(connection, campaign.id)
        places = takes.places(connection, campaign.id, rows)
        takes.plan_takes(connection, campaign.id, next_takes(campaign.lock, places))
        remake.start(connection, campaign.id)


def _choose(installation: Installation, campaign: Campaign, before: dict[int, int]) -> list[Remade]:
    """Of the takes that passed the checks, the one whose pace is nearest to the others of its language and preset."""
    paces: dict[tuple[str, str | None], list[float]] = {}
    remade = []
    with installation.database.write() as connection:
        rows = {}
        for row in delivery.rows(connection, campaign.id):
            if row.row in before:
                rows[row.row] = row
            elif row.duration_s:
                paces.setdefault((row.language, row.preset), []).append(row.characters / row.duration_s)
        for number, row in rows.items():
            asset = campaign_rows.asset_id(campaign.number, number)
            made = [
                take
                for take in reviews.versions(connection, asset, above=before[number])
                if not is_unheard(take.listening, campaign.lock.listening)
            ]
            usual = median(paces.get((row.language, row.preset)) or [0.0])
            best = min(
                made,
                key=lambda take: (abs(row.characters * take.rate_hz / take.samples - usual), -take.version),
                default=None,
            )
            if best is not None:
                reviews.choose(connection, asset, best.version)
            remade.append(Remade(row=number, version=None if best is None else best.version, takes=len(made)))
    return remade

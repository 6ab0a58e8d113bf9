"""What a campaign will take: counted on its rows, before any sound is made.

A dry run drafts the campaign into a scratch database with the very code that submits it, and counts there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from campaign.brief import LoadedBrief
from campaign.recipients import Recipients
from campaign.submission.draft import ProgressSink, SilentProgress, Tally, write_draft
from campaign.submission.listening import ChosenListening, listening_cost
from campaign.submission.plan import Estimate, characters_to_seconds
from campaign.submission.risk import Riskiest
from campaign.submission.submit import create_draft, dry_run_id, propose, refuse_bad_rows, refuse_unmatched
from storage.history import speed
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.scratch import scratch_folder
from storage.session import Database
from storage.tables import metadata

SECONDS_PER_HOUR = 3600


def dry_run(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    *,
    campaign_id: CampaignId | None = None,
    new: bool = False,
    allow_slow: bool = False,
    progress: ProgressSink | None = None,
    start_at_ms: int | None = None,
    show: int = 0,
) -> tuple[Tally, Estimate]:
    """`submit` without its effect: raises whatever it would raise, `RowErrorsFound` too. Takes its time as well.

    The tally shows some `show` rows, chosen for what can go wrong in them.
    """
    proposal = propose(
        installation,
        source,
        loaded,
        campaign_id=campaign_id,
        new=new,
        allow_slow=allow_slow,
        start_at_ms=start_at_ms,
    )
    with scratch_folder(installation.settings, "dry-run") as folder:
        scratch = Database(f"sqlite:///{folder / 'scratch.sqlite'}")
        with contextlib.closing(scratch):
            metadata.create_all(scratch.engine)
            with scratch.write() as connection:
                draft = create_draft(connection, replace(proposal, campaign_id=dry_run_id()), source.label)
            riskiest = Riskiest(proposal.prepared.brief.column_specs(), show)
            tally = write_draft(
                installation,
                scratch,
                draft,
                source,
                proposal.prepared,
                proposal.fit,
                progress or SilentProgress(),
                riskiest=riskiest,
            )
            counted = estimate(
                installation,
                scratch,
                draft.id,
                presets=draft.lock.preset_labels,
                pin_id=draft.pin_id,
                listening=proposal.prepared.listening,
            )
    refuse_bad_rows(proposal.prepared.brief, tally)
    refuse_unmatched(loaded, tally)
    tally.shown = riskiest.rows()
    return tally, counted


def estimate(
    installation: Installation,
    database: Database,
    campaign_id: CampaignId,
    *,
    presets: Collection[str],
    pin_id: str,
    listening: ChosenListening,
) -> Estimate:
    """Counts of a drafted campaign, with the speed and the length of speech measured on earlier runs."""
    with database.read() as connection:
        outcomes = campaign_rows.progress(connection, campaign_id).by_status
        delivered = speed.characters_to_deliver(connection, campaign_id)
        characters_by_key = speed.characters_by_key(connection, campaign_id)
    cost = cost_of(installation, characters_by_key, presets=presets, pin_id=pin_id)
    seconds_to_deliver = characters_to_seconds(delivered, cost.characters_per_second)
    return Estimate(
        rows_by_outcome=dict(outcomes),
        utterances=len(characters_by_key),
        utterances_cached=cost.utterances_cached,
        seconds_to_make=cost.seconds_to_make,
        seconds_to_deliver=seconds_to_deliver,
        expected_wall_s=cost.expected_wall_s,
        expected_cost=cost.expected_cost,
        currency=installation.settings.currency,
        listening=listening_cost(listening, seconds_to_deliver),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it takes to make utterances that are not cached."""

    utterances_cached: int
    seconds_to_make: float
    """Of speech."""
    expected_wall_s: float | None
    """None where the voice has made nothing here yet."""
    expected_cost: float
    characters_per_second: float | None


def cost_of(
    installation: Installation, characters_by_key: Mapping[str, int], *, presets: Collection[str], pin_id: str
) -> Cost:
    """What utterances cost, given the length of each by synthesis key, at the speed of the voices' earlier runs."""
    with installation.database.read() as connection:
        cached = speed.stored_among(connection, list(characters_by_key))
        measured = speed.measured_speed(connection, presets, pin_id)
    characters = sum(length for key, length in characters_by_key.items() if key not in cached)
    seconds = characters_to_seconds(characters, measured.characters_per_second)
    wall_s = None if measured.real_time_factor is None else seconds * measured.real_time_factor
    return Cost(
        utterances_cached=len(cached),
        seconds_to_make=seconds,
        expected_wall_s=wall_s,
        expected_cost=(wall_s or 0.0) / SECONDS_PER_HOUR * installation.settings.cost_per_gpu_hour,
        characters_per_second=measured.characters_per_second,
    )

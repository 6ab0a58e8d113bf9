"""Pause, resume, cancel, retry: small writes that whoever works on the campaign obeys, each with its audit row."""

from __future__ import annotations

from campaign.brief import Brief
from campaign.errors import ConflictError, InputError, NotFoundError
from campaign.times import milliseconds, moment, of_milliseconds
from storage.clock import read_now_ms
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import starts
from storage.records import Campaign
from storage.tables import CampaignState
from workers.permission.consents import refusal


def find_campaign(installation: Installation, campaign_id: CampaignId) -> Campaign:
    """A campaign by id; raises `NotFoundError`."""
    with installation.database.read() as connection:
        campaign = campaign_rows.find(connection, campaign_id)
    if campaign is None:
        raise NotFoundError(f"there is no campaign {campaign_id}. `campaign list` shows those that exist.")
    return campaign


def pause(installation: Installation, campaign_id: CampaignId, *, reason: str, actor: str) -> None:
    """When this returns nothing more is claimed and nothing becomes stored."""
    _move(installation, campaign_id, CampaignState.PAUSED, "pause", reason=reason, actor=actor)


def cancel(installation: Installation, campaign_id: CampaignId, *, actor: str) -> None:
    """End a campaign; what was delivered stays. Cancelling twice is not an error."""
    _move(installation, campaign_id, CampaignState.CANCELLED, "cancel", actor=actor)


def resume(installation: Installation, campaign_id: CampaignId, *, actor: str) -> None:
    """Let a paused or held campaign run; `ConflictError` when it is over, unread, or its speaker does not agree."""
    campaign = find_campaign(installation, campaign_id)
    if campaign.state in campaign_rows.TERMINAL:
        raise ConflictError(
            f"campaign {campaign_id} is {campaign.state.replace('_', ' ')}: there is nothing to continue. "
            f"Rows that failed in sound are tried again by `campaign retry {campaign_id}`; those that were refused for "
            f"their text are mended with `campaign amend {campaign_id} rows-to-mend.csv`."
        )
    if campaign.state == CampaignState.DRAFT:
        raise ConflictError(
            f"campaign {campaign_id} was not read to its end. Give the `campaign submit` command again."
        )
    _check_consent(installation, campaign)
    _move(installation, campaign_id, CampaignState.RUNNING, "resume", actor=actor)


def start_at(installation: Installation, campaign_id: CampaignId, written: str, *, actor: str) -> None:
    """Let a held campaign start by itself at a time, in its brief's time zone where that says none.

    Raises `InputError` for what is no time or is past, `ConflictError` for a campaign that is not held.
    """
    campaign = find_campaign(installation, campaign_id)
    _check_consent(installation, campaign)
    try:
        start_at_ms = milliseconds(moment(written, Brief.from_json(campaign.brief).timezone))
    except ValueError as exc:
        raise InputError(f"{exc}.") from exc
    with installation.database.write() as connection:
        if start_at_ms <= read_now_ms(connection):
            raise InputError(
                f"{of_milliseconds(start_at_ms)} is past. Give a later time, or none to start it now."
            )
        if not starts.hold_until(connection, campaign_id, start_at_ms):
            raise ConflictError(
                f"campaign {campaign_id} is {campaign.state.replace('_', ' ')}: only a held one starts at a time, "
                "as `campaign submit --hold` leaves it."
            )
        audit.note(connection, "start-at", campaign_id, actor=actor, at=of_milliseconds(start_at_ms))


def retry(installation: Installation, campaign_id: CampaignId, *, actor: str) -> int:
    """Open a new attempt of the failed and quarantined rows; returns how many."""
    campaign = find_campaign(installation, campaign_id)
    _check_consent(installation, campaign)
    with installation.database.write() as connection:
        opened = campaign_rows.reopen_rows(connection, campaign_id)
        if opened:
            campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
            audit.note(connection, "retry", campaign_id, actor=actor, rows=opened)
    return opened


def _check_consent(installation: Installation, campaign: Campaign) -> None:
    with installation.database.read() as connection:
        reason = refusal(connection, campaign)
    if reason is not None:
        raise ConflictError(f"campaign {campaign.id} cannot continue: {reason}")


def _move(
    installation: Installation,
    campaign_id: CampaignId,
    to: CampaignState,
    action: str,
    *,
    actor: str,
    reason: str | None = None,
) -> None:
    find_campaign(installation, campaign_id)
    with installation.database.write() as connection:
        was = campaign_rows.move(connection, campaign_id, to, reason=reason)
        if was != to:
            audit.note(connection, action, campaign_id, actor=actor, was=was)

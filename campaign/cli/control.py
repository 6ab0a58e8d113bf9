"""`campaign pause | resume | cancel | retry`: small writes that whoever works on the campaign obeys."""

from __future__ import annotations

import click

from campaign.cli import exits
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import actor, find_campaign, json_option, opened, print_json
from campaign.cli.status import finish_line, status_document
from campaign.cli.submit import ring
from campaign.errors import ConflictError
from campaign.foreground import look, report_if_due, work_until_done
from storage import audit
from storage import campaigns as campaign_rows
from storage.installation import Installation
from storage.records import Campaign
from storage.tables import CampaignState


@click.command("pause")
@click.argument("campaign_id")
@click.option("--reason", default="by hand", show_default=True)
@json_option
def pause_command(campaign_id: str, reason: str, as_json: bool) -> None:
    """Stop work on CAMPAIGN_ID. When this returns nothing is claimed and nothing becomes stored."""
    with opened() as installation:
        _move(installation, campaign_id, CampaignState.PAUSED, "pause", reason)
        _tell(installation, campaign_id, as_json=as_json)


@click.command("cancel")
@click.argument("campaign_id")
@json_option
def cancel_command(campaign_id: str, as_json: bool) -> None:
    """End CAMPAIGN_ID. What was delivered stays; cancelling twice is no error."""
    with opened() as installation:
        _move(installation, campaign_id, CampaignState.CANCELLED, "cancel", None)
        report_if_due(installation, campaign_id)
        _tell(installation, campaign_id, as_json=as_json)


@click.command("resume")
@click.argument("campaign_id")
@json_option
def resume_command(campaign_id: str, as_json: bool) -> None:
    """Go on with CAMPAIGN_ID: one that was paused, held at submit, or interrupted."""
    with opened() as installation:
        campaign = find_campaign(installation, campaign_id)
        if campaign.state in campaign_rows.TERMINAL:
            raise ConflictError(
                f"campaign {campaign_id} is {campaign.state.replace('_', ' ')}: there is nothing to go on with. "
                f"Rows that failed are tried again by `campaign retry {campaign_id}`."
            )
        if campaign.state == CampaignState.DRAFT:
            raise ConflictError(
                f"campaign {campaign_id} was not read to its end. Give the `campaign submit` command again."
            )
        _move(installation, campaign_id, CampaignState.RUNNING, "resume", None)
        _work(installation, campaign_id, as_json=as_json)


@click.command("retry")
@click.argument("campaign_id")
@json_option
def retry_command(campaign_id: str, as_json: bool) -> None:
    """Open a new attempt of CAMPAIGN_ID's failed and quarantined rows.

    Rows that could not be spoken need other data: mend the file and submit it as a new campaign.
    """
    with opened() as installation:
        find_campaign(installation, campaign_id)
        with installation.database.write() as connection:
            opened_rows = campaign_rows.reopen_rows(connection, campaign_id)
            if opened_rows:
                campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
                audit.note(connection, "retry", campaign_id, actor=actor(), rows=opened_rows)
        if not opened_rows:
            _, counts = look(installation, campaign_id)
            if not as_json:
                click.echo(
                    f"nothing to retry: {counts.errors} rows failed before any sound was made; they need other data"
                    if counts.errors
                    else "nothing to retry: no row failed"
                )
        elif not as_json:
            click.echo(f"{opened_rows:,} rows are tried again")
        _work(installation, campaign_id, as_json=as_json)


def _move(
    installation: Installation, campaign_id: str, to: CampaignState, action: str, reason: str | None
) -> None:
    find_campaign(installation, campaign_id)
    with installation.database.write() as connection:
        was = campaign_rows.move(connection, campaign_id, to, reason=reason)
        if was != to:
            audit.note(connection, action, campaign_id, actor=actor(), was=was)


def _work(installation: Installation, campaign_id: str, *, as_json: bool) -> None:
    campaign, _ = look(installation, campaign_id)
    if campaign.state == CampaignState.RUNNING:
        if installation.settings.is_embedded:
            with WorkProgress(quiet=as_json) as progress:
                work_until_done(installation, campaign_id, progress.show)
        else:
            ring(installation, campaign.lane)
    campaign = _tell(installation, campaign_id, as_json=as_json)
    if campaign.state == CampaignState.FINISHED_WITH_ERRORS:
        raise click.exceptions.Exit(exits.FINISHED_WITH_ERRORS)


def _tell(installation: Installation, campaign_id: str, *, as_json: bool) -> Campaign:
    campaign, counts = look(installation, campaign_id)
    if as_json:
        print_json(status_document(installation, campaign, counts))
    else:
        finish_line(installation, campaign, counts, is_new=True)
    return campaign

"""`campaign pause | resume | cancel | retry`: small writes that whoever works on the campaign obeys."""

from __future__ import annotations

from collections.abc import Mapping

import click

from campaign.cli.progress import WorkProgress
from campaign.cli.shared import CAMPAIGN_ID, actor, json_option, opened, print_json
from campaign.cli.status import exit_of, finish_line, held_rows, refused_rows, status_document
from campaign.cli.submit import await_start, ring
from campaign.cli.terminal import tell
from campaign.operations import control
from campaign.operations.foreground import look, report_if_due, work_until_done
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from storage.tables import CampaignState

EMPTY: Mapping[str, object] = {}


@click.command("pause")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--reason", default="by hand", show_default=True)
@json_option
def pause_command(campaign_id: CampaignId, reason: str, as_json: bool) -> None:
    """Stop work on CAMPAIGN_ID. When this returns, nothing is claimed and nothing more is stored."""
    with opened() as installation:
        control.pause(installation, campaign_id, reason=reason, actor=actor())
        _tell(installation, campaign_id, as_json=as_json)


@click.command("cancel")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@json_option
def cancel_command(campaign_id: CampaignId, as_json: bool) -> None:
    """End CAMPAIGN_ID. What was delivered stays; cancelling twice is not an error."""
    with opened() as installation:
        control.cancel(installation, campaign_id, actor=actor())
        report_if_due(installation, campaign_id)
        _tell(installation, campaign_id, as_json=as_json)


@click.command("resume")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option(
    "--at",
    metavar="TIME",
    help="Leave a held one held until then: ISO 8601 with an offset, or in its brief's time zone.",
)
@json_option
def resume_command(campaign_id: CampaignId, at: str | None, as_json: bool) -> None:
    """Continue CAMPAIGN_ID: one that was paused, held at submission, or interrupted.

    Rows that failed in sound are tried again by `campaign retry`, those that were refused for their text are mended
    with `campaign amend`.
    """
    with opened() as installation:
        if at is not None:
            control.start_at(installation, campaign_id, at, actor=actor())
            if installation.settings.is_embedded:
                await_start(installation, control.find_campaign(installation, campaign_id))
        else:
            control.resume(installation, campaign_id, actor=actor())
        work_on(installation, campaign_id, as_json=as_json)


@click.command("retry")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@json_option
def retry_command(campaign_id: CampaignId, as_json: bool) -> None:
    """Open a new attempt of CAMPAIGN_ID's rows that failed in sound or were quarantined.

    Rows that were refused for their text need other data: edit rows-to-mend.csv and give it to `campaign amend`. A
    campaign that is paused or was interrupted goes on with `campaign resume`. A file that is held, for it was misheard
    or could not be judged, is for `campaign review`: a retry makes and hears the same file again.
    """
    with opened() as installation:
        held = held_rows(installation, campaign_id)
        opened_rows = control.retry(installation, campaign_id, actor=actor())
        if not opened_rows:
            refused = refused_rows(installation, campaign_id)
            if not as_json:
                tell(
                    f"nothing to retry: {refused:,} rows failed before any sound was made; they need other data"
                    if refused
                    else "nothing to retry: no row failed"
                )
        elif not as_json:
            tell(f"{opened_rows:,} rows are tried again")
            if held:
                tell(
                    f"{held:,} of them are held files: the same file is made and heard again. Judge them by "
                    f"`campaign review {campaign_id}`; those that are rejected there are made otherwise",
                    fg="yellow",
                )
        work_on(installation, campaign_id, as_json=as_json)


def work_on(
    installation: Installation, campaign_id: CampaignId, *, as_json: bool, more: Mapping[str, object] = EMPTY
) -> None:
    """Work on a campaign that runs, here or by ringing for workers; say what became of it, with `more` in the JSON."""
    campaign, _ = look(installation, campaign_id)
    if campaign.state == CampaignState.RUNNING:
        if installation.settings.is_embedded:
            with WorkProgress(quiet=as_json) as progress:
                work_until_done(installation, campaign_id, progress.show)
        else:
            ring(installation, campaign.lane)
    report_if_due(installation, campaign_id)
    campaign = _tell(installation, campaign_id, as_json=as_json, more=more)
    if code := exit_of(campaign):
        raise click.exceptions.Exit(code)


def _tell(
    installation: Installation, campaign_id: CampaignId, *, as_json: bool, more: Mapping[str, object] = EMPTY
) -> Campaign:
    campaign, counts = look(installation, campaign_id)
    if as_json:
        print_json(status_document(installation, campaign, counts) | dict(more))
    else:
        finish_line(installation, campaign, counts, is_new=True)
    return campaign

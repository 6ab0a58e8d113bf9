"""`campaign erase`: a recipient or a campaign forgotten."""

from __future__ import annotations

import click

from campaign.cli import exits
from campaign.cli.shared import CAMPAIGN_ID, actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from storage.names import CampaignId


@click.command("erase")
@click.option("--recipient", help="A person's id as in the recipients file; every campaign forgets it.")
@click.option("--campaign", "campaign_id", type=CAMPAIGN_ID, help="A campaign: all of its recipients.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase_command(recipient: str | None, campaign_id: CampaignId | None, yes: bool, as_json: bool) -> None:
    """Erase texts, fields, ids, every version of the audio, and cached sound that nobody else needs.

    This cannot be undone. A tombstone stays for each row, so that the manifest's totals still verify. Works while the
    campaign runs, too.
    """
    from campaign.operations.erase import erase_campaign, erase_recipient

    if (recipient is None) == (campaign_id is None):
        raise click.UsageError("give either --recipient or --campaign")
    if not yes:
        click.confirm("Erase for good?", abort=True, err=True)
    with opened() as installation:
        if recipient is not None:
            done = erase_recipient(installation, recipient, actor=actor())
        else:
            assert campaign_id is not None
            done = erase_campaign(installation, campaign_id, actor=actor())
    if as_json:
        print_json(done.document)
    else:
        for name, erased in done.campaigns.items():
            tell(
                f"{name}: {erased.rows:,} rows and {erased.versions:,} files erased,"
                f" {erased.utterances:,} utterances forgotten,"
                f" {erased.shared:,} kept for others"
            )
        tell(f"{done.swept.objects:,} object versions removed")
        if done.swept.open:
            tell(
                f"{done.swept.open:,} places are still to be swept; workers do it, or `campaign purge` when due"
                + (f": {done.swept.problem}" if done.swept.problem else ""),
                fg="yellow",
            )
    if done.swept.problem:
        raise click.exceptions.Exit(exits.UNAVAILABLE)

"""`campaign report`: the artefacts of a campaign, made again or printed."""

from __future__ import annotations

import click

from campaign.cli.shared import CAMPAIGN_ID, opened, print_json
from campaign.cli.terminal import data_out, tell
from campaign.operations.control import find_campaign
from campaign.report.publish import publish_report
from storage.names import CampaignId


@click.command("report")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "json", "csv"]),
    default="html",
    show_default=True,
    help="html: write the page and say where it is; json, csv: print.",
)
@click.option(
    "--base-url", help="Where a CDN serves the store, for this list of results; the setting by default."
)
def report_command(campaign_id: CampaignId, form: str, base_url: str | None) -> None:
    """Rewrite the report, manifest and result list of CAMPAIGN_ID as they stand now."""
    with opened() as installation:
        if base_url is not None:
            installation.settings.base_url = base_url
        find_campaign(installation, campaign_id)
        artefacts = publish_report(installation, campaign_id)
        if form == "json":
            print_json(artefacts.document)
        elif form == "csv":
            with artefacts.result_path.open(encoding="utf-8", newline="") as stream:
                out = data_out()
                for line in stream:
                    out.write(line)
        else:
            tell(f"results   {artefacts.result_path}")
            tell(f"manifest  {artefacts.manifest_url}")
            tell(f"report    {artefacts.report_url}")

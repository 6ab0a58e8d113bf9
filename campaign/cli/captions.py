"""`campaign captions`: what a delivered file says, with the time of each word."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli.outputs import OutputFile
from campaign.cli.shared import CAMPAIGN_ID, opened
from campaign.cli.terminal import data_out, tell
from campaign.operations.control import find_campaign
from storage.names import CampaignId

if TYPE_CHECKING:
    from workers.finish.captions import CaptionFormat

FORMATS: tuple[CaptionFormat, ...] = ("vtt", "srt", "json")


@click.command("captions")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.argument("recipient", required=False)
@click.option(
    "--row", type=click.IntRange(min=1), help="In place of RECIPIENT; 1 is the first after the header."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="vtt", show_default=True)
@click.option("-o", "--output", type=OutputFile(), help="A file; without it they are printed.")
def captions_command(
    campaign_id: CampaignId, recipient: str | None, row: int | None, form: CaptionFormat, output: Path | None
) -> None:
    """Write captions of the file that RECIPIENT, an id of the recipients file, has now in CAMPAIGN_ID.

    The words are those that were spoken. Where the engine says when it said each, captions are two lines at most and
    hold the words' times; else each utterance is one caption. They are personal data.
    """
    from campaign.evidence.captions import captions_of, row_of
    from campaign.results.folder import write_whole
    from workers.finish.captions import WRITERS

    if (recipient is None) == (row is None):
        raise click.UsageError("give either RECIPIENT or --row")
    with opened() as installation:
        campaign = find_campaign(installation, campaign_id)
        if row is None:
            row = row_of(installation, campaign, recipient or "")
        file = captions_of(installation, campaign, row)
    text = WRITERS[form](file)
    if output is None:
        out = data_out()
        for line in io.StringIO(text):
            out.write(line)
        return
    write_whole(output, text.encode())
    tell(f"{output}  {len(file.captions)} captions of version {file.version}")

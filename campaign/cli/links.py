"""`campaign links`, `campaign zip`: delivered files handed on."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli.outputs import OutputFile
from campaign.cli.purge import Span
from campaign.cli.shared import CAMPAIGN_ID, opened
from campaign.cli.terminal import data_out, tell
from campaign.operations.control import find_campaign
from storage.names import CampaignId

ROW = click.option("--row", "chosen", multiple=True, type=click.IntRange(min=1), help="Only these rows.")


@click.command("links")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--expires", type=Span(), default="7d", show_default=True, help="7d at most on S3.")
@ROW
@click.option("--out", type=OutputFile(), help="A file to write instead of the screen.")
def links_command(campaign_id: CampaignId, expires: int, chosen: tuple[int, ...], out: Path | None) -> None:
    """A link that expires for every file of CAMPAIGN_ID, as CSV: id, row, url, expires_at. Needs S3.

    Captions beside a file have links of their own. Whoever has a link can fetch that file until it expires; nothing
    else.
    """
    from campaign.results.folder import written_whole
    from campaign.results.links import write_links

    with opened() as installation:
        find_campaign(installation, campaign_id)

        def write(path: Path) -> int:
            with path.open("w", encoding="utf-8", newline="") as stream:
                return write_links(installation, campaign_id, stream, expires_s=expires // 1000, rows=chosen)

        if out is None:
            write_links(installation, campaign_id, data_out(), expires_s=expires // 1000, rows=chosen)
        else:
            tell(f"{written_whole(out, write):,} links in {out}")


@click.command("zip")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--out", type=OutputFile(), help="ID.zip in this folder by default.")
@click.option(
    "--names",
    default="{row:06}",
    show_default=True,
    help="Of the files: {id} {row} {locale} {language} {version} {recipient} {codec}.",
)
@ROW
def zip_command(campaign_id: CampaignId, out: Path | None, names: str, chosen: tuple[int, ...]) -> None:
    """Every file of CAMPAIGN_ID and its captions in one zip, under names of your choice.

    A list in it says which is whose.
    """
    from campaign.results.links import write_zip

    path = out or Path(f"{campaign_id}.zip")
    with opened() as installation:
        find_campaign(installation, campaign_id)
        count = write_zip(installation, campaign_id, path, names=names, rows=chosen)
    tell(f"{count:,} files in {path}")

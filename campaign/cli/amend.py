"""`campaign amend`: mended rows to the campaign that refused them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.control import work_on
from campaign.cli.findings import problems_document, show_problems, show_text_counts, text_counts
from campaign.cli.recipients import ReadAs, opened_file, reading_options
from campaign.cli.shared import CAMPAIGN_ID, actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from storage.names import CampaignId

if TYPE_CHECKING:
    from campaign.submission.amend import Amended


@click.command("amend")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.argument("rows")
@click.option(
    "--suppress",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An opt-out list. Needed where a row gets another id and the campaign has lists of its own.",
)
@reading_options
@click.option("--dry-run", is_flag=True, help="Say what would become of each row; change nothing.")
@json_option
def amend_command(
    campaign_id: CampaignId,
    rows: str,
    suppress: tuple[Path, ...],
    encoding: str,
    delimiter: str,
    sheet: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put mended ROWS in the place of those that CAMPAIGN_ID refused, and make only these.

    ROWS is the campaign's rows-to-mend.csv, edited: it lies in the results folder. Lines may be left out. What is still
    wrong stays refused and comes into a new rows-to-mend.csv; the same file again changes nothing. Rows that failed in
    sound are tried again by `campaign retry`, a paused campaign goes on with `campaign resume`.
    """
    from campaign.operations.control import find_campaign
    from campaign.submission.amend import amend

    with opened() as installation:
        campaign = find_campaign(installation, campaign_id)
        read_as = ReadAs(encoding=encoding, delimiter=delimiter, sheet=sheet)
        with opened_file(rows, read_as, asks=not as_json) as source:
            amended = amend(installation, campaign, source, actor=actor(), suppress=suppress, dry_run=dry_run)
            if not as_json:
                listed = "without --dry-run all are in rows-to-mend.csv" if dry_run else None
                show_problems(amended.tally, f"{source.label}, of the campaign", listed=listed)
                _show(amended, dry_run=dry_run)
                show_text_counts(amended.tally)
            if dry_run:
                if as_json:
                    print_json(_document(amended))
                return
        work_on(
            installation,
            campaign_id,
            as_json=as_json,
            more={"amended": _document(amended)} if as_json else {},
        )


def _show(amended: Amended, *, dry_run: bool) -> None:
    outcomes = dict(amended.tally.by_outcome)
    parts = [
        f"{outcomes.pop('pending', 0):,} rows {'would be' if dry_run else 'are'} made",
        *(
            f"{count:,} {'still refused' if status == 'failed' else status}"
            for status, count in outcomes.items()
        ),
        *([f"{amended.unchanged:,} in already"] if amended.unchanged else []),
    ]
    tell(f"amended          {', '.join(parts)}")
    if amended.put_back:
        cells = ", ".join(f"{count:,} of {column}" for column, count in sorted(amended.put_back.items()))
        tell(f"put back         cells that a spreadsheet had changed: {cells}")
    if amended.refused:
        tell(
            f"refused          {amended.refused:,} rows of the campaign {'would be' if dry_run else 'are'} in "
            "rows-to-mend.csv",
            fg="yellow",
        )


def _document(amended: Amended) -> dict[str, Any]:
    return {
        "rows": dict(amended.tally.by_outcome),
        "in_already": amended.unchanged,
        "put_back": amended.put_back,
        "refused": amended.refused,
        **problems_document(amended.tally),
        **text_counts(amended.tally),
    }

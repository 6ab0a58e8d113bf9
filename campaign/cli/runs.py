"""`campaign runs`: run descriptors exported, shown, compared."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli.outputs import OutputFile, OutputFolder
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
from campaign.cli.terminal import data_out, tell
from campaign.operations.control import find_campaign
from storage.installation import Installation
from storage.names import CampaignId


@click.group("runs")
def runs_command() -> None:
    """Run descriptors: one row for each attempt at one utterance."""


@runs_command.command("export")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--format", "form", type=click.Choice(["tsv", "parquet"]), default="tsv", show_default=True)
@click.option("--out", type=OutputFile(), help="A file; TSV goes to the screen without one.")
@click.option(
    "--aligned",
    type=OutputFolder(),
    help="Instead of a table: a folder to fill with one WAV an asset, sound and readings on one timebase.",
)
@click.option(
    "--row", "chosen", multiple=True, type=click.IntRange(min=1), help="With --aligned: only these rows."
)
def export_command(
    campaign_id: CampaignId, form: str, out: Path | None, aligned: Path | None, chosen: tuple[int, ...]
) -> None:
    """Every run of CAMPAIGN_ID as a table. `campaign schema run` describes the columns."""
    from campaign.evidence.runs import exported, write_runs_parquet, write_runs_tsv
    from campaign.results.folder import written_whole

    with opened() as installation:
        find_campaign(installation, campaign_id)
        if aligned is not None:
            _aligned(installation, campaign_id, aligned, chosen)
            return
        rows = exported(installation, campaign_id)
        if out is None:
            if form == "parquet":
                raise click.UsageError("Parquet is not text: name a file with --out.")
            write_runs_tsv(rows, data_out())
            return

        def write(path: Path) -> int:
            if form == "parquet":
                return write_runs_parquet(rows, path)
            with path.open("w", encoding="utf-8", newline="") as stream:
                return write_runs_tsv(rows, stream)

        count = written_whole(out, write)
    tell(f"{count:,} runs in {out}")


def _aligned(
    installation: Installation, campaign_id: CampaignId, folder: Path, chosen: tuple[int, ...]
) -> None:
    from campaign.evidence.aligned import export_aligned

    count = 0
    for path in export_aligned(installation, campaign_id, folder, rows=chosen):
        tell(str(path))
        count += 1
    tell(f"{count:,} files", err=True)


@runs_command.command("show")
@click.argument("run_id")
def show_run_command(run_id: str) -> None:
    """One run as JSON; the beginning of its id is enough."""
    from campaign.evidence.runs import find_run

    with opened() as installation:
        print_json(find_run(installation, run_id))


@runs_command.command("diff")
@click.argument("first")
@click.argument("second")
@json_option
def diff_command(first: str, second: str, as_json: bool) -> None:
    """What differed between two runs, in plain words: model, reference, settings, queue depth, clocks."""
    from campaign.evidence.runs import find_run, run_differences

    with opened() as installation:
        differences = run_differences(find_run(installation, first), find_run(installation, second))
    if as_json:
        print_json(differences)
        return
    for subject, lines in differences.items():
        tell(subject, bold=True)
        for line in lines:
            tell(f"  {line}")
    if not differences:
        tell("no differences: it is the same run, or an identical one")

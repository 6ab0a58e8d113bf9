"""`campaign rerender`: make again exactly what a bad pin, preset or lexicon made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from campaign.cli import exits
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import CAMPAIGN_ID, actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from storage.names import CampaignId

if TYPE_CHECKING:
    from campaign.rerender.replacement import Replacement
    from campaign.rerender.rerender import Replanned
    from storage.history.origins import DeliveredVersion
    from storage.installation import Installation

SHOWN_ROWS = 20


@click.command("rerender")
@click.option("--pin", help="The pin whose files are made again.")
@click.option("--preset", help="The preset, name@version.")
@click.option("--lexicon", help="The lexicon, name@version.")
@click.option("--with", "new", required=True, help="What takes its place.")
@click.option(
    "--campaign", "campaign_ids", type=CAMPAIGN_ID, multiple=True, help="Only this campaign; may be repeated."
)
@click.option(
    "--dry-run", is_flag=True, help="Show which files and what changes in their words; change nothing."
)
@json_option
def rerender_command(
    pin: str | None,
    preset: str | None,
    lexicon: str | None,
    new: str,
    campaign_ids: tuple[CampaignId, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make again exactly the files that a pin, a preset or a lexicon made, as new versions.

    The old versions stay, with what made them; campaigns that still run keep what they speak with. For a lexicon,
    only the files whose words change are made again.
    """
    from campaign.rerender.replacement import RegistryKind, replacement_of

    given = [(kind, name) for kind, name in zip(RegistryKind, (pin, preset, lexicon), strict=True) if name]
    if len(given) != 1:
        raise click.UsageError("give one of --pin, --preset and --lexicon")
    kind, old = given[0]
    with opened() as installation:
        replacement = replacement_of(installation, kind, old, new)
        make_again(installation, replacement, campaign_ids, dry_run=dry_run, as_json=as_json)


def make_again(
    installation: Installation,
    replacement: Replacement,
    campaign_ids: Sequence[CampaignId],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Plan, work in the foreground where nobody else does, and show the difference."""
    from campaign.operations.foreground import report_if_due, runner
    from campaign.rerender.differences import file_differences
    from campaign.rerender.rerender import rerender

    replans = rerender(installation, replacement, campaign_ids=campaign_ids, dry_run=dry_run, actor=actor())
    planned = [replanned.campaign for replanned in replans if replanned.rows]
    states = []
    if planned and not dry_run:
        with WorkProgress(quiet=as_json) as progress, runner(installation) as working:
            states = [working.finish(campaign_id, progress.show).state for campaign_id in planned]
        for campaign_id in planned:
            report_if_due(installation, campaign_id)
    if as_json:
        print_json(
            {
                "kind": replacement.kind.value,
                "old": replacement.old,
                "new": replacement.new,
                "dry_run": dry_run,
                "campaigns": [_document(replanned) for replanned in replans],
                "files": []
                if dry_run
                else [asdict(difference) for difference in file_differences(installation, replans)],
            }
        )
    else:
        _show(replacement, replans, dry_run=dry_run)
    if "finished_with_errors" in states:
        raise click.exceptions.Exit(exits.FINISHED_WITH_ERRORS)


def _document(replanned: Replanned) -> dict[str, object]:
    return {
        "campaign": replanned.campaign,
        "kept": replanned.kept or None,
        "touched": replanned.touched,
        "made_again": len(replanned.rows),
        "text_changed": [asdict(row) for row in replanned.rows if row.text_changed],
        "lost": [{"row": row, "code": code} for row, code in replanned.lost],
        "utterances": replanned.utterances,
    }


def _show(replacement: Replacement, replans: Sequence[Replanned], *, dry_run: bool) -> None:
    tell(f"{replacement.kind} {replacement.old} -> {replacement.new}", bold=True)
    for replanned in replans:
        if replanned.kept:
            tell(f"{replanned.campaign}: {replanned.touched:,} files stay: {replanned.kept}", fg="yellow")
            continue
        verb = "would be made again" if dry_run else "made again"
        tell(
            f"{replanned.campaign}: {len(replanned.rows):,} of {replanned.touched:,} files {verb},"
            f" {replanned.utterances:,} utterances to make"
        )
        changed = [row for row in replanned.rows if row.text_changed]
        for row in changed[:SHOWN_ROWS]:
            tell(f"  row {row.row}", fg="cyan")
            tell(f"  - {row.before}")
            tell(f"  + {row.after}")
        if len(changed) > SHOWN_ROWS:
            tell(f"  ... and {len(changed) - SHOWN_ROWS} more with other words; --json has all")
        for code, count in Counter(code for _, code in replanned.lost).items():
            tell(f"  {count:,} files stay as they are: {code}", fg="yellow")
    if not replans:
        tell("it made nothing that is current")


def print_impact(delivered: Sequence[DeliveredVersion], *, as_json: bool) -> None:
    """Files by campaign; every one of them with --json."""
    if as_json:
        print_json([asdict(version) for version in delivered])
        return
    files = Counter(version.campaign_id for version in delivered)
    current = Counter(version.campaign_id for version in delivered if version.is_current)
    for campaign_id, count in files.items():
        tell(f"{campaign_id:<40} {count:,} files, {current[campaign_id]:,} of them current")
    tell(f"{len(delivered):,} files in {len(files):,} campaigns; --json lists them")

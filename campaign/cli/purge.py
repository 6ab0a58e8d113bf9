"""`campaign purge`: retention."""

from __future__ import annotations

import re

import click

from campaign.cli import exits
from campaign.cli.shared import actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from storage.names import CampaignId

SPAN_MS = {"h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}


class Span(click.ParamType[int]):
    """`90d`, `12w`, `36h`: as milliseconds."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Fails with how to write it."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"([0-9]{1,5})([hdw])", str(value))
        if match is None:
            self.fail(f"{value!r} is not a span; write 90d, 12w or 36h", param, ctx)
        return int(match[1]) * SPAN_MS[match[2]]


@click.command("purge")
@click.option("--older-than", type=Span(), help="Since a campaign ended: 90d, 12w, 36h.")
@click.option(
    "--previews", type=Span(), help="Previews, and speech over HTTP, that ended that long ago: 24h."
)
@click.option("--orphans", is_flag=True, help="Files that no row names, left by workers that were killed.")
@click.option("--dry-run", is_flag=True, help="Show which campaigns; erase nothing.")
@json_option
def purge_command(
    older_than: int | None, previews: int | None, orphans: bool, dry_run: bool, as_json: bool
) -> None:
    """Erase the recipients of campaigns that ended that long ago, and cached sound of that age;
    previews; orphaned files.

    Locks, run descriptors without texts, totals and tombstones stay. Run it from a timer.
    """
    from campaign.operations.erase import Erasure, collect_orphans, purge, purge_previews

    if older_than is None and previews is None and not orphans:
        raise click.UsageError("give --older-than, --previews or --orphans")
    ended: list[CampaignId] = []
    done = Erasure()
    with opened() as installation:
        if previews is not None:
            ended, done = purge_previews(installation, older_than_ms=previews, actor=actor(), dry_run=dry_run)
        if older_than is not None:
            older, erased = purge(installation, older_than_ms=older_than, actor=actor(), dry_run=dry_run)
            ended += [name for name in older if name not in ended]
            done = Erasure(
                campaigns=done.campaigns | erased.campaigns, swept=done.swept.and_then(erased.swept)
            )
        if orphans and not dry_run:
            done.swept = done.swept.and_then(collect_orphans(installation))
    if as_json:
        print_json({"ended": ended, "dry_run": dry_run, **done.document})
    else:
        for name in ended:
            tell(f"{name} {'would be purged' if dry_run else 'purged'}")
        tell(f"{len(ended):,} campaigns, {done.swept.objects:,} object versions removed")
    if done.swept.problem:
        raise click.exceptions.Exit(exits.UNAVAILABLE)

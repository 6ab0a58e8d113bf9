"""`campaign verify`: whether a campaign's sound can be made again."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

import click

from campaign.cli import exits
from campaign.cli.shared import json_option, opened, print_json
from campaign.operations.control import find_campaign

SHOWN = 20


@click.command("verify")
@click.argument("campaign_id")
@click.option(
    "--sample", default=10, show_default=True, type=click.IntRange(min=1), help="Utterances to say again."
)
@click.option("--seed", default=1, show_default=True, help="Draws another sample.")
@click.option(
    "--device", default="cpu", show_default=True, help="Where the engine runs: cpu, cuda, cuda:1 ..."
)
@click.option(
    "--tolerance-db", default=-40.0, show_default=True, help="Difference over signal that is the same sound."
)
@json_option
def verify_command(
    campaign_id: str, sample: int, seed: int, device: str, tolerance_db: float, as_json: bool
) -> None:
    """Say a sample of CAMPAIGN_ID's utterances again: bit-exact, within tolerance (by how much), or different, and why.

    Nothing is stored or changed. Leaves with 10 when something is different.
    """
    from campaign.evidence.resynthesis import Same, verify_campaign

    with opened() as installation:
        found = verify_campaign(
            installation,
            find_campaign(installation, campaign_id),
            sample=sample,
            device=device,
            tolerance_db=tolerance_db,
            seed=seed,
        )
    counts = Counter(one.same for one in found.compared)
    if as_json:
        print_json(asdict(found) | {"holds": found.holds, "counts": dict(counts)})
    else:
        click.echo(f"{len(found.compared)} of {found.utterances} utterances, on {found.numeric_class}")
        for same in Same:
            if counts[same]:
                colour = "red" if same == Same.DIFFERENT else "green"
                click.secho(f"{counts[same]:>6} {same}", fg=colour)
        for line in found.lock:
            click.secho(f"since it was locked: {line}", fg="yellow")
        for one in [one for one in found.compared if one.same != Same.BIT_EXACT][:SHOWN]:
            number = "" if one.difference_db is None else f"  {one.difference_db:g} dB"
            click.echo(f"  {one.key[:16]}  {one.same}{number}  {'; '.join(one.why)}")
    if not found.holds:
        raise click.exceptions.Exit(exits.UNHEALTHY)

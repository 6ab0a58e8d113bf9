"""`campaign verify`: whether a campaign's sound can be made again."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

import click

from campaign.cli import exits
from campaign.cli.device import device_options, prepare_device
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.operations.control import find_campaign
from storage.names import CampaignId
from workers.engines.options import DeviceOptions

SHOWN = 20


@click.command("verify")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option(
    "--sample", default=10, show_default=True, type=click.IntRange(min=1), help="Utterances to say again."
)
@click.option("--seed", default=1, show_default=True, help="Draws another sample.")
@device_options
@click.option(
    "--tolerance-db", default=-40.0, show_default=True, help="Difference over signal that is the same sound."
)
@json_option
def verify_command(
    campaign_id: CampaignId,
    sample: int,
    seed: int,
    options: DeviceOptions,
    tolerance_db: float,
    as_json: bool,
) -> None:
    """Say a sample of CAMPAIGN_ID's utterances again: bit-exact, within tolerance (by how much), or different, and why.

    Nothing is stored or changed. Exits with 10 when something is different.
    """
    from campaign.evidence.resynthesis import Same, verify_campaign

    with opened() as installation:
        prepare_device(installation.settings, options)
        verification = verify_campaign(
            installation,
            find_campaign(installation, campaign_id),
            sample=sample,
            options=options,
            tolerance_db=tolerance_db,
            seed=seed,
        )
    counts = Counter(utterance.same for utterance in verification.compared)
    if as_json:
        print_json(asdict(verification) | {"holds": verification.holds, "counts": dict(counts)})
    else:
        tell(
            f"{len(verification.compared)} of {verification.utterances} utterances, on {verification.numeric_class}"
        )
        for same in Same:
            if counts[same]:
                colour = "red" if same == Same.DIFFERENT else "green"
                tell(f"{counts[same]:>6} {same}", fg=colour)
        for line in verification.lock:
            tell(f"since it was locked: {line}", fg="yellow")
        for utterance in [
            utterance for utterance in verification.compared if utterance.same != Same.BIT_EXACT
        ][:SHOWN]:
            number = "" if utterance.difference_db is None else f"  {utterance.difference_db:g} dB"
            tell(f"  {utterance.key[:16]}  {utterance.same}{number}  {'; '.join(utterance.why)}")
    if not verification.holds:
        raise click.exceptions.Exit(exits.UNHEALTHY)

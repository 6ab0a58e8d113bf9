"""`campaign warm`: load what a campaign will need before a spike."""

from __future__ import annotations

import click

from campaign.cli.device import device_options, prepare_device
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.operations.control import find_campaign
from storage.names import CampaignId
from workers.engines.options import DeviceOptions


@click.command("warm")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@device_options
@json_option
def warm_command(campaign_id: CampaignId, options: DeviceOptions, as_json: bool) -> None:
    """Load engine, preset, conditioning and finish of CAMPAIGN_ID, and print how long each took.

    Finds what is missing before a spike does, and leaves behind what later workers load in milliseconds.
    """
    from campaign.operations.warm import warm_campaign

    with opened() as installation:
        campaign = find_campaign(installation, campaign_id)
        prepare_device(installation.settings, options)
        done = warm_campaign(installation, campaign, options=options)
    if as_json:
        print_json(
            [{"what": step.what, "seconds": round(step.seconds, 4), "note": step.note} for step in done]
        )
        return
    for step in done:
        tell(f"{step.what:<28} {step.seconds:8.3f} s  {step.note}".rstrip())

"""`campaign webhooks`: who is told of campaigns' states, and what became of it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

import click

from campaign.cli import exits
from campaign.cli.shared import json_option, opened, print_json
from campaign.cli.terminal import tell


@click.group("webhooks")
def webhooks_command() -> None:
    """Who is told when a campaign runs, pauses, ends, or recipients are erased: the setting `webhook_urls`."""


@webhooks_command.command("list")
@json_option
def list_deliveries_command(as_json: bool) -> None:
    """The newest deliveries."""
    from storage.history import events

    with opened() as installation, installation.database.read() as connection:
        deliveries = events.recent(connection)
        urls = installation.settings.webhook_urls
    if as_json:
        print_json({"urls": urls, "deliveries": [asdict(delivery) for delivery in deliveries]})
        return
    for url in urls:
        tell(f"told: {url}")
    for delivery in deliveries:
        tell(
            f"{delivery.kind:<30} {delivery.campaign_id:<30} {delivery.state:<10}"
            f" after {delivery.attempts}  {delivery.problem or ''}"
        )


@webhooks_command.command("deliver")
def deliver_command() -> None:
    """Send what is due now; workers do so by themselves."""
    from workers.outbound.deliveries import deliver_due

    with opened() as installation:
        tell(f"{deliver_due(installation.database, installation.settings):,} delivered")


@webhooks_command.command("retry")
def retry_deliveries_command() -> None:
    """Retry deliveries that wait or were given up."""
    from storage.history import events

    with opened() as installation, installation.database.write() as connection:
        tell(f"{events.try_again(connection):,} are sent again")


@webhooks_command.command("test")
def test_command() -> None:
    """Send a test message to every URL and say what it answered."""
    from workers.outbound.attempt import WebhookError
    from workers.outbound.webhooks import post

    failed = False
    with opened() as installation:
        if not installation.settings.webhook_urls:
            raise click.UsageError("webhook_urls is empty: there is nobody to tell")
        body = json.dumps({"type": "campaign.test", "data": {}}).encode()
        for url in installation.settings.webhook_urls:
            try:
                status, answer = post(url, f"msg_test_{time.time_ns()}", body, installation.settings)
            except WebhookError as exc:
                failed = True
                tell(f"{url}: {exc}", fg="red")
            else:
                failed = failed or not 200 <= status < 300
                tell(f"{url}: {status} {answer}")
    if failed:
        raise click.exceptions.Exit(exits.UNHEALTHY)


@webhooks_command.command("secret")
def secret_command() -> None:
    """The secret that receivers check signatures with: give it to them and to nobody else."""
    from workers.outbound.webhooks import signing_secret

    with opened() as installation:
        tell(signing_secret(installation.settings))

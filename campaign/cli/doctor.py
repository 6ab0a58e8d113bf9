"""`campaign doctor`: what is installed, what is reachable, what to mend."""

from __future__ import annotations

import click

from campaign.cli import exits
from campaign.cli.shared import json_option, opened, print_json
from campaign.operations.doctor import HealthFinding, examine


@click.command("doctor")
@json_option
def doctor_command(as_json: bool) -> None:
    """Versions, database, doorbell, store, engines and GPU: what is well, and what to mend. Writes nothing lasting."""
    with opened() as installation:
        findings = examine(installation)
    if as_json:
        print_json(
            [{"what": one.what, "level": one.level, "found": one.found, "mend": one.mend} for one in findings]
        )
    else:
        for one in findings:
            _show(one)
    if any(one.level == "bad" for one in findings):
        raise click.exceptions.Exit(exits.UNHEALTHY)


def _show(one: HealthFinding) -> None:
    mark, colour = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}[one.level]
    click.secho(mark, fg=colour, nl=False)
    click.echo(f" {one.what:<12} {one.found}")
    if one.mend:
        click.echo(f"                  {one.mend}")

"""`campaign doctor`: what is installed, what is reachable, what to fix."""

from __future__ import annotations

import click

from campaign.cli import exits
from campaign.cli.shared import json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.operations.doctor import examine, unset
from campaign.operations.finding import HealthFinding
from storage.errors import HomeError


@click.command("doctor")
@json_option
def doctor_command(as_json: bool) -> None:
    """Versions, database, doorbell, store, engines and GPU: what works and what to fix. Writes nothing lasting."""
    try:
        with opened() as installation:
            findings = examine(installation)
    except (click.UsageError, HomeError) as exc:
        findings = [unset(exc.format_message() if isinstance(exc, click.UsageError) else str(exc))]
    if as_json:
        print_json(
            [
                {"what": finding.what, "level": finding.level, "found": finding.found, "mend": finding.mend}
                for finding in findings
            ]
        )
    else:
        for finding in findings:
            _show(finding)
    if any(finding.level == "bad" for finding in findings):
        raise click.exceptions.Exit(exits.UNHEALTHY)


def _show(finding: HealthFinding) -> None:
    mark, colour = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}[
        finding.level
    ]
    tell(mark, fg=colour, nl=False)
    tell(f" {finding.what:<12} {finding.found}")
    if finding.mend:
        tell(f"                  {finding.mend}")

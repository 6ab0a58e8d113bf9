"""`campaign marks`: what can be set here, and test certificates."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.cli import exits
from campaign.cli.outputs import OutputFolder
from campaign.cli.shared import opened
from campaign.cli.terminal import tell


@click.group("marks")
def marks_command() -> None:
    """Marks that say that sound is synthetic: `marks = ["c2pa"]` in a brief's [finish]."""


@marks_command.command("check")
def check_command() -> None:
    """Whether C2PA and a watermark can be set here, and what to fix. Exits with 10 when C2PA cannot."""
    from workers.finish.marks import C2PA, WATERMARK
    from workers.permission.marking import marker_of

    with opened() as installation:
        marker = marker_of(installation.settings)
    problems = {mark: marker.problem((mark,), codec="mp3", rate_hz=24_000) for mark in (C2PA, WATERMARK)}
    for mark, problem in problems.items():
        tell(f"{mark:<10}", bold=True, nl=False)
        tell(problem or "can be set and read back")
    if problems[C2PA]:
        raise click.exceptions.Exit(exits.UNHEALTHY)


@marks_command.command("test-certificate")
@click.option("--out", type=OutputFolder(), default=Path(), show_default=True)
@click.option("--days", type=click.IntRange(1, 900), default=90, show_default=True)
def test_certificate_command(out: Path, days: int) -> None:
    """A certificate that nobody trusts, to try C2PA with; production needs one of your own."""
    from campaign.evidence.certificates import write_test_certificate

    certificate, key = write_test_certificate(out, days=days)
    tell(f"export CAMPAIGN_C2PA_CERTIFICATE_FILE={certificate.absolute()}")
    tell(f"export CAMPAIGN_C2PA_PRIVATE_KEY_FILE={key.absolute()}")

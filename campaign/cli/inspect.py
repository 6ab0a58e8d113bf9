"""`campaign inspect`: what a delivered file says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from campaign.cli import exits
from campaign.cli.shared import json_option, print_json
from campaign.cli.terminal import tell


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def inspect_command(file: Path, as_json: bool) -> None:
    """Print the descriptor that FILE carries and check its sound against it.

    Needs nothing but the file. Exits with 10 when something does not match.
    """
    from campaign.evidence.inspect import inspect_file

    inspection = inspect_file(file)
    if as_json:
        print_json(inspection.document)
    else:
        _show(inspection.document)
    if inspection.changed:
        raise click.exceptions.Exit(exits.UNHEALTHY)


def _show(document: dict[str, Any]) -> None:
    described = document["descriptor"]
    if described is not None:
        sound, finish = described["sound"], described["finish"]
        tell(f"campaign    {described['campaign']}, version {described['version']}")
        tell(f"recipient   {described['recipient']}")
        tell(f"preset      {_told(described, 'preset', 'label')}")
        tell(f"pin         {_told(described, 'pin', 'id')}  {_told(described, 'pin', 'digest')[:16]}")
        tell(
            f"sound       {sound['samples'] / sound['rate_hz']:.2f} s, {sound['rate_hz']} Hz, {finish['codec']}, "
            f"{_level(finish['loudness_lufs'])}"
        )
        if document["c2pa"]:
            tell("c2pa        signed, and it holds")
        for place, run in zip(described["timebase"], _runs_in_order(document), strict=True):
            tell(
                f"  at {place['first_sample'] / sound['rate_hz']:7.2f} s  run {run['run_id']}  "
                f"{_told(run, 'engine')} {_told(run, 'engine_version')}, seed {_told(run, 'seed')}, "
                f"queue {_told(run, 'queue_depth')}"
            )
            if words := place.get("words"):
                starts = " ".join(f"{word['first_sample'] / sound['rate_hz']:.2f}" for word in words)
                tell(f"     {len(words)} words at {starts} s")
    for line in document["changed"]:
        tell("changed     ", fg="red", nl=False)
        tell(line)
    if document["matches"]:
        tell("the sound is the one described", fg="green")


def _told(document: object, *keys: str) -> str:
    """What stands there; a dash where nothing does."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return "-" if document is None else str(document)


def _level(loudness_lufs: float | None) -> str:
    return "too short for a loudness" if loudness_lufs is None else f"{loudness_lufs:.1f} LUFS"


def _runs_in_order(document: dict[str, Any]) -> list[dict[str, Any]]:
    by_id = {run["run_id"]: run for run in document["runs"]}
    return [by_id[place["run_id"]] for place in document["descriptor"]["timebase"]]

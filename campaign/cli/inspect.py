"""`campaign inspect`: what a delivered file says about itself, and when it says a word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli import exits
from campaign.cli.shared import json_option, opened, print_json
from campaign.cli.terminal import tell

if TYPE_CHECKING:
    from campaign.evidence.inspect import Inspection


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--word", help="Print from when to when this is said: a word, words that follow each other, or a column."
)
@json_option
def inspect_command(file: Path, word: str | None, as_json: bool) -> None:
    """Print the descriptor that FILE carries and check its sound against it.

    Needs nothing but the file. Exits with 10 when something does not match.

    With --word it prints every moment at which the file says that, in milliseconds. The text is not in the file: this
    needs the installation that made it, and an engine that told when it said each word.
    """
    from campaign.evidence.inspect import inspect_file

    inspection = inspect_file(file)
    if word is not None:
        document = _occurrences(inspection, word)
        if as_json:
            print_json(document)
        else:
            _show_occurrences(document)
    elif as_json:
        print_json(inspection.document)
    else:
        _show(inspection.document)
    if inspection.changed:
        raise click.exceptions.Exit(exits.UNHEALTHY)


def _occurrences(inspection: Inspection, word: str) -> dict[str, Any]:
    from campaign.evidence.occurrences import find_word

    with opened() as installation:
        sought = find_word(installation, inspection.read, word)
    return sought.document | {"matches": not inspection.changed, "changed": list(inspection.changed)}


def _show_occurrences(document: dict[str, Any]) -> None:
    tell(f"{document['campaign']}, row {document['row']}, version {document['version']}", bold=True)
    for one in document["occurrences"]:
        about = "" if one["is_timed"] else "  (its whole sentence: its words have no times)"
        tell(f"  {one['from_ms']:>7} to {one['to_ms']:>7} ms  {one['found_as']:<6}  {one['text']}{about}")
    _show_changed(document)


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
    _show_changed(document)
    if document["matches"]:
        tell("the sound is the one described", fg="green")


def _show_changed(document: dict[str, Any]) -> None:
    for line in document["changed"]:
        tell("changed     ", fg="red", nl=False)
        tell(line)


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

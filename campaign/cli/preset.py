"""`campaign preset`: frozen speakers."""

from __future__ import annotations

from typing import Any

import click

from campaign.cli.shared import json_option, opened, print_json
from campaign.registry import find_preset, install_shipped
from storage import presets as preset_rows
from storage.presets import Preset


@click.group("preset")
def preset_command() -> None:
    """Frozen speakers."""


@preset_command.command("list")
@json_option
def list_presets(as_json: bool) -> None:
    """Every version of every preset."""
    with opened() as installation, installation.database.write() as connection:
        install_shipped(connection)
        found = preset_rows.all_presets(connection)
    if as_json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.label:<32} {', '.join(sorted(one.parameters))}")


@preset_command.command("show")
@click.argument("label")
@json_option
def show_preset(label: str, as_json: bool) -> None:
    """One preset, LABEL is name@version or name for the newest."""
    with opened() as installation, installation.database.write() as connection:
        install_shipped(connection)
        preset = find_preset(connection, label)
        records = preset_rows.records(connection, preset)
    document = _document(preset) | {
        "records": [
            {"kind": one.kind, "body": dict(one.body), "actor": one.actor, "t_ms": one.t_ms}
            for one in records
        ]
    }
    if as_json:
        print_json(document)
        return
    for key, value in document.items():
        click.echo(f"{key:<14} {value}")


def _document(preset: Preset) -> dict[str, Any]:
    return {
        "preset": preset.label,
        "engines": dict(preset.parameters),
        "sound_digests": dict(preset.sound_digests),
        "transcript": preset.transcript,
        "reference_sha256": preset.reference_sha256,
        "provenance": dict(preset.provenance),
    }

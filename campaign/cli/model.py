"""`campaign model`: pinned models."""

from __future__ import annotations

from typing import Any

import click

from campaign.cli.shared import json_option, opened, print_json
from campaign.errors import NotFoundError
from campaign.registry import install_shipped
from storage import pins as pin_rows
from storage.pins import Pin


@click.group("model")
def model_command() -> None:
    """Pinned models: which weights make sound."""


@model_command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Every pin."""
    with opened() as installation, installation.database.write() as connection:
        install_shipped(connection)
        found = pin_rows.all_pins(connection)
    if as_json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id:<24} {one.engine:<10} {one.licence:<20} {one.repo or one.location or ''}")


@model_command.command("show")
@click.argument("name")
@json_option
def show_model(name: str, as_json: bool) -> None:
    """One pin; NAME is a pin's or a channel's."""
    with opened() as installation, installation.database.write() as connection:
        install_shipped(connection)
        pin = pin_rows.resolve(connection, name)
    if pin is None:
        raise NotFoundError(
            f"there is no pin or channel {name!r}. `campaign model list` shows those there are."
        )
    document = _document(pin)
    if as_json:
        print_json(document)
        return
    for key, value in document.items():
        click.echo(f"{key:<14} {value}")


def _document(pin: Pin) -> dict[str, Any]:
    return {
        "pin": pin.id,
        "digest": pin.digest,
        "engine": pin.engine,
        "repo": pin.repo,
        "revision": pin.revision,
        "licence": pin.licence,
        "purposes": list(pin.purposes),
        "capabilities": dict(pin.capabilities),
        "files": dict(pin.files),
    }

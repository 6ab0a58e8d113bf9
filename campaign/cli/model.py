"""`campaign model`: pinned models."""

from __future__ import annotations

import click

from campaign.cli import exits
from campaign.cli.channel import history_command, pin_impact_command, promote_command, rollback_command
from campaign.cli.shared import actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.cli.weights import add_command, connect_command, convert_command, described_pin, pull_command
from campaign.errors import NotFoundError
from storage.registry import pins as pin_rows


@click.group("model")
def model_command() -> None:
    """Pinned models: which weights make sound."""


for _command in (
    *(add_command, pull_command, connect_command, convert_command),
    *(promote_command, rollback_command, history_command, pin_impact_command),
):
    model_command.add_command(_command)


@model_command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Every pin."""
    with opened() as installation, installation.database.read() as connection:
        pins = pin_rows.all_pins(connection)
    if as_json:
        print_json([described_pin(pin) for pin in pins])
        return
    for pin in pins:
        place = pin.repo or pin.location or (pin.endpoint or {}).get("url", "")
        tell(
            f"{pin.id:<24} {pin.engine:<10} {pin.licence:<20} {place}{'' if pin.is_identified else '  unpinned'}"
        )


@model_command.command("show")
@click.argument("name")
@json_option
def show_model(name: str, as_json: bool) -> None:
    """One pin; NAME is a pin's or a channel's."""
    with opened() as installation, installation.database.read() as connection:
        pin = pin_rows.resolve(connection, name)
    if pin is None:
        raise NotFoundError(
            f"there is no pin or channel {name!r}. `campaign model list` shows those that exist."
        )
    document = described_pin(pin)
    if as_json:
        print_json(document)
        return
    for key, value in document.items():
        tell(f"{key:<14} {value}")


@model_command.command("verify")
@click.argument("name")
@json_option
def verify_model_command(name: str, as_json: bool) -> None:
    """Digest every file of NAME, a pin or a channel, again and compare; ask a server again. Changes nothing."""
    from campaign.registry.pins import verify_model

    with opened() as installation:
        pin, findings = verify_model(installation, name)
    good = all(finding.holds for finding in findings)
    if as_json:
        files = [
            {"path": finding.path, "holds": finding.holds, "found": finding.found} for finding in findings
        ]
        print_json({"pin": pin.id, "holds": good, "files": files})
    else:
        for finding in findings:
            tell(f"{'good' if finding.holds else 'CHANGED':<8} {finding.path:<40} {finding.found}")
        if not findings:
            tell(f"{pin.id} comes with its engine: there are no files of its own")
        if not good:
            tell(
                f"{pin.id} is not what was pinned: restore its files or pin them under a new name.", err=True
            )
    if not good:
        raise click.exceptions.Exit(exits.UNHEALTHY)


@model_command.command("remove")
@click.argument("name")
def remove_model_command(name: str) -> None:
    """Forget the pin NAME, if nothing was ever made with it."""
    from campaign.registry.pins import remove_model

    with opened() as installation:
        remove_model(installation, name, actor=actor())
    tell(f"{name}: forgotten; its files are where they were")

"""`campaign key add | list | revoke`: who may call the service."""

from __future__ import annotations

from dataclasses import asdict

import click

from campaign.cli.shared import KEY_NAME, actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.errors import ConflictError, NotFoundError
from storage.history import audit
from storage.names import KeyName
from storage.service import api_keys

SCOPES = ("read", "submit", "send", "promote", "erase", "suppress")


@click.group("key")
def key_command() -> None:
    """Keys of the service's callers."""


@key_command.command("add")
@click.argument("name", type=KEY_NAME)
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="What it may do."
)
@json_option
def add_key_command(name: KeyName, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make a key called NAME. It is shown once and kept nowhere."""
    with opened() as installation, installation.database.write() as connection:
        if any(key.name == name for key in api_keys.all_keys(connection)):
            raise ConflictError(f"there is a key {name}, perhaps a revoked one. Choose another name.")
        token = api_keys.add(connection, name, scopes, actor=actor())
        audit.note(connection, "key.add", name, actor=actor(), scopes=sorted(scopes))
    if as_json:
        print_json({"name": name, "scopes": sorted(scopes), "token": token})
    else:
        tell(token)


@key_command.command("list")
@json_option
def list_keys(as_json: bool) -> None:
    """All keys, without their tokens."""
    with opened() as installation, installation.database.read() as connection:
        keys = api_keys.all_keys(connection)
    if as_json:
        print_json([asdict(key) for key in keys])
        return
    for key in keys:
        state = "revoked" if key.t_revoked_ms is not None else ", ".join(key.scopes)
        tell(f"{key.name:<24} {state:<40} made by {key.actor}")


@key_command.command("revoke")
@click.argument("name")
def revoke_key_command(name: str) -> None:
    """End the key called NAME; within two seconds it lets nobody in."""
    with opened() as installation, installation.database.write() as connection:
        if not api_keys.revoke(connection, KeyName.kept(name)):
            raise NotFoundError(f"there is no key {name}. `campaign key list` shows those that exist.")
        audit.note(connection, "key.revoke", name, actor=actor())

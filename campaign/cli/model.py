"""`campaign model`: pinned models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from campaign.cli import exits
from campaign.cli.channel import history_command, impact_command, promote_command, rollback_command
from campaign.cli.shared import actor, json_option, opened, print_json
from campaign.errors import NotFoundError
from campaign.registry import install_shipped
from storage import pins as pin_rows
from storage.pins import Pin


@click.group("model")
def model_command() -> None:
    """Pinned models: which weights make sound."""


for _command in (promote_command, rollback_command, history_command, impact_command):
    model_command.add_command(_command)


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


@model_command.command("add")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--as", "name", required=True, help="The pin's name, for good.")
@click.option("--engine", required=True, help="The engine whose weights these are: f5 ...")
@click.option("--licence", required=True, help="Of the weights: CC-BY-NC-4.0 ...")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    required=True,
    help="What the licence permits; may be given again.",
)
@click.option("--lang", "languages", multiple=True, help="A language it was trained on; may be given again.")
@click.option("--repo", default="", help="Where the weights come from.")
@click.option("--revision", default="", help="The commit they come from.")
@json_option
def add_model_command(
    folder: Path,
    name: str,
    engine: str,
    licence: str,
    purposes: tuple[str, ...],
    languages: tuple[str, ...],
    repo: str,
    revision: str,
    as_json: bool,
) -> None:
    """Pin the weights in FOLDER: every file's digest, the licence, what they can do.

    safetensors only: pickled weights are refused unread.
    """
    from campaign.models import NewModel, add_model

    asked = NewModel(
        name=name,
        engine=engine,
        folder=folder,
        licence=licence,
        purposes=purposes,
        languages=languages,
        repo=repo,
        revision=revision,
    )
    with opened() as installation:
        pin, is_new = add_model(installation, asked, actor=actor())
    if as_json:
        print_json(_document(pin) | {"is_new": is_new})
    else:
        click.echo(
            f"{pin.id}  {'added' if is_new else 'was there already'}: {len(pin.files)} files, {pin.licence}"
        )


@model_command.command("verify")
@click.argument("name")
@json_option
def verify_model_command(name: str, as_json: bool) -> None:
    """Digest every file of NAME, a pin or a channel, again and compare; changes nothing."""
    from campaign.models import verify_model

    with opened() as installation:
        pin, findings = verify_model(installation, name)
    good = all(one.holds for one in findings)
    if as_json:
        files = [{"path": one.path, "holds": one.holds, "found": one.found} for one in findings]
        print_json({"pin": pin.id, "holds": good, "files": files})
    else:
        for one in findings:
            click.echo(f"{'good' if one.holds else 'CHANGED':<8} {one.path:<40} {one.found}")
        if not findings:
            click.echo(f"{pin.id} comes with its engine: there are no files of its own")
        if not good:
            click.echo(
                f"{pin.id} is not what was pinned: restore its files or pin them under a new name.", err=True
            )
    if not good:
        raise click.exceptions.Exit(exits.UNHEALTHY)


@model_command.command("remove")
@click.argument("name")
def remove_model_command(name: str) -> None:
    """Forget the pin NAME, if nothing was ever made with it."""
    from campaign.models import remove_model

    with opened() as installation:
        remove_model(installation, name, actor=actor())
    click.echo(f"{name}: forgotten; its files are where they were")


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
        "vocoder": None if pin.vocoder is None else dict(pin.vocoder),
        "vocabulary_sha256": pin.vocabulary_sha256,
        "location": pin.location,
    }

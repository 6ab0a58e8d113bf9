"""`campaign schema`: JSON schemas of what people write and of what is made."""

from __future__ import annotations

import click

from campaign.cli.terminal import tell_data

SCHEMAS = (
    "brief",
    "consent",
    "rule",
    "espeak-preset",
    "kokoro-preset",
    "f5-preset",
    "pocket-preset",
    "descriptor",
    "run",
    "report",
)


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMAS))
def schema_command(name: str) -> None:
    """The JSON schema NAME: of a table that people write, or of a document that is made."""
    from storage.resources import data_folder

    tell_data((data_folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"), nl=False)

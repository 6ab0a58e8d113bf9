"""`campaign init`: a first brief from a recipients file."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from campaign.cli.recipients import ReadAs, opened_file, reading_options
from campaign.cli.shared import json_option, print_json, read_settings
from campaign.cli.terminal import tell


@click.command("init")
@click.argument("recipients")
@click.option(
    "--brief", type=click.Path(path_type=Path), help="Where to write; by default campaign.toml beside it."
)
@reading_options
@click.option("--force", is_flag=True, help="Write over a brief that is there.")
@json_option
def init_command(
    recipients: str,
    brief: Path | None,
    encoding: str,
    delimiter: str,
    sheet: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write a commented campaign.toml for RECIPIENTS that submits as it stands.

    Columns with one reading are declared; one that could be read in two ways stands in a comment with both, as does
    what [defaults] of settings.toml gives every brief.
    """
    from campaign.errors import BriefError
    from campaign.preview.new_brief import new_brief
    from campaign.results.folder import write_whole
    from storage.resources import data_folder

    if recipients == "-":
        raise click.UsageError("a brief is written beside a file: name one in place of -")
    place = brief or Path(recipients).parent / "campaign.toml"
    if place.exists() and not force:
        raise BriefError(
            f"{place} is there already. Name another with --brief, or write over it with --force."
        )
    defaults = read_settings().defaults
    schema = (data_folder("schemas") / "brief.schema.json").as_uri()
    read_as = ReadAs(encoding=encoding, delimiter=delimiter, sheet=sheet)
    with opened_file(recipients, read_as) as source:
        made = new_brief(source, schema=schema, defaults=defaults)
    write_whole(place, made.toml)
    if as_json:
        print_json(
            {
                "brief": str(place),
                "id_column": made.id_column,
                "languages": list(made.languages),
                "notes": list(made.notes),
            }
        )
        return
    tell(f"brief            {place}")
    tell(f"rows by          {made.id_column}")
    tell(f"languages        {', '.join(made.languages)}")
    for note in made.notes:
        tell("look             ", fg="yellow", nl=False)
        tell(note)
    said = ["campaign", "submit", recipients, *(["--brief", str(brief)] if brief else [])]
    said += read_as.arguments
    tell(f"next             {shlex.join([*said, '--dry-run'])}")

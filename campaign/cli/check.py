"""`campaign check`: what a recipients file holds, and whether it fits the brief, before anything is asked of it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli.recipients import ReadAs, opened_file, reading_options
from campaign.cli.shared import json_option, opened, print_json, read_settings
from campaign.cli.submit import beside, fetcher
from campaign.cli.terminal import tell

if TYPE_CHECKING:
    from campaign.preview.check import Check, CheckedColumn

BAR = 10
"""Characters that stand for all rows."""
FAULTY = 3
COLUMNS_SHOWN = 40


@click.command("check")
@click.argument("recipients")
@click.option("--brief", type=click.Path(path_type=Path), help="By default campaign.toml beside the file.")
@click.option("--template", type=click.Path(path_type=Path), help="One template for every locale.")
@click.option("--id-column", help="The column that says who a row is.")
@click.option("--locale-column", help="The column with a row's language; '' for none.")
@reading_options
@json_option
def check_command(
    recipients: str,
    brief: Path | None,
    template: Path | None,
    id_column: str | None,
    locale_column: str | None,
    encoding: str,
    delimiter: str,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Show what RECIPIENTS holds: its columns, their types, languages, examples and risks.

    Held against a brief or template, where there is one: whatever would stop a submit before its first row is told.
    """
    from campaign.brief import Overrides, load_brief
    from campaign.preview.check import check_file

    read_as = ReadAs(encoding=encoding, delimiter=delimiter, sheet=sheet)
    place = brief or beside(recipients)
    overrides = Overrides(template=template, id_column=id_column, locale_column=locale_column)
    loaded = None
    if place is not None or template is not None:
        loaded = load_brief(place, overrides, defaults=read_settings().defaults)
    if recipients.startswith("s3://"):
        with (
            opened() as installation,
            opened_file(recipients, read_as, fetch=fetcher(installation)) as source,
        ):
            seen = check_file(source, loaded)
    else:
        with opened_file(recipients, read_as) as source:
            seen = check_file(source, loaded)
    if as_json:
        print_json(seen.document)
    else:
        _show(seen)
        said = (
            ("--brief", brief),
            ("--template", template),
            ("--id-column", id_column),
            ("--locale-column", locale_column),
        )
        options = [part for option, value in said if value is not None for part in (option, str(value))]
        _show_next(seen, [recipients, *options, *read_as.arguments], has_brief=loaded is not None)
    if seen.faults:
        raise click.exceptions.Exit(FAULTY)


def _show(seen: Check) -> None:
    tell(f"{seen.file}: {seen.found}")
    tell(f"{seen.rows:,} rows", bold=True)
    wide = min(30, max((len(column.name) for column in seen.columns), default=0))
    first = sorted(seen.columns, key=lambda column: not (column.role or column.called))
    for column in first[:COLUMNS_SHOWN]:
        _show_column(column, seen.rows, wide)
    if len(first) > COLUMNS_SHOWN:
        tell(f"  and {len(first) - COLUMNS_SHOWN:,} more")
    if seen.languages:
        counted = (f"{count:,} {language or '(none)'}" for language, count in seen.languages.items())
        tell(f"languages  {', '.join(counted)}")
    for fault in seen.faults:
        tell("stops     ", fg="red", nl=False)
        tell(f" {fault}")
    for risk in seen.risks:
        tell("risk      ", fg="yellow", nl=False)
        tell(f" {risk}")
    asked = (
        column for column in seen.columns if len(column.types) > 1 and not column.role and not column.declared
    )
    for column in asked:
        tell("look      ", fg="yellow", nl=False)
        tell(f" {column.name} can be read as {' or '.join(column.types)}: say which in [columns] of a brief")
    for note in seen.notes:
        tell("look      ", fg="yellow", nl=False)
        tell(f" {note}")


def _show_column(column: CheckedColumn, rows: int, wide: int) -> None:
    bar = "█" * round(BAR * column.filled / max(1, rows))
    kind = column.role or column.declared or " or ".join(column.types) or "text"
    called = f"  as {column.called}" if column.called not in ("", column.name) else ""
    name = column.name if len(column.name) <= wide else f"{column.name[: wide - 1]}…"
    tell(f"  {name:<{wide}}  {bar:<{BAR}}  {kind:<12}  {column.example}{called}")


def _show_next(seen: Check, arguments: list[str], *, has_brief: bool) -> None:
    if seen.faults:
        return
    command = (
        ["campaign", "submit", *arguments, "--dry-run"] if has_brief else ["campaign", "init", *arguments]
    )
    tell(f"next       {shlex.join(command)}")

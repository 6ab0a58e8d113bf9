"""`campaign suppression`: who no campaign of this installation speaks to."""

from __future__ import annotations

import time
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli.outputs import OutputFile
from campaign.cli.shared import actor, json_option, opened, print_json
from campaign.cli.terminal import tell

if TYPE_CHECKING:
    from campaign.operations.suppression import SuppressionAdded

hashed_option = click.option(
    "--hashed", is_flag=True, help="Keep a keyed hash in place of the ids; `list` shows no ids then."
)
why_option = click.option("--why", default="", help="What was said, for the log.")


@click.group("suppression")
def suppression_command() -> None:
    """Opt-outs that every campaign obeys, now and while it runs.

    Ids are compared as people mean them: 17 is 0017, case, hyphens and Unicode form say nothing.
    """


@suppression_command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--column", default="id", show_default=True, help="The column with the ids.")
@click.option("--encoding", default="", help="By default UTF-8, or what the file's mark says.")
@hashed_option
@json_option
def import_command(file: Path, column: str, encoding: str, hashed: bool, as_json: bool) -> None:
    """Add everybody of FILE: CSV with any separator, JSON Lines, or one id a line."""
    from campaign.operations.suppression import import_list

    with opened() as installation:
        done = import_list(
            installation, file, id_column=column, encoding=encoding, actor=actor(), hashed=hashed
        )
    _show(done, as_json=as_json)


@suppression_command.command("add")
@click.argument("ids", nargs=-1, required=True)
@why_option
@hashed_option
@json_option
def add_command(ids: tuple[str, ...], why: str, hashed: bool, as_json: bool) -> None:
    """Add persons by their IDS. From the answer on nothing is delivered to them."""
    from campaign.operations.suppression import add_persons

    with opened() as installation:
        done = add_persons(installation, ids, source=why or "command line", actor=actor(), hashed=hashed)
    _show(done, as_json=as_json)


def _show(done: SuppressionAdded, *, as_json: bool) -> None:
    if as_json:
        print_json(done.document)
        return
    known = done.lines - done.added
    tell(f"{done.lines:,} ids: {done.added:,} added" + (f", {known:,} were there" if known else ""))
    for campaign_id, rows in sorted(done.stopped.items()):
        tell(f"{campaign_id}: {rows:,} rows stopped")
    if done.delivered:
        tell(f"{done.delivered:,} files were delivered to them before and stay", fg="yellow")


@suppression_command.command("remove")
@click.argument("ids", nargs=-1, required=True)
@why_option
@json_option
def remove_command(ids: tuple[str, ...], why: str, as_json: bool) -> None:
    """Take persons off the list by their IDS. Rows that were stopped stay so; later campaigns may call."""
    from campaign.operations.suppression import remove_persons

    with opened() as installation:
        given, removed = remove_persons(installation, ids, source=why or "command line", actor=actor())
    if as_json:
        print_json({"lines": given, "removed": removed})
    else:
        tell(f"{removed:,} removed" + (f", {given - removed:,} were not there" if given > removed else ""))


@suppression_command.command("check")
@click.argument("person_id", metavar="ID")
@json_option
def check_command(person_id: str, as_json: bool) -> None:
    """Whether ID is on the list; leaves with 1 when not."""
    from campaign.operations.suppression import is_suppressed

    with opened() as installation:
        is_out = is_suppressed(installation, person_id)
    if as_json:
        print_json({"suppressed": is_out})
    else:
        tell("on the list: nobody speaks to them" if is_out else "not on the list")
    if not is_out:
        raise click.exceptions.Exit(1)


@suppression_command.command("list")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(min=0), help="0 for all.")
@json_option
def list_command(limit: int, as_json: bool) -> None:
    """Who is on the list, with who said so and when."""
    from campaign.operations.suppression import everybody

    with opened() as installation:
        from storage.queue import suppressions

        with installation.database.read() as connection:
            total = suppressions.count(connection)
        shown = islice(everybody(installation), limit or None)
        if as_json:
            print_json([asdict(one) for one in shown])
            return
        for one in shown:
            tell(f"{one.external_id or one.person:<34} {_clock(one.t_ms)}  {one.actor:<16} {one.source}")
    tell(f"{total:,} persons" + (f", {limit:,} shown" if limit and total > limit else ""))


@suppression_command.command("export")
@click.argument("file", type=OutputFile())
def export_command(file: Path) -> None:
    """Write the whole list to FILE as CSV."""
    from campaign.operations.suppression import export

    with opened() as installation:
        count = export(installation, file)
    tell(f"{count:,} persons in {file}")


@suppression_command.command("log")
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(min=1), help="The newest so many."
)
@json_option
def log_command(limit: int, as_json: bool) -> None:
    """What was done to the list, by whom and when; nothing of it is ever changed."""
    from storage.queue import suppressions

    with opened() as installation, installation.database.read() as connection:
        changes = suppressions.newest(connection, limit=limit)
    if as_json:
        print_json([asdict(one) for one in changes])
        return
    for one in changes:
        tell(
            f"{_clock(one.t_ms)}  {one.change:<8} {one.external_id or one.person:<34} {one.actor:<16} {one.source}"
        )


def _clock(time_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(time_ms / 1000))

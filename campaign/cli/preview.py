"""`campaign preview`: make and play back chosen rows exactly as they will be sent."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click

from campaign.brief import Overrides, load_brief
from campaign.cli.outputs import OutputFolder
from campaign.cli.progress import WorkProgress
from campaign.cli.recipients import ReadAs, opened_file, reading_options
from campaign.cli.shared import actor, opened, read_settings
from campaign.cli.submit import beside
from campaign.cli.terminal import tell
from campaign.preview.one_off import PreviewedFile, preview, rows_to_hear
from campaign.results.folder import make_folder, write_whole

PLAYERS = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("mpv", "--really-quiet"),
    ("play", "-q"),
)


@click.command("preview")
@click.argument("recipients")
@click.option(
    "--rows",
    default=3,
    show_default=True,
    type=click.IntRange(1, 20),
    help="How many rows: the riskiest, at least one of each language.",
)
@click.option("--row", "chosen", multiple=True, type=click.IntRange(min=1), help="This row; may be repeated.")
@click.option("--brief", type=click.Path(path_type=Path), help="By default campaign.toml beside the file.")
@click.option("--template", type=click.Path(path_type=Path))
@click.option("--preset")
@click.option("--model")
@click.option("--id-column", help="The column that says who a row is.")
@click.option("--locale-column", help="The column with a row's language; '' for none.")
@reading_options
@click.option("--out", type=OutputFolder(), default=Path("preview"), show_default=True)
@click.option("--play/--no-play", default=False, help="Play each file with ffplay, mpv or sox.")
def preview_command(
    recipients: str,
    rows: int,
    chosen: tuple[int, ...],
    brief: Path | None,
    template: Path | None,
    preset: str | None,
    model: str | None,
    id_column: str | None,
    locale_column: str | None,
    encoding: str,
    delimiter: str,
    sheet: str | None,
    out: Path,
    play: bool,
) -> None:
    """Make the files of a few rows of RECIPIENTS, show what they say and where they are.

    The rows are those in which most can go wrong: typed values, warnings, fallbacks, rare languages, long texts.
    """
    overrides = Overrides(
        template=template, preset=preset, model=model, id_column=id_column, locale_column=locale_column
    )
    read_as = ReadAs(encoding=encoding, delimiter=delimiter, sheet=sheet)
    loaded = load_brief(brief or beside(recipients), overrides, defaults=read_settings().defaults)
    with (
        opened() as installation,
        opened_file(recipients, read_as) as source,
        WorkProgress(quiet=False) as progress,
    ):
        numbers = chosen
        if not numbers:
            to_hear = rows_to_hear(installation, source, loaded, rows)
            numbers = to_hear.numbers
            if not to_hear.is_all:
                tell(f"chosen among the first {to_hear.looked_at:,} rows; --row names others", err=True)
        pieces = preview(installation, source, loaded, numbers, actor=actor(), watch=progress.show)
    make_folder(out)
    for number, piece in pieces.items():
        _show(number, piece, out, play=play)


def _show(number: int, piece: PreviewedFile, out: Path, *, play: bool) -> None:
    row = piece.delivered
    tell(f"row {number} ({row.locale})", bold=True)
    if piece.audio is None or row.object_key is None:
        tell(f"  {row.code}: {row.reason}", fg="yellow")
        return
    tell(f"  written  {' '.join(piece.script.split())}")
    tell(f"  said     {piece.spoken}")
    path = out / f"row-{number}{Path(row.object_key).suffix}"
    write_whole(path, piece.audio)
    tell(f"  file     {path}  {row.duration_s or 0:.2f} s")
    if play:
        play_file(path)


def play_file(path: Path) -> None:
    """With the first player that is installed."""
    for player, *arguments in PLAYERS:
        if shutil.which(player):
            subprocess.run([player, *arguments, str(path)], check=False)
            return
    tell("  no player found; install ffmpeg, mpv or sox to hear it here", err=True)

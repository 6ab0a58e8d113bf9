"""The one place that prints: whatever a command says goes through here, and no stranger's character steers a terminal.

    tell          a line for people, in colour where there is any: `printable`, on one line
    tell_json     a document for programs: JSON's own escapes for the same characters
    data_out      a table for programs: as it is into a file or a pipe, `printable` where a person looks on
    tell_error    an error that ends the command, one of the command line, or a fault of the program

Line ends are the program's alone: a caller with two lines tells twice, and an error with several carries them apart.
"""

from __future__ import annotations

import io
import json
import math
import os
import sys
import threading
import traceback
from typing import IO, NoReturn, TextIO, cast

import click

from campaign.cli.exits import message_of
from campaign.errors import CampaignError
from workers.observability.logs import redacted
from workers.printable import printable, printable_json, printable_lines

LONGEST_LINE = 4_000
"""Characters of an error's line that are told."""


def tell(
    text: str = "",
    *,
    fg: str | None = None,
    bold: bool | None = None,
    nl: bool = True,
    err: bool = False,
    is_table: bool = False,
) -> None:
    """One line; with `nl=False` its beginning. Colours are left out where the stream is no terminal.

    With `is_table` the tabs in it are the program's.
    """
    shown = _cells(text) if is_table else printable(text)
    shown = _for_stream(shown, sys.stderr if err else sys.stdout)
    click.secho(shown, fg=fg, bold=bold, nl=nl, err=err)


def tell_json(document: object) -> None:
    """One document on stdout. What is no number is null."""
    try:
        text = _json(document)
    except ValueError:
        text = _json(_with_nulls(json.loads(json.dumps(document, default=str))))
    click.echo(_for_stream(printable_json(text), sys.stdout))


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, default=str, allow_nan=False)


def _with_nulls(document: object) -> object:
    if isinstance(document, dict):
        return {key: _with_nulls(value) for key, value in document.items()}
    if isinstance(document, list):
        return [_with_nulls(item) for item in document]
    return None if isinstance(document, float) and not math.isfinite(document) else document


def data_out() -> IO[str]:
    """Where a table goes, one whole line or more a write."""
    return cast("IO[str]", _Shown()) if sys.stdout.isatty() else sys.stdout


class _Shown(io.TextIOBase):
    """Standard output while a person looks on: line ends within what is written at once are no line ends."""

    def write(self, text: str) -> int:
        body = text.removesuffix("\n").removesuffix("\r")
        click.echo(_for_stream(_cells(body), sys.stdout), nl=text.endswith("\n"))
        return len(text)


def tell_data(text: str, *, nl: bool = True) -> None:
    """Lines of data that the program wrote itself, on stdout."""
    if sys.stdout.isatty():
        text = _for_stream(printable_lines(text), sys.stdout)
    click.echo(text, nl=nl)


def tell_error(error: BaseException) -> None:
    """The error on stderr, without the passwords of URLs in it."""
    tell("error: ", fg="red", bold=True, nl=False, err=True)
    for line in error.lines if isinstance(error, CampaignError) else (message_of(error),):
        rest = len(line) - LONGEST_LINE
        tell(
            redacted(line if rest <= 0 else f"{line[:LONGEST_LINE]}... and {rest:,} characters more"),
            err=True,
        )


def tell_misuse(error: click.ClickException) -> None:
    """How the command is used, and what is wrong with how it was."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        for line in context.get_usage().splitlines():
            tell(line, err=True)
        tell(f"Try '{context.command_path} {context.help_option_names[0]}' for help.", err=True)
        tell(err=True)
    message = error.format_message()
    is_own = isinstance(error, click.MissingParameter)  # lists the choices, a line each
    for line in (
        f"Error: {redacted(message)}".expandtabs(2).splitlines()
        if is_own
        else [f"Error: {redacted(message)}"]
    ):
        tell(line, err=True)


def tell_crash(error: BaseException) -> None:
    """A fault of the program: where it was, as Python tells it."""
    for part in traceback.format_exception(error):
        is_place = part.startswith(("  ", "Traceback", "\nTraceback", "\nDuring", "\nThe above"))
        for line in part.removesuffix("\n").split("\n") if is_place else [part.removesuffix("\n")]:
            tell(redacted(line), err=True)


def watch_faults() -> None:
    """From here on a fault of the program, in whatever thread, is told by `tell_crash`."""

    def told(
        kind: type[BaseException], error: BaseException | None, _trace: object, _thread: object = None
    ) -> None:
        if error is not None and kind is not SystemExit:
            tell_crash(error)

    sys.excepthook = told
    threading.excepthook = lambda fault: told(*fault)


def _cells(line: str) -> str:
    return "\t".join(map(printable, line.split("\t")))


def _for_stream(text: str, stream: TextIO) -> str:
    """`text` with what the stream's encoding does not have written out."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def is_answered() -> bool:
    """Whether a person sits at the terminal and can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def end_at_once(code: int) -> NoReturn:
    """End the process though its threads are at work: in torch's code they must not meet the interpreter's end."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

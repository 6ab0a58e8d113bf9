"""How a command is told to read a file of recipients, and how it asks where the file leaves it open."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from campaign.cli.terminal import is_answered, tell

if TYPE_CHECKING:
    from campaign.recipients import Recipients

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """What the command line says of a file; empty where the file says it itself."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str | None = None

    @property
    def arguments(self) -> list[str]:
        """The same as options, for a command that is told to be given next."""
        said = [("--encoding", self.encoding), ("--delimiter", self.delimiter), ("--sheet", self.sheet or "")]
        return [part for option, value in said if value for part in (option, value)]


def reading_options(command: Command) -> Command:
    """`--encoding`, `--delimiter` and `--sheet`."""
    for option in (
        click.option(
            "--sheet", help="Of a spreadsheet: name or number; by default the first that is not hidden."
        ),
        click.option(
            "--delimiter", default="", help="What parts the cells: comma, semicolon, tab, bar or one sign."
        ),
        click.option(
            "--encoding", default="", help="Of the file, for example cp1252; by default UTF-8 or its mark."
        ),
    ):
        command = option(command)
    return command


@contextlib.contextmanager
def opened_file(
    recipients: str, read_as: ReadAs, *, fetch: Callable[[str], bytes] | None = None, asks: bool = True
) -> Iterator[Recipients]:
    """The file; on a terminal a person is asked whether a guess of its encoding is right.

    Where nobody can be asked, its bytes are not read before its rows are: a header that does not fit is told at once.
    """
    from campaign.errors import EncodingError
    from campaign.recipients import open_recipients

    def opened(encoding: str) -> contextlib.AbstractContextManager[Recipients]:
        return open_recipients(
            recipients, encoding=encoding, separator=read_as.delimiter, sheet=read_as.sheet, fetch=fetch
        )

    with contextlib.ExitStack() as stack:
        source = stack.enter_context(opened(read_as.encoding))
        if recipients == "-" or not asks or not is_answered():
            yield source
            return
        try:
            source.require_decodable()
        except EncodingError as exc:
            if exc.guess is None:
                raise
            tell(f"{source.label} is not UTF-8. As {exc.guess} it holds {', '.join(exc.words)}.", err=True)
            if not click.confirm("Is that right?", err=True):
                raise
            source = stack.enter_context(opened(exc.guess))
            source.require_decodable()
        yield source

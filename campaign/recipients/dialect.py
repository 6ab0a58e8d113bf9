"""What parts the cells of a text of rows: said by whoever gives it, by a `sep=` line, or found in its first rows."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator, Sequence

from campaign.errors import RecipientsError
from workers.printable import printable

SEPARATORS = (",", ";", "\t", "|")
"""Of cells, the likeliest first."""
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
WORDS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "bar": "|",
    "pipe": "|",
    "space": " ",
    "colon": ":",
    r"\t": "\t",
}
"""What people say for a separator that is hard to type."""
SAMPLED_ROWS = 30
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)
"""A first line by which spreadsheets say what parts the cells."""


def checked_separator(said: str) -> str:
    """The character that `--delimiter` means; raises `RecipientsError`."""
    separator = WORDS.get(said.lower(), said)
    if len(separator) != 1 or separator in '"\r\n\x00' or separator.isalnum():
        raise RecipientsError(
            f"--delimiter {printable(said)!r} parts no cells. Say comma, semicolon, tab, bar, or one sign."
        )
    return separator


def named_separator(line: str) -> str | None:
    """What a first line such as `sep=;` says."""
    match = _SEPARATOR_LINE.fullmatch(line)
    return match[1] if match and not match[1].isalnum() and match[1] not in '"\r\n' else None


def likely_separator(label: str, lines: Sequence[str], *, favoured: str = "") -> str:
    """What parts the first rows; raises `RecipientsError` where they have two readings.

    `favoured` is what the file's own name says, for rows that it parts.
    """
    widths = {separator: _widths(lines, separator) for separator in SEPARATORS}
    parting = [separator for separator in SEPARATORS if widths[separator][0] > 1]
    if favoured in parting:
        return favoured
    if len(parting) <= 1:
        return (parting or [favoured or SEPARATORS[0]])[0]
    even = [separator for separator in parting if len(set(widths[separator])) == 1 < len(widths[separator])]
    if len(even) == 1:
        return even[0]
    meant = even or parting
    ways = " or ".join(f"{NAMES[separator]} ({widths[separator][0]} columns)" for separator in meant)
    options = " or ".join(f"--delimiter {word_of(separator)}" for separator in meant)
    raise RecipientsError(
        f"{label}: its cells may be parted by {ways}. Say which: {options}; or quote the cells that hold the other."
    )


def word_of(separator: str) -> str:
    """How people say a separator to `--delimiter`."""
    return next((word for word, sign in WORDS.items() if sign == separator), separator)


def _widths(lines: Sequence[str], separator: str) -> list[int]:
    """How many cells each row has."""
    widths: list[int] = []
    with contextlib.suppress(csv.Error):
        rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        widths.extend(len(cells) for cells in rows if any(cell.strip() for cell in cells))
    return widths or [0]


def tightened(lines: Iterator[str], separator: str) -> Iterator[str]:
    """The lines without blanks between a closing quotation mark and what parts the cells: `"a" ,b` is `"a",b`."""
    blanks = " \t".replace(separator, "")
    loose = re.compile(rf'"[{blanks}]+(?=[{re.escape(separator)}\r\n]|$)')
    cell = re.compile(rf'[{blanks}]*"(?:[^"]|"")*"[{blanks}]*|[^{re.escape(separator)}]+')
    is_open = False
    for line in lines:
        if '"' not in line:
            yield line
            continue
        if not is_open and ('" ' in line or '"\t' in line) and loose.search(line):
            line = cell.sub(lambda found: _tight(found[0], blanks), line)
        yield line
        is_open ^= bool(line.count('"') % 2)


def _tight(cell: str, blanks: str) -> str:
    return cell.strip(blanks) if cell.lstrip(blanks).startswith('"') else cell

"""What is likely the matter with a header that fits so little: told beside the faults, for who looks at the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign.recipients import Recipients
from campaign.recipients.header import folded, is_value
from workers.printable import printable

SAMPLED_ROWS = 20
_SIGNS = (
    (":", "colon"),
    ("^", "'^'"),
    ("~", "'~'"),
    ("#", "'#'"),
    ("\u00a6", "'\u00a6'"),
    ("\u00a7", "'\u00a7'"),
    ("\x1f", r"$'\x1f'"),
    (" ", "space"),
)
"""What may part the cells of a header that reads as one, and how it is said to --delimiter."""
_MARKS = {"''", "\u2018\u2019", "\u201c\u201d", "\u201e\u201c", "\u00ab\u00bb", "``", '""'}
"""What is written around names in place of the quotation marks that a CSV file has, or within these."""


def suspicion(source: Recipients, faults: Sequence[str], *, has_found: bool) -> str:
    """A sentence on what is likely the matter, or nothing; `faults` name the columns that are missing.

    `has_found`: some needed columns are there, so the header is where it should be.
    """
    if source.is_json:
        return first_problem(source)
    names = source.header.names
    if marks := _marks_around(names):
        return f' {marks[0]}...{marks[1]} are no quotation marks of a CSV file: write "..." in their place, or none.'
    wanted = {folded(name) for fault in faults for name in re.findall(r"'([^']+)'", fault)}
    for number, row in enumerate([] if has_found else source.sample(SAMPLED_ROWS), start=1):
        cells = {folded(value) for value in row.fields.values()}
        if len(cells & wanted) > len({folded(name) for name in names} & wanted):
            return f" Row {number} below them looks like the header: remove what stands above it."
    if not any(character.isalpha() for name in names for character in name) or any(map(is_value, names)):
        return " The file seems to begin with a recipient: add a first line that names the columns."
    if len(names) == 1:
        if re.search(r"[,;\t|]", names[0]):
            return " Each line seems to stand in quotation marks as a whole: remove those at its ends."
        for sign, word in _SIGNS:
            if sign in names[0].strip():
                return f" If {sign!r} parts the cells, say --delimiter {word}."
    return ""


def first_problem(source: Recipients) -> str:
    """What is wrong with a row of JSON, whose fields are the columns: without it some are not there."""
    for row in source.sample(SAMPLED_ROWS):
        if row.problem is not None:
            column = f", column {printable(row.problem.column)}" if row.problem.column else ""
            return f" Row {row.number}{column}: {row.problem.reason}; {row.problem.mend}."
    return ""


def _marks_around(names: Sequence[str]) -> str:
    """Two marks between which every name stands, as `'id'` does; else empty."""
    found = {name[0] + name[-1] for name in names if len(name) > 2}
    return next(iter(found)) if len(found) == 1 and found <= _MARKS and all(map(_is_long, names)) else ""


def _is_long(name: str) -> bool:
    return len(name) > 2

"""The columns of a file, by the names that stand in its first row."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from campaign.errors import FieldError, RecipientsError
from campaign.recipients.rows import COLUMNS_LIMIT, NAME_LIMIT_CHARACTERS, OBSCURE, RecipientRow, clean_id
from workers.printable import printable

MISREAD_MARK = "\u00ef\u00bb\u00bf"
"""The mark of UTF-8, read as cp1252: LibreOffice does so when it converts a CSV file without a window."""
_BLANKS = re.compile(r"\s+")
_APART = re.compile(rf"((?<=\d)[\s_\-‐‑–.{OBSCURE}]+(?=\d))|[\s_\-‐‑–.{OBSCURE}]+")

_VALUE = re.compile(r"[+\d][\d\s()./-]{2,}|[^@\s]+@[^@\s]+\.[^@\s]+|-?\d+([.,]\d+)?")


def folded(name: str) -> str:
    """A column's name as names are compared: without case, blanks, hyphens, underscores and full stops.

    Between figures they count: `Rate 1.5` is `rate_1_5` and not `rate_15`.
    """
    return _APART.sub(
        lambda found: "_" if found[1] else "", unicodedata.normalize("NFKC", clean_id(name)).casefold()
    )


def is_value(name: str) -> bool:
    """Whether a header cell is what no header holds: a number, a date, a telephone number, an address."""
    return bool(_VALUE.fullmatch(name))


@dataclass(slots=True, kw_only=True)
class Header:
    """What the columns are called, and which of them cannot be used by name."""

    names: tuple[str, ...]
    """Columns with a name of their own, in the file's order."""
    doubled: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Names that several columns have, with the places, 1 is the first."""
    width: int = 0
    places: tuple[int, ...] = ()
    """Of `names`, 0 is the first."""
    nameless: tuple[int, ...] = ()
    """Places without a name."""
    filled_nameless: set[int] = field(default_factory=set)
    """Of these, in which a value was seen."""
    is_plain: bool = False
    """Whether each column has a name of its own."""

    @classmethod
    def of_cells(cls, label: str, cells: Sequence[str]) -> Header:
        """The header of a table; raises `RecipientsError` where there is none."""
        called = [_BLANKS.sub(" ", clean_id(cell)) for cell in cells]
        called[:1] = [clean_id(name.removeprefix(MISREAD_MARK)) for name in called[:1]]
        while called and not called[-1]:
            called.pop()
        if not called:
            raise RecipientsError(
                f"{label} has no header. The first line names the columns, for example id,locale,name."
            )
        if len(called) > COLUMNS_LIMIT:
            raise RecipientsError(
                f"{label} has {len(called):,} columns, more than {COLUMNS_LIMIT:,}. Leave some out."
            )
        if longest := next((name for name in called if len(name) > NAME_LIMIT_CHARACTERS), ""):
            raise RecipientsError(
                f"{label}: column {called.index(longest) + 1} has a name of {len(longest):,} characters. Shorten it."
            )
        places: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(called):
            places[name].append(place)
        own = [(name, where[0]) for name, where in places.items() if name and len(where) == 1]
        return cls(
            names=tuple(name for name, _ in own),
            places=tuple(place for _, place in own),
            doubled={
                name: tuple(place + 1 for place in where)
                for name, where in places.items()
                if name and len(where) > 1
            },
            width=len(cells),
            is_plain=len(own) == len(cells),
            nameless=tuple(place for place in range(len(cells)) if place >= len(called) or not called[place]),
        )

    @classmethod
    def of_objects(cls, label: str, rows: Iterable[RecipientRow]) -> Header:
        """The names that the first objects of a JSON file have; raises `RecipientsError` for more than a list has."""
        names: dict[str, None] = {}
        for row in rows:
            names.update(dict.fromkeys(row.fields))
            if len(names) > COLUMNS_LIMIT:
                raise RecipientsError(
                    f"{label}: its objects have more than {COLUMNS_LIMIT:,} fields of different names. Leave some out."
                )
        return cls(names=tuple(names))

    def is_again(self, cells: Sequence[str]) -> bool:
        """Whether a row is this very header: two names at least, each in its place."""
        if len(self.names) < 2 or len(cells) < self.width or cells[self.places[0]].strip() != self.names[0]:
            return False
        return all(
            clean_id(cells[place]) == name for name, place in zip(self.names, self.places, strict=True)
        )

    def row(self, number: int, cells: Sequence[str]) -> RecipientRow:
        """One row of cells by name; a `problem` where it has more of them than the header has columns."""
        if self.nameless:
            self.filled_nameless.update(
                place for place in self.nameless if place < len(cells) and cells[place].strip()
            )
        have = len(cells)
        fields = {
            name: cells[place] if place < have else ""
            for name, place in zip(self.names, self.places, strict=True)
        }
        problem = None
        if have > self.width and any(map(clean_id, cells[self.width :])):
            over = next(clean_id(cell) for cell in cells[self.width :] if clean_id(cell))
            problem = FieldError(
                "wrong-columns",
                f"{have} cells where the header has {self.width}: {printable(over)[:40]!r} is one too many",
                mend="put quotation marks around cells that hold the separator, or remove what is too much",
            )
        lacks = tuple(name for name, place in zip(self.names, self.places, strict=True) if place >= have)
        return RecipientRow(number=number, fields=fields, problem=problem, lacks=lacks)

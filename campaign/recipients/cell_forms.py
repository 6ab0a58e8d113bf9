"""How cells show their numbers, and a walk through the XML that says so."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

BLOCK_BYTES = 1 << 18
CELLS_LIMIT = 20_000_000
"""Of the rectangle that a sheet's cells span: it is held whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellForm:
    """How a cell shows its number; or what it shows instead."""

    digits: int = 0
    """It is filled up with zeros to so many."""
    is_percent: bool = False
    text: str | None = None
    """Of an error: `#N/A`."""


@dataclass(slots=True, kw_only=True)
class Surveyed:
    """What was found in a sheet."""

    last_row: int = 0
    last_column: int = 0
    forms: dict[int, dict[int, CellForm]] = field(default_factory=dict)
    """By row (1 is the first) and column (0 is the first), where a format changes what is seen."""
    uncomputed: int = 0
    """Cells with a formula that no spreadsheet has computed: they read as empty."""
    first_uncomputed: str = ""

    @property
    def reach(self) -> int:
        """Cells of the rectangle that it spans."""
        return self.last_row * self.last_column


def walk(
    archive: zipfile.ZipFile,
    place: str,
    opened: Callable[[str, dict[str, str]], None],
    closed: Callable[[str], object],
    heard: Callable[[str], None],
) -> None:
    """Walk through one part; a DOCTYPE, which none has, ends it."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = heard
    parser.StartDoctypeDeclHandler = _refuse
    with archive.open(place) as stream:
        while block := stream.read(BLOCK_BYTES):
            parser.Parse(block)
        parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise ValueError("a spreadsheet has no DOCTYPE")

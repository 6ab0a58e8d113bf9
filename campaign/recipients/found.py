"""What a file turned out to be, told in one line."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class FoundFile:
    """What a file turned out to be, and what of it was left out."""

    kinds: list[str] = field(default_factory=list)
    """`semicolons`, `cp1252`, `sheet 'People'` ..."""
    blank_rows: int = 0
    empty_columns: int = 0
    """Without a name or a value."""
    nameless_columns: int = 0
    """Without a name, with values."""
    doubled_columns: int = 0
    """That share a name which nothing needs."""

    unneeded_columns: int = 0
    """That neither template nor brief names."""
    notes: list[str] = field(default_factory=list)
    """Sentences of their own."""

    def __str__(self) -> str:
        """One line for people."""
        left = [
            f"{count:,} {one if count == 1 else many}"
            for count, one, many in (
                (self.empty_columns, "empty column", "empty columns"),
                (self.nameless_columns, "column without a name", "columns without a name"),
                (self.doubled_columns, "column whose name stands twice", "columns whose names stand twice"),
                (self.unneeded_columns, "column that nothing needs", "columns that nothing needs"),
                (self.blank_rows, "empty row", "empty rows"),
            )
            if count
        ]
        return ", ".join(self.kinds) + (f" ({', '.join(left)} left out)" if left else "")

"""What one look at a header gathers: which column serves a name, which names two could serve, which is near."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from campaign.recipients.header import Header, folded
from workers.printable import printable


@dataclass(slots=True)
class Look:
    """What one look at a header gathers."""

    header: Header
    sources: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def find(self, wanted: str) -> str | None:
        """The column that serves a name; None where none does, or where that has two readings, which is a fault."""
        if wanted in self.header.names:
            return wanted
        if wanted in self.header.doubled:
            places = " and ".join(map(str, self.header.doubled[wanted]))
            self.faults.append(
                f"{printable(wanted)!r} is the name of several columns ({places}). Give each another name."
            )
            return None
        alike = [name for name in self.header.names if folded(name) == folded(wanted)]
        doubled = [name for name in self.header.doubled if folded(name) == folded(wanted)]
        if len(alike) == 1 and not doubled:
            return alike[0]
        if alike or doubled:
            both = " and ".join(repr(printable(name)) for name in (*alike, *doubled))
            self.faults.append(f"the columns {both} could both be {wanted!r}. Rename or remove one of them.")
        return None

    def is_told(self, wanted: str) -> bool:
        """Whether a name that `find` did not find is a fault already."""
        return wanted in self.header.doubled or any(
            folded(name) == folded(wanted) for name in (*self.header.names, *self.header.doubled)
        )

    def near(self, wanted: str) -> str:
        """` Did you mean 'name'?`, where a column of a name like it is there; else empty."""
        by_folded = {folded(name): name for name in self.header.names}
        close = difflib.get_close_matches(folded(wanted), list(by_folded), n=2, cutoff=0.72)
        if not close:
            return ""
        return f" Did you mean {' or '.join(repr(printable(by_folded[name])) for name in close)}?"

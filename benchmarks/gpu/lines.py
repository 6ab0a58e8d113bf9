"""A line of JSON for each measurement, written at once: what was measured survives whatever dies."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BEGUN = "begun"
"""A part begins; the next four tell how it ended."""
DONE = "done"
FAILED = "failed"
"""It raised; the process goes on."""
DIED = "died"
"""It took its process with it, or was ended at its limit."""
LEFT_OUT = "left out"
"""There was no time for it."""


class Lines:
    """A file of them. Several processes may write, one after another."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def tell(self, part: str, what: str, facts: Mapping[str, Any] | None = None) -> None:
        """One measurement of a part."""
        line = json.dumps(
            {"part": part, "what": what, "at": round(time.time(), 2), **(facts or {})}, default=str
        )
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def read(self) -> Iterator[dict[str, Any]]:
        """All so far; half a line at the end is left for later."""
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield json.loads(line)

"""How long a test waits for what has to come.

Far longer than the slowest machine needs, so that only a fault reaches it: that something is quick is measured by a
benchmark, never by a test.
"""

from __future__ import annotations

from typing import Final

LONGEST_S: Final = 240.0
LONGEST_MS: Final = 1000 * LONGEST_S

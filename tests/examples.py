"""How many examples a property test is given, and which.

`make test` and CI give each property the same examples in every run: nothing is left to chance there. `make fuzz` sets
FUZZ_EXAMPLES and gives it so many random ones; what it finds becomes an `@example` or a test of its own.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

FUZZ_EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""0 in the suite."""


def load_profile() -> None:
    """For every property test, before the first is imported: never a limit on the time an example takes."""
    settings.register_profile(
        "suite",
        derandomize=not FUZZ_EXAMPLES,
        max_examples=FUZZ_EXAMPLES or 100,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        **({} if FUZZ_EXAMPLES else {"database": None}),
    )
    settings.load_profile("suite")


def examples(count: int) -> settings:
    """A decorator: `count` examples in the suite, and at least so many under `make fuzz`."""
    return settings(max_examples=max(count, FUZZ_EXAMPLES))

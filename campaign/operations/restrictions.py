"""Which extras bring code that is under the GPL or not for commercial use, where they are installed.

docs/licences.md has every distribution; this is what an operator is told without it. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What an extra brings beside code that anybody may use as they like."""

    extra: str
    module: str
    """Importable where the extra is installed."""
    brings: tuple[tuple[str, str], ...]
    """(distribution, its terms)."""
    so: str
    """What follows for whoever runs or passes on the installation."""


RESTRICTIONS = (
    Restriction(
        extra="f5",
        module="f5_tts",
        brings=(("unidecode", "GPL-2.0-or-later"), ("encodec", "CC-BY-NC-4.0")),
        so="The engine loads neither. Whoever passes the installation on passes them on, too: see docs/licences.md.",
    ),
)


def installed_restrictions() -> Iterator[Restriction]:
    """Of the extras that are installed; imports none of them."""
    return (restriction for restriction in RESTRICTIONS if find_spec(restriction.module) is not None)

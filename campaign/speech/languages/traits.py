"""What is known of languages beyond their rooms: `traits.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Languages by their primary subtag."""

    ordinal_dot: frozenset[str]
    """`3.` is an ordinal."""
    without_spaces: frozenset[str]
    """Words are not parted."""
    scripts: Mapping[str, frozenset[str]]
    """A language to its scripts, as Unicode names letters: `CJK`, `HANGUL`."""


@cache
def traits() -> Traits:
    """The table that ships."""
    table = tomllib.loads((Path(__file__).parent / "traits.toml").read_text("utf-8"))
    written: dict[str, set[str]] = {}
    for script, languages in table["scripts"].items():
        for language in languages:
            written.setdefault(language, set()).add(script)
    return Traits(
        ordinal_dot=frozenset(table["ordinal_dot"]),
        without_spaces=frozenset(table["without_spaces"]),
        scripts={language: frozenset(scripts) for language, scripts in written.items()},
    )

"""Codes of countries as ISO 3166 has them: where messages may go, and whose rules hold for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from workers.mends import shown

ALIASES: Mapping[str, str] = {"UK": "GB", "EL": "GR"}
"""Codes that people write and the standard does not have."""


def checked_territory(code: str) -> str:
    """`code`; raises ValueError with the one that is probably meant."""
    names = _names()
    if code in names:
        return code
    called = {name.casefold(): known for known, name in names.items()}
    plain = code.strip().upper()
    meant = ALIASES.get(plain) or (plain if plain in names else called.get(code.strip().casefold()))
    raise ValueError(f"{shown(code)} is no code of ISO 3166; write {meant or 'one such as DE'}")


@cache
def _names() -> Mapping[str, str]:
    """Code to English name."""
    from babel import Locale

    territories = Locale("en").territories
    return {code: str(name) for code, name in territories.items() if len(code) == 2 and code.isalpha()}

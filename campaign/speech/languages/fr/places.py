"""Words with which the name of a street or a place begins in French addresses."""

from __future__ import annotations

from typing import Final

PLACES: Final = (
    r"rues?|r\.|boul\.?|boulevard|bd\.?|bld|blvd|av\.?|ave\.?|avenue|ch\.|chem\.|chemin|chaussée|chée|rang|route|rte\.?"
    r"|côte|place|pl\.|quai|cours|allée|all\.|impasse|imp\.|square|sq\.|montée|terrasse|esplanade|promenade|pont"
)
"""As alternatives of a regular expression."""

"""Roman numerals in French: `Louis XIV`, `François Ier`, `XXIe siècle`."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.fr.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words("Élisabeth")


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if written.endswith(("e", "ème")) and not written.endswith("re"):
        return ordinal(value, region=region)
    if head in ROMAN.rulers and value == 1:
        return ordinal(value, gender="f" if head in _FEMININE else "m", region=region)
    return cardinal(value, region=region)


ROMAN: Final = Roman(
    heads=words("Chapitre chapitre Partie partie Tome tome Phase phase Type type Stade stade Titre titre"),
    rulers=words(
        "Louis Henri Charles François Philippe Napoléon Élisabeth Jean Paul Pie Benoît Guillaume Léopold"
    ),
    shape=r"(?<!\w)(?:{numeral})(?:er|e|ème)(?=\s(?:siècle|arrondissement))",
    suffix=r"(?:er|re)?",
    said=_said,
)

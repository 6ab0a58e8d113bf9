"""Roman numerals in German: `Kapitel IV`, `Ludwig XIV.`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.de.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_RULERS: Final = words(
    "Albert Alexander Alfons Benedikt Bonifaz Christian Clemens Eduard Elisabeth Ferdinand Franz "
    "Friedrich Georg Gregor Gustav Hadrian Harald Heinrich Innozenz Iwan Johannes Joseph Karl "
    "Katharina Leo Leopold Ludwig Margarethe Maria Maximilian Napoleon Nikolaus Olaf Otto Paul Peter "
    "Philipp Pius Richard Rudolf Sixtus Umberto Urban Viktor Wilhelm "
)
_FEMININE: Final = words("Elisabeth")


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if head not in ROMAN.rulers:
        return cardinal(value)
    if head.endswith("s") and head.removesuffix("s") in _RULERS:  # `die Frauen Heinrichs VIII.`
        return f"des {ordinal(value, ending='en').capitalize()}"
    is_woman = head in _FEMININE
    dative = re.search(rf"\b(?:von|mit|unter|bei|nach|vor|seit)\s+(?:[^\W\d_]+\s+)?{head}\s*$", left)
    if dative:
        return f"{'der' if is_woman else 'dem'} {ordinal(value, ending='en').capitalize()}"
    return f"{'die' if is_woman else 'der'} {ordinal(value, ending='e').capitalize()}"


ROMAN: Final = Roman(
    heads=words("Kapitel Teil Band Akt Phase Typ Klasse Grad Stufe Weltkrieg"),
    rulers=_RULERS | {f"{name}s" for name in _RULERS},
    tail=r"\.?",
    said=_said,
)

"""Roman numerals in Portuguese: `século XXI`, `João II`, `Luís XIV`."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.pt.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words("Isabel")
_LAST_ORDINAL: Final = 10


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if head in ROMAN.rulers and value <= _LAST_ORDINAL:
        return ordinal(value, gender="f" if head in _FEMININE else "m", region=region)
    return cardinal(value, region=region)


ROMAN: Final = Roman(
    heads=words("Capítulo capítulo Parte parte Fase fase Tipo tipo Grau grau Título título Século século"),
    rulers=words("João Pedro Afonso Manuel Luís Carlos Filipe Isabel Paulo Pio Bento Dinis Sancho Henrique"),
    said=_said,
)

"""Roman numerals in Spanish: `siglo XXI`, `Felipe VI`, `Alfonso XIII`."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.es.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words("Isabel")
_LAST_ORDINAL: Final = 10


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if head in ROMAN.rulers and value <= _LAST_ORDINAL:
        return ordinal(value, gender="f" if head in _FEMININE else "m")
    return cardinal(value)


ROMAN: Final = Roman(
    heads=words(
        "Capítulo capítulo Parte parte Tomo tomo Fase fase Tipo tipo Grado grado Título título Siglo siglo"
    ),
    rulers=words(
        "Felipe Carlos Alfonso Fernando Luis Enrique Isabel Pablo Pío Benedicto Francisco Jaime Sancho"
    ),
    said=_said,
)

"""Roman numerals in Italian: `XXI secolo`, `Vittorio Emanuele II`."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.it.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words("Elisabetta")
_PLAIN_HEADS: Final = words("Capitolo capitolo Parte parte Fase fase Tipo tipo Grado grado Titolo titolo")


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if head in _PLAIN_HEADS:
        return cardinal(value)
    return ordinal(value, gender="f" if head in _FEMININE else "m")


ROMAN: Final = Roman(
    heads=_PLAIN_HEADS | words("secolo Secolo"),
    rulers=words(
        "Luigi Enrico Carlo Vittorio Emanuele Umberto Filippo Paolo Pio Benedetto Elisabetta Francesco Federico"
    ),
    shape=r"(?<!\w)(?:{numeral})(?=\ssecolo)",
    said=_said,
)

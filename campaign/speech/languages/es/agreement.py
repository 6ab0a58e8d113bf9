"""Spanish gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.es.nouns import NOUNS
from campaign.speech.languages.record import Agreement
from campaign.speech.languages.shaping import standing_before
from campaign.speech.wordlist import words

_STRESSED_A: Final = words(
    "acta águila agua ala alga alma alta alza ancla arca área arma arpa asa aula ave habla hacha hada hambre haya"
)
"""Feminine nouns before which "one" is "un": "un área"."""


def _one_before(said: str, gender: str, left: str, right: str) -> tuple[str, int]:
    following = re.match(r"\s([^\W\d]+)", right)
    return ("un" if gender == "f" and following and following[1].lower() in _STRESSED_A else said), 0


_COUNTED: Final = re.compile(
    r"[ \u00a0](?:(?:de )?(?!(?:las|los|les|nos|sus|nuestr[oa]s|además|antes|después|gratis|lunes|martes|miércoles"
    r"|jueves|viernes|todos|todas|es|más|entonces|quienes|tras|unos|unas|otros|otras|dos|tres|seis|mes)\b)[a-záéíóúüñ]{2,}s"
    r"|(?:de )?(?:gente|agua)|mil|millones|millón|por ciento)\b"
)
"""A noun in the plural."""
_COUNTING: Final = standing_before(
    "unos",
    "unas",
    "casi",
    "hasta",
    "más de",
    "cerca de",
    "menos de",
    "alrededor de",
    "al menos",
)
AGREEMENT: Final = Agreement(
    parted=re.compile(
        r"\s(?:de (?:los|las(?!\s\d)|la(?!\s(?:mañana|tarde|noche|semana))|sus?|nuestr\w+|toda|todos|todas|un|una)\b"
        r"|del(?!\s(?:mes|año|corriente))\b|de (?!lunes|martes|viernes)[a-z]{3,}s\b|partes?\b|más\b|menos\b)"
    ),
    parting=re.compile(
        r"(?:tercios?|cuartos?|quintos?)\s\($|\b(?:los|unos|por)\s$|\b(?:reduj|reduc|subi|subió|baj[óa]|aument|disminuy|creci|cay)\w*\s(?:en\s|un\s)?$"
        r"|\b(?:llen|proporción|relación|depósito)\w*\b[^.;!?]*\s(?:a|es|de)\s$",
        re.I,
    ),
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    one_before=_one_before,
    after_millions=lambda right: (" de", 0),
)

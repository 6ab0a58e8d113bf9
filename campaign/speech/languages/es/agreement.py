"""Spanish gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement
from campaign.speech.languages.romance import Nouns
from campaign.speech.languages.shaping import standing_before
from campaign.speech.wordlist import words

NOUNS: Final = Nouns(
    feminine=re.compile(
        r"\w+(?:a|ción|sión|dad|tud|umbre)|noche|clase|llave|parte|vez|tarde|foto|moto|mano|dosis"
    ),
    masculine=re.compile(r"día|mapa|problema|programa|sistema|tema|idioma|síntoma"),
    feminine_plural=re.compile(
        r"\w+(?:as|ciones|siones|dades|tudes|umbres)|noches|clases|llaves|partes|veces|tardes|mujeres|flores|calles|leyes"
        r"|luces|redes|sedes|series|fases|bases|frases|imágenes|órdenes|paredes|dosis"
    ),
    none=words("y o a de es en por para con del que al hasta cada desde sin sobre"),
    passed_over=re.compile(r"\s(?:mil\s|(?:y|o|a)\s\d+\s)"),
    names_count=False,
)
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
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    after_millions=lambda right: (" de", 0),
)

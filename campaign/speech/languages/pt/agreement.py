"""Portuguese gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement
from campaign.speech.languages.romance import Nouns
from campaign.speech.languages.shaping import standing_before
from campaign.speech.wordlist import words

NOUNS: Final = Nouns(
    feminine=re.compile(
        r"\w+(?:a|ção|são|dade|gem)|noite|vez|parte|chave|colher|mulher|mãe|mão|moto|foto|dose|tarde|equipe"
    ),
    masculine=re.compile(r"dia|mapa|problema|programa|sistema|tema|idioma|sintoma"),
    feminine_plural=re.compile(
        r"\w+(?:as|ções|sões|dades|gens)|noites|vezes|partes|chaves|mulheres|flores|luzes|redes|leis|fases|bases|frases"
        r"|colheres|mães|mãos|motos|fotos|doses|tardes|equipes|mil"
    ),
    none=words("e ou a de é em por para com do que ao até cada sem"),
    passed_over=re.compile(r"\s(?:mil\s|(?:e|ou|a)\s\d+\s)"),
)
_COUNTED: Final = re.compile(
    r"[ \u00a0](?:(?:de )?(?!(?:os|as|das|dos|nas|nos|aos|às|mas|pois|seus|suas|nossos|nossas|depois|antes|após|grátis"
    r"|apenas|todos|todas|mais|simples|segundas|uns|umas|outros|outras|três|seis|mês)\b)[a-záâãàéêíóôõúüç]{2,}s"
    r"|mil|milhões|milhão|por cento|(?:de )?reais)\b"
)
"""A noun in the plural."""
_COUNTING: Final = standing_before(
    "quase",
    "uns",
    "umas",
    "até",
    "cerca de",
    "mais de",
    "menos de",
    "pelo menos",
)
AGREEMENT: Final = Agreement(
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    after_millions=lambda right: (" de", 0),
)

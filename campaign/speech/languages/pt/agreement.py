"""Portuguese gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement
from campaign.speech.languages.romance import Nouns
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
    r"[ \u00a0](?:(?:de )?(?:habitantes|pessoas|euros|reais|dólares|clientes|utilizadores|usuários|quilômetros)"
    r"|(?!(?:das|dos|nas|nos|aos|seus|suas|nossos|nossas|depois|antes|após|grátis|apenas|todos|todas|mais|simples"
    r"|segundas|às|uns|umas|outros|outras)\b)[a-záâãàéêíóôõúüç]{3,}s|mil|milhões|milhão|por cento|reais)\b"
)
"""A noun in the plural."""
AGREEMENT: Final = Agreement(
    noun_after=NOUNS.after, counted=_COUNTED, after_millions=lambda right: (" de", 0)
)

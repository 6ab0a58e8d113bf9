"""Portuguese gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.pt.nouns import NOUNS
from campaign.speech.languages.record import Agreement
from campaign.speech.languages.shaping import standing_before

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
    parted=re.compile(
        r"\s(?:d[oa]s?(?!\s(?:mês|manhã|tarde|noite|semana|\d))\b"
        r"|de (?:seus|suas|nossos|nossas|pacientes|todos|todas|um|uma)\b|partes?\b)"
    ),
    parting=re.compile(
        r"(?:terços|quartos)\s\($|\b(?:os|aos|uns|por)\s$|\b(?:caiu|subiu|reduzid|aumentou|diminuiu|baixou)\w*\s$"
        r"|\b(?:ench|proporção|relação|depósito|tanque)\w*\b[^.;!?]*\s(?:a|até|é|de)\s$",
        re.I,
    ),
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    after_millions=lambda right: (" de", 0),
)

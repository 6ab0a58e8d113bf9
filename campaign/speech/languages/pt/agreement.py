"""Portuguese gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.pt.nouns import NOUNS
from campaign.speech.languages.record import Agreement
from campaign.speech.languages.shaping import standing_before

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
    counted=re.compile(
        r"\s(?:de\s)?(?!(?:os|as|dos|das|nos|nas|aos|às|mas|pois|após|antes|depois|três|seis)\b)[a-zàáâãçéêíóôõú]{2,}s\b"
    ),
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    after_millions=lambda right: (" de", 0),
)

"""Spanish gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.es.nouns import NOUNS
from campaign.speech.languages.record import Agreement
from campaign.speech.languages.shaping import standing_before

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
    counted=re.compile(
        r"\s(?:de\s)?(?!(?:es|tras|dos|tres|seis|mes|las|los)\b)[a-záéíóúñü]{2,}s\b|\s(?:de\s)?(?:gente|agua)\b"
    ),
    noun_after=NOUNS.after,
    after_millions=lambda right: (" de", 0),
)

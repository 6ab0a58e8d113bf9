"""French gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.nouns import NOUNS
from campaign.speech.languages.record import Agreement
from campaign.speech.languages.shaping import standing_before

_ELIDED: Final = re.compile(
    r"\s(?!h(?:aricot|andicap|auss|éros|asard|uit|ryvnia)|onz)[aeiouàâéèêîôûœh]", re.I
)


def _after_millions(right: str) -> tuple[str, int]:
    """ "un million d'euros", "de yens"."""
    return (" d'", 1) if _ELIDED.match(right) else (" de", 0)


_COUNTING: Final = standing_before(
    "environ",
    "quelque",
    "presque",
    "plus de",
    "près de",
    "moins de",
    "jusqu'à",
    "jusqu’à",
    "au moins",
)
AGREEMENT: Final = Agreement(
    counting=_COUNTING,
    counted=re.compile(
        r"\s(?:(?:de|d'|d’)\s?)?(?!(?:pas|plus|dans|vous|nous|les|des|mes|ses|tes|ils|elles|sous|sans|très|puis|est)\b)[a-zàâçéèêëîïôùûü]{2,}[sx]\b"
    ),
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    after_millions=_after_millions,
)

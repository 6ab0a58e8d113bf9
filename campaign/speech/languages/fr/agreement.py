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
    if re.match(r"\sd['’]", right):
        return "", 0
    return (" d'", 1) if _ELIDED.match(right) else (" de", 0)


_COUNTED: Final = re.compile(
    r"[ \u00a0\u202f](?:(?:d['’]|de )?(?!(?:dès|sans|sous|pas|plus|très|vous|nous|les|des|mes|ses|tes|nos|vos|ces|puis"
    r"|est|depuis|alors|toujours|après|dans|aux|ils|elles|mais|tous|toutes|jamais|moins|hors|vers|gratuits?|leurs|chez)\b)"
    r"[a-zàâçéèêëîïôûùœü]{2,}[sx]|mille|millions?|milliards?|pour cent)\b"
)
"""A noun in the plural."""
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
    parted=re.compile(
        r"\s(?:de la(?!\s(?:matinée|soirée|semaine|journée))\b|de l['’](?!après)|des\b(?!\s\d)"
        r"|du\b(?!\s(?:matin|soir|mois|\d))|d['’](?:un|heure|année|entre)"
        r"|de\s(?:tour|nos|vos|ses|leurs|cette|ces|votre|notre|tasse|verre|comprimé)\b)"
    ),
    parting=re.compile(
        r"(?:tiers|quarts?)\s\($|(?:\bpour\s|\baux\s|\bles\s|\b[dl]['’]|\btrois\s|\bsoit\s)$"
        r"|\b(?:rédui|baiss|augment|diminu|rempli|cuve|réservoir|rapport|ratio|proportion|part\b)\w*[^.;!?]*\s"
        r"(?:de|à|est|soit|par)\s$",
        re.I,
    ),
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    after_millions=_after_millions,
)

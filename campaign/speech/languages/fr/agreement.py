"""French gender by endings and closed lists."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement
from campaign.speech.languages.romance import Nouns
from campaign.speech.languages.shaping import standing_before
from campaign.speech.wordlist import words

NOUNS: Final = Nouns(
    feminine=re.compile(
        r"(?:\w+(?:tion|sion|ée|ette|ure|esse|ie|ille|aine|ance|ence|té)|heure|minute|seconde|personne|lettre|page|place"
        r"|demande|commande|ligne|chambre|caisse|boîte|salle|nuit|carte|date|photo|clé|facture|fiche|pièce|semaine|copie"
        r"|preuve|adresse|année|voiture|étape|rue|porte|part|main|fenêtre|chaise|table|gélule|goutte|dose|visite|livraison"
        r"|valise|prise|écharpe|offre|dent|séance|chose|tâche|tasse|cuillère|course|classe|équipe|plage|veste|robe"
        r"|couche|bouteille|lampe|machine|plante|ampoule|alarme|réponse|question|annonce|alerte|consigne|consulte)s?|fois"
    ),
    none=words("et ou à de est en pour avec du que au mille million millions milliard milliards"),
    passed_over=re.compile(r"\s(?:et|ou|à)\s\d+\s"),
)


def _after_millions(right: str) -> tuple[str, int]:
    if re.match(r"\sd['’]", right):
        return "", 0
    return (" d'", 1) if re.match(r"\s[aeiouyhéèêâîôû]", right, re.I) else (" de", 0)


def of_currency(noun: str) -> str:
    """ "un million d'euros", "de yens"."""
    elided = noun[0] in "aeiouéy" and not noun.startswith(("yen", "yuan"))
    return "d'" if elided else "de "


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
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    after_millions=_after_millions,
)

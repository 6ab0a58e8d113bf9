"""Italian gender by endings and closed lists, and "one" by the sound that follows."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement
from campaign.speech.languages.romance import Nouns
from campaign.speech.wordlist import words

NOUNS: Final = Nouns(
    feminine=re.compile(r"\w+(?:a|zione|sione|tà|tù|gine)|notte|chiave|parte|email|mail|mano"),
    masculine=re.compile(r"problema|programma|sistema|tema|sintomo"),
    none=words("e o a di è in per con del che al da alla fra tra"),
    passed_over=re.compile(r"\s(?:e|o|a)\s\d+\s"),
)
_IMPURE: Final = re.compile(r"z|s[^aeiouàèéìòùh]|gn|ps|pn|x|y")


def _one_before(said: str, gender: str, left: str, right: str) -> tuple[str, int]:
    following = re.match(r"\s([^\W\d]+)", right)
    if not following:
        return said, 0
    word = following[1].lower()
    if gender == "f":
        return ("un'", 1) if word[0] in "aeiouàèéìòù" else ("una", 0)
    return ("uno" if _IMPURE.match(word) else "un"), 0


_COUNTED: Final = re.compile(
    r"[ \u00a0](?:(?:di )?(?:abitanti|persone|euro|dollari|franchi|clienti|utenti|chilometri|ore|giorni|mesi|anni"
    r"|volte)|(?!(?:deve|pure|sarà|fare|bene|altri|altre|sempre|oppure|anche|prima|oggi|domani|subito|entro|dalle|dalla|dagli|alle|alla|agli|durante|nelle|nella"
    r"|nei|gratis|ogni|tutti|tutte|dopo|oppure|quando|dove|come|perché|della|delle|degli|ancora|adesso|senza|fino|solo"
    r"|tramite|presso|poi|qui|lì|ma|se|[a-z]+mente)\b)[a-zàèéìòù]{3,}[ieà]|mila|milioni|per cento)\b"
)
"""A noun in the plural."""
AGREEMENT: Final = Agreement(
    noun_after=NOUNS.after, counted=_COUNTED, one_before=_one_before, after_millions=lambda right: (" di", 0)
)

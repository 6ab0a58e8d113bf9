"""Italian gender by endings and closed lists, and "one" by the sound that follows."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.it.nouns import NOUNS
from campaign.speech.languages.record import Agreement
from campaign.speech.languages.shaping import standing_before

_IMPURE: Final = re.compile(r"z|s[^aeiouàèéìòùh]|gn|ps|pn|x|y")

_INITIALS: Final = re.compile(r"[^aeiouàèéìòù]+\b")
"""`sms` begins with the name of a letter."""


def _one_before(said: str, gender: str, left: str, right: str) -> tuple[str, int]:
    following = re.match(r"\s([^\W\d]+)", right)
    if not following:
        return said, 0
    word = following[1].lower()
    if gender == "f":
        return ("un'", 1) if word[0] in "aeiouàèéìòù" else ("una", 0)
    return ("uno" if _IMPURE.match(word) and not _INITIALS.match(word) else "un"), 0


_COUNTED: Final = re.compile(
    r"[ \u00a0](?:(?:di )?(?!(?:che|chi|lei|noi|voi|dei|nei|gli|sulle|deve|viene|vale|scade|pure|sarà|fare|bene|altri"
    r"|altre|sempre|oppure|anche|oggi|domani|dalle|dagli|alle|agli|durante|nelle|ogni|tutti|tutte|quando|dove|come|perché"
    r"|delle|degli|tramite|poi|qui|[a-z]+mente)\b)[a-zàèéìòù]{3,}[ie]|(?:di )?(?:euro|ore)|mila|per cento)\b"
)
"""A noun in the plural."""
_COUNTING: Final = standing_before(
    "circa",
    "oltre",
    "quasi",
    "più di",
    "meno di",
    "fino a",
    "almeno",
)
AGREEMENT: Final = Agreement(
    parted=re.compile(
        r"\s(?:del(?!\s(?:mese|\d))\b|della(?!\s(?:mattina|sera|settimana))\b|dell['’]|dei\b|degli\b|delle(?!\s\d)\b"
        r"|di (?!luned|marted|mercoled|gioved|venerd|sabato|domenica)[a-z]{3,})"
    ),
    parting=re.compile(
        r"(?:terzi|quarti)\s\($|\b(?:ai|i|per)\s$|\b(?:ridott|aumentat|diminuit|scende|sceso|salit|calat)\w*\s(?:di\s)?$"
        r"|\b(?:riemp|rapporto|proporzione|serbatoio)\w*\b[^.;!?]*\s(?:a|è|di)\s$",
        re.I,
    ),
    counting=_COUNTING,
    counted=_COUNTED,
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    one_before=_one_before,
    after_millions=lambda right: (" di", 0),
)

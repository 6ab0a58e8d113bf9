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
    counting=_COUNTING,
    counted=re.compile(
        r"\s(?:di\s)?(?!(?:che|se|le|gli|dei|delle|degli|nelle|nei|sulle|deve|viene|vale|scade|ore|e|i|di|poi|lei|noi|voi)\b)"
        r"[a-zàèéìòù]{2,}[ie]\b"
    ),
    noun_after=NOUNS.after,
    singular=NOUNS.singular,
    one_before=_one_before,
    after_millions=lambda right: (" di", 0),
)

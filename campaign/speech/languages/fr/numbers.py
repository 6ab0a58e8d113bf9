"""French numbers: "une", "première", "seconde", telephone numbers in pairs."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.words import WORDS
from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed
from campaign.speech.languages.spelled import spelled


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """ "vingt et une heures"."""
    words = spelled(number, "fr")
    if gender == "f" and (words == "un" or re.search(r"[ -]un$", words)) and number % 10 == 1:
        return words + "e"
    return words


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "quatre-vingtième"."""
    if value == 1:
        return "première" if gender == "f" else "premier"
    words = re.sub(r"(quatre-vingt|cent)s$", r"\1", cardinal(value))
    if words.endswith("cinq"):
        return words + "uième"
    if words.endswith("neuf"):
        return words[:-1] + "vième"
    return words.removesuffix("e") + "ième"


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


_PARTS: Final = {2: ("demi", "demis"), 3: ("tiers", "tiers"), 4: ("quart", "quarts")}


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
    """`trois quarts`, `une demi heure`, `deux et demi`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return mixed(cardinal(whole), "et", "demi")
    if is_half and noun.follows:
        return "une demi" if noun.gender == "f" else "un demi"
    singular, plural = _PARTS.get(bottom) or (ordinal(bottom), f"{ordinal(bottom)}s")
    words = f"{cardinal(top, noun=True)} {singular if top == 1 else plural}"
    return mixed(cardinal(whole) if whole else "", "et", words)


def telephone_group(group: str, region: str) -> str:
    """Two or three figures as a number, zeros by themselves; more in pairs. In Canada one by one."""
    if region == "CA":
        return " ".join(WORDS.digits[int(digit)] for digit in group)
    if len(group) > 3:
        odd = len(group) % 2
        parts = ([group[:1]] if odd else []) + [group[i : i + 2] for i in range(odd, len(group), 2)]
        return ", ".join(telephone_group(part, region) for part in parts)
    stripped = group.lstrip("0")
    zeros = ["zéro"] * (len(group) - len(stripped))
    return " ".join(zeros + ([cardinal(int(stripped), region=region)] if stripped else []))


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(
        said=ordinal,
        suffixes={
            "er": "m", "re": "f", "ère": "f", "e": "m", "ème": "m", "nd": "m", "nde": "f", "d": "m",
        },
        named={"2nd": "second", "2nde": "seconde"},
    ),
    fraction=fraction,
    is_one=lambda amount: abs(amount) < 2,
    telephone_group=telephone_group,
    telephone_regions=("FR", "BE", "CH", "CA"),
)  # fmt: skip

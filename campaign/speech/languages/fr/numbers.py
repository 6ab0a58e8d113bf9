"""French numbers: "une", "première", "seconde", telephone numbers in pairs."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.words import WORDS
from campaign.speech.languages.groups import groups
from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed

SEPTANTE_REGIONS: Final = frozenset({"BE", "CH"})
"""They say "septante" and "nonante"; "huitante" is said in three cantons only, so 80 is "quatre-vingts" everywhere."""
_ONES: Final = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS: Final = (
    "",
    "",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "septante",
    "quatre-vingt",
    "nonante",
)
_SIZES: Final = ("", "mille", "million", "milliard", "billion")


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """ "vingt et une heures", "quatre-vingts", "deux cents", in `SEPTANTE_REGIONS` "septante et un"."""
    if number == 0:
        return _ONES[0]
    parts: list[str] = []
    for group, place in groups(number):
        if place == 0:
            parts.append(_below_thousand(group, region, is_last=True))
        elif place == 1:
            parts += [*([_below_thousand(group, region, is_last=False)] if group > 1 else []), _SIZES[1]]
        else:
            size = _SIZES[place] + ("" if group == 1 else "s")
            parts += [_below_thousand(group, region, is_last=True), size]
    words = " ".join(parts)
    return f"{words}e" if gender == "f" and _ENDS_WITH_ONE.search(words) else words


_ENDS_WITH_ONE: Final = re.compile(r"\bun$")


def _below_thousand(number: int, region: str, *, is_last: bool) -> str:
    """`is_last` says that no "mille" follows: "quatre-vingts", "deux cents"."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, region, is_last=is_last)
    head = f"{_ONES[hundreds]} cent" if hundreds > 1 else "cent"
    if rest:
        return f"{head} {_below_hundred(rest, region, is_last=is_last)}"
    return f"{head}s" if hundreds > 1 and is_last else head


def _below_hundred(number: int, region: str, *, is_last: bool) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, unit = divmod(number, 10)
    if tens in (7, 9) and region not in SEPTANTE_REGIONS:
        tens, unit = tens - 1, unit + 10
    if not unit:
        return f"{_TENS[tens]}s" if tens == 8 and is_last else _TENS[tens]
    link = " et " if unit in (1, 11) and tens != 8 else "-"
    return f"{_TENS[tens]}{link}{_ONES[unit]}"


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "quatre-vingtième"."""
    if value == 1:
        return "première" if gender == "f" else "premier"
    words = re.sub(r"(quatre-vingt|cent)s$", r"\1", cardinal(value, region=region))
    if words.endswith("cinq"):
        return words + "uième"
    if words.endswith("neuf"):
        return words[:-1] + "vième"
    return words.removesuffix("e") + "ième"


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


_PARTS: Final = {2: ("demi", "demis"), 3: ("tiers", "tiers"), 4: ("quart", "quarts")}


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """`trois quarts`, `une demi heure`, `deux et demi`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return mixed(cardinal(whole, region=region), "et", "demi")
    if is_half and noun.follows:
        return "une demi" if noun.gender == "f" else "un demi"
    part = ordinal(bottom, region=region)
    singular, plural = _PARTS.get(bottom) or (part, f"{part}s")
    words = f"{cardinal(top, noun=True, region=region)} {singular if top == 1 else plural}"
    return mixed(cardinal(whole, region=region) if whole else "", "et", words)


def telephone_group(group: str, *, region: str = "") -> str:
    """Two or three figures as a number, zeros by themselves; more in pairs. In Canada one by one."""
    if region == "CA":
        return " ".join(WORDS.digits[int(digit)] for digit in group)
    if len(group) > 3:
        odd = len(group) % 2
        parts = ([group[:1]] if odd else []) + [group[i : i + 2] for i in range(odd, len(group), 2)]
        return ", ".join(telephone_group(part, region=region) for part in parts)
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
    half_after=lambda gender: "et demie" if gender == "f" else "et demi",
    is_one=lambda amount, region: abs(amount) < 2,
    telephone_group=telephone_group,
    telephone_regions=("FR", "BE", "CH", "CA"),
)  # fmt: skip

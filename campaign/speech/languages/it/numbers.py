"""Italian numbers: "un'ora", "ventitré", ranges with "da ... a"."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.it.words import WORDS
from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed
from campaign.speech.languages.spelled import spelled, spelled_ordinal


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """What num2words gets wrong is mended: "centodicotto", "milioni e"."""
    words = re.sub(r"(milion[ei]|miliard[oi]) e ", r"\1 ", spelled(number, "it"))
    words = words.replace("dicotto", "diciotto")
    if number == 1:
        return "una" if gender == "f" else "un" if noun else "uno"
    return re.sub(r"(?<=.)tre$", "tré", words) if number > 20 and number % 10 == 3 else words


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "ventitreesima"."""
    words = spelled_ordinal(value, "it")
    return re.sub(r"o\b", "a", words) if gender == "f" else words


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
    """`tre quarti`, `mezza compressa`, `due e mezzo`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return mixed(cardinal(whole), "e", "mezzo")
    if is_half and noun.follows:
        return "mezza" if noun.gender == "f" else "mezzo"
    singular = "mezzo" if bottom == 2 else ordinal(bottom)
    words = f"{cardinal(top, noun=True)} {singular if top == 1 else singular[:-1] + 'i'}"
    return mixed(cardinal(whole) if whole else "", "e", words)


_FROM: Final = re.compile(r"\b[Dd](?:a|ai|al|alle)\s$")
_PREPARED: Final = re.compile(r"\b(?:entro|[Pp]er|[Ii]n|[Oo]gni|[Cc]on|[Dd]i|circa|[Oo]ltre)\s$")


def _open_range(left: str, low: str, high: str, link: str) -> tuple[str, str]:
    """`3-5` is "da tre a cinque", `entro 2-3 giorni` "entro due o tre giorni", `in 24-48 ore` has no word between."""
    if link != WORDS.range or _FROM.search(left):
        return "", link
    if not _PREPARED.search(left):
        return "da ", link
    figures = re.match(r"\d+", high)
    is_next = re.fullmatch(r"[0-9]+", low) and figures is not None and int(figures[0]) == int(low) + 1
    return "", "o" if is_next else ""


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(said=ordinal, suffixes={"º": "m", "ª": "f", "°": "m"}),
    fraction=fraction,
    open_ranges=_open_range,
    telephone_regions=("IT", "CH"),
)

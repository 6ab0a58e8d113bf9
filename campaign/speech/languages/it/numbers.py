"""Italian numbers: "un'ora", "ventitré", ranges with "da ... a"."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.groups import groups
from campaign.speech.languages.it.words import WORDS
from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed

_ONES: Final = (
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici",
    "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
)  # fmt: skip
_TENS: Final = (
    "", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta",
)  # fmt: skip
_SIZES: Final = (("", ""), ("", ""), ("milione", "milioni"), ("miliardo", "miliardi"), ("bilione", "bilioni"))


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """One word below a million, with an accent on a "tre" at its end."""
    if number == 0:
        return _ONES[0]
    if number == 1:
        return "una" if gender == "f" else "un" if noun else "uno"
    parts: list[str] = []
    for group, place in groups(number // _MILLION):
        one, many = _SIZES[place + 2]
        parts.append(f"un {one}" if group == 1 else f"{_accented(_below_thousand(group), group)} {many}")
    rest = number % _MILLION
    if rest:
        parts.append(_accented(_below_million(rest), rest))
    return " ".join(parts)


_MILLION: Final = 10**6


def _accented(words: str, number: int) -> str:
    return f"{words[:-1]}é" if number > 3 and words.endswith("tre") else words


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    head = "" if not thousands else "mille" if thousands == 1 else f"{_below_thousand(thousands)}mila"
    return head + (_below_thousand(rest) if rest else "")


def _below_thousand(number: int) -> str:
    """A vowel is dropped before "otto", "ottanta" and, but after "cento", "uno"."""
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    head = f"{_ONES[hundreds] if hundreds > 1 else ''}cento" if hundreds else ""
    if rest < len(_ONES):
        words = _ONES[rest] if rest else ""
    else:
        words = (_TENS[tens][:-1] if unit in (1, 8) else _TENS[tens]) + (_ONES[unit] if unit else "")
    return head[:-1] + words if head and words.startswith("ott") else head + words


_FIRST_TEN: Final = (
    "", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo",
)  # fmt: skip


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "ventitreesima", "centodecimo", "duemillesimo"."""
    words = _FIRST_TEN[value] if value < len(_FIRST_TEN) else _ranked(value)
    return f"{words[:-1]}a" if gender == "f" else words


def _ranked(value: int) -> str:
    words = _below_million(value)
    if value % 1000 == 0:
        return words.removesuffix("mille" if value == 1000 else "mila") + "millesimo"
    if value % 100 == 10:
        return words.removesuffix("dieci") + "decimo"
    if value % 100 == 1:
        return words.removesuffix("uno").removesuffix("o") + "unesimo"
    is_whole = value % 10 in (3, 6) and value % 100 not in (13, 16)
    return (words if is_whole else words[:-1]) + "esimo"


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


_DOSE: Final = re.compile(
    r"\s(?:compress[ae]|pastigli[ae]|capsul[ae]|dose|bustin[ae]|fial[ae]|cucchiai[oa]?|cucchiain[oi]|bicchiere|tazza"
    r"|misurino|supposta|confezione|flacone|litro|chilo|ora|giornata|porzione)\b"
)
"""What is taken by halves: `1/2 compressa 2 volte al giorno`."""


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """`tre quarti`, `mezza compressa`, `due e mezzo`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return mixed(cardinal(whole), "e", "mezzo")
    if is_half and (noun.follows or _DOSE.match(right)):
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
    ordinals=Ordinals(said=ordinal, suffixes={"o": "m", "a": "f", "º": "m", "ª": "f", "°": "m"}),
    fraction=fraction,
    half_after=lambda gender: "e mezza" if gender == "f" else "e mezzo",
    open_ranges=_open_range,
    telephone_regions=("IT", "CH"),
)

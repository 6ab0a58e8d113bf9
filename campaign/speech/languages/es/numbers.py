"""Spanish numbers: gender and the short forms "un", "veintiún", "primer" before a noun."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.groups import groups
from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed
from campaign.speech.typed import UnreadableValueError

_ONES: Final = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
)  # fmt: skip
_TENS_ALONE: Final = (
    "",
    "",
    "",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
)
_HUNDREDS: Final = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
_MILLION: Final = 10**6


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The feminine reaches down from the thousands; "un" and "veintiún" stand before a noun, "mil" and "millones"."""
    if number == 0:
        return _ONES[0]
    parts: list[str] = []
    for group, place in groups(number, _MILLION):
        if place:
            size = ("millón", "millones") if place == 1 else ("billón", "billones")
            parts += [_below_million(group, "m", noun=True), size[group > 1]]
        else:
            parts.append(_below_million(group, gender, noun=noun))
    return " ".join(parts)


def _below_million(number: int, gender: str, *, noun: bool) -> str:
    thousands, rest = divmod(number, 1000)
    parts = [_below_thousand(thousands, gender, noun=True)] if thousands > 1 else []
    parts += ["mil"] if thousands else []
    parts += [_below_thousand(rest, gender, noun=noun)] if rest else []
    return " ".join(parts)


def _below_thousand(number: int, gender: str, *, noun: bool) -> str:
    hundreds, rest = divmod(number, 100)
    if not rest:
        return "cien" if hundreds == 1 else _gendered(_HUNDREDS[hundreds], gender)
    if rest < len(_ONES):
        words = _ONES[rest]
    else:
        tens, unit = divmod(rest, 10)
        words = _TENS_ALONE[tens] + (f" y {_ONES[unit]}" if unit else "")
    if words.endswith("uno"):
        words = f"{words[:-1]}a" if gender == "f" else _shortened(words) if noun else words
    return f"{_gendered(_HUNDREDS[hundreds], gender)} {words}" if hundreds else words


def _gendered(hundreds: str, gender: str) -> str:
    return f"{hundreds[:-2]}as" if gender == "f" and hundreds.endswith("os") else hundreds


def _shortened(words: str) -> str:
    return "veintiún" if words == "veintiuno" else words[:-1]


_ORDINALS: Final = {
    1: "primero", 2: "segundo", 3: "tercero", 4: "cuarto", 5: "quinto", 6: "sexto", 7: "séptimo", 8: "octavo",
    9: "noveno", 10: "décimo", 11: "undécimo", 12: "duodécimo", 13: "decimotercero", 14: "decimocuarto",
    15: "decimoquinto", 16: "decimosexto", 17: "decimoséptimo", 18: "decimoctavo", 19: "decimonoveno",
}  # fmt: skip
_TENS: Final = {
    20: "vigésimo", 30: "trigésimo", 40: "cuadragésimo", 50: "quincuagésimo", 60: "sexagésimo",
    70: "septuagésimo", 80: "octogésimo", 90: "nonagésimo", 100: "centésimo", 200: "ducentésimo",
    300: "tricentésimo", 400: "cuadringentésimo", 500: "quingentésimo", 600: "sexcentésimo",
    700: "septingentésimo", 800: "octingentésimo", 900: "noningentésimo",
}  # fmt: skip


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """Below two thousand, and of thousands to ten; of other numbers nobody says one."""
    thousands, below = divmod(value, 1000)
    if thousands > 10 or (thousands > 1 and below):
        raise UnreadableValueError(
            "not-an-ordinal", f"{value} has no usual ordinal in Spanish", "use cardinal"
        )
    hundreds, rest = divmod(below, 100)
    words = [f"{cardinal(thousands) if thousands > 1 else ''}milésimo"] if thousands else []
    words += [_TENS[hundreds * 100]] if hundreds else []
    if rest in _ORDINALS:
        words.append(_ORDINALS[rest])
    elif rest:
        words.append(_TENS[rest // 10 * 10])
        if rest % 10:
            words.append(_ORDINALS[rest % 10])
    if gender == "f":
        return " ".join(re.sub(r"o$", "a", word) for word in words)
    text = " ".join(words)
    return re.sub(r"(primer|tercer)o$", r"\1", text) if noun else text


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


_PARTS: Final = {
    2: ("medio", "medios"), 3: ("tercio", "tercios"), 4: ("cuarto", "cuartos"), 5: ("quinto", "quintos"),
    6: ("sexto", "sextos"), 7: ("séptimo", "séptimos"), 8: ("octavo", "octavos"), 9: ("noveno", "novenos"),
    10: ("décimo", "décimos"), 100: ("centésimo", "centésimos"),
}  # fmt: skip


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """`tres cuartos`, `media tableta`, `dos y medio`."""
    if (top, bottom) == (1, 2):
        half = "media" if noun == ("f", True) and not whole else "medio"
        return mixed(cardinal(whole) if whole else "", "y", half)
    singular, plural = _PARTS.get(bottom) or (_avo(bottom), f"{_avo(bottom)}s")
    words = f"{cardinal(top, noun=True)} {singular if top == 1 else plural}"
    return mixed(cardinal(whole) if whole else "", "y", words)


def _avo(bottom: int) -> str:
    return cardinal(bottom).replace(" y ", "i").replace(" ", "") + "avo"


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(
        said=ordinal,
        suffixes={
            "º": "m", "ª": "f", "°": "m", ".º": "m", ".ª": "f", ".°": "m", "er": "m", ".er": "m",
            "ᵉʳ": "m", ".ᵉʳ": "m", "o": "m", "a": "f",
            **{f"{letter}{vowel}": "f" if vowel == "a" else "m" for letter in "rdtmvn" for vowel in "oa"},
        },
        named={f"{figure}{suffix}": word for figure, word in (("1", "primer"), ("3", "tercer"))
               for suffix in ("er", ".er", "ᵉʳ", ".ᵉʳ")},
    ),
    fraction=fraction,
    is_one=lambda amount, region: abs(amount) == 1,
    half_after=lambda gender: "y media" if gender == "f" else "y medio",
    telephone_regions=("ES", "MX", "AR", "CO", "CL", "PE"),
)  # fmt: skip

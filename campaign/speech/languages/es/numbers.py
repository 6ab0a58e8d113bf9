"""Spanish numbers: gender and the short forms "un", "veintiún", "primer" before a noun."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed
from campaign.speech.languages.spelled import spelled
from campaign.speech.typed import UnreadableValueError


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """What num2words gets wrong is mended: "veintiuno mil"."""
    words = spelled(number, "es")
    words = re.sub(r"veintiuno (?=mil\b|millones|billones)", "veintiún ", words)
    words = re.sub(r"\buno (?=mil\b|millones|billones)", "un ", words)
    if gender == "f":
        head, _, tail = words.rpartition("ones ") if "ones " in words else ("", "", words)
        tail = re.sub(r"cientos\b", "cientas", tail).replace("quinientos", "quinientas")
        tail = re.sub(r"uno$", "una", tail)
        tail = tail.replace("veintiún mil", "veintiuna mil").replace(" y un mil", " y una mil")
        return f"{head}ones {tail}" if head else tail
    if noun:
        words = re.sub(r"veintiuno$", "veintiún", words)
        words = re.sub(r"\buno$", "un", words)
    return words


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
    """Below a thousand; above, nobody says one."""
    if value >= 1000:
        raise UnreadableValueError(
            "not-an-ordinal", f"{value} has no usual ordinal in Spanish", "use cardinal"
        )
    hundreds, rest = divmod(value, 100)
    words = [_TENS[hundreds * 100]] if hundreds else []
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


def fraction(whole: int, top: int, bottom: int, *, noun: Noun, right: str) -> str:
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
            **{f"{letter}{vowel}": "f" if vowel == "a" else "m" for letter in "rdtmvn" for vowel in "oa"},
        },
    ),
    fraction=fraction,
    telephone_regions=("ES", "MX", "AR", "CO", "CL", "PE"),
)  # fmt: skip

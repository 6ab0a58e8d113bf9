"""Portuguese numbers: "duas", "duzentas", Brazil and Portugal."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from campaign.speech.languages.groups import groups
from campaign.speech.languages.record import Noun, Numerals, Ordinals
from campaign.speech.languages.romance import mixed

_ONES: Final = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "catorze", "quinze", "dezasseis", "dezassete", "dezoito", "dezanove",
)  # fmt: skip
_BRAZILIAN: Final = {16: "dezesseis", 17: "dezessete", 19: "dezenove"}
_TENS: Final = (
    "",
    "",
    "vinte",
    "trinta",
    "quarenta",
    "cinquenta",
    "sessenta",
    "setenta",
    "oitenta",
    "noventa",
)
_HUNDREDS: Final = (
    "", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
    "novecentos",
)  # fmt: skip
_EUROPEAN_SIZES: Final = (("", ""), ("milhão", "milhões"), ("bilião", "biliões"))
"""By millions."""
_BRAZILIAN_SIZES: Final = (
    ("", ""), ("mil", "mil"), ("milhão", "milhões"), ("bilhão", "bilhões"), ("trilhão", "trilhões"),
)  # fmt: skip
_MILLION: Final = 10**6


def cardinal(number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
    """The feminine reaches down from the thousands; a thousand millions is a "bilhão" in Brazil only."""
    if number == 0:
        return _ONES[0]
    if region == "BR":
        parts = _named(groups(number // _MILLION), _BRAZILIAN_SIZES[2:], region)
    else:
        parts = _named(groups(number // _MILLION, _MILLION), _EUROPEAN_SIZES[1:], region)
    rest = number % _MILLION
    if not rest:
        return _joined(parts)
    return _joined([*parts, *_below_million(rest, gender, region)])


_Part = tuple[str, bool]
"""(words, whether "e" stands before them where they are the last)."""


def _named(found: list[tuple[int, int]], sizes: tuple[tuple[str, str], ...], region: str) -> list[_Part]:
    parts: list[_Part] = []
    for group, place in found:
        one, many = sizes[place]
        head = _joined(_below_million(group, "m", region))
        parts.append((f"{head} {one if group == 1 else many}", _is_round(group)))
    return parts


def _below_million(number: int, gender: str, region: str) -> list[_Part]:
    thousands, rest = divmod(number, 1000)
    parts: list[_Part] = []
    if thousands:
        head = f"{_below_thousand(thousands, gender, region)} " if thousands > 1 else ""
        parts.append((f"{head}mil", _is_round(thousands)))
    if rest:
        parts.append((_below_thousand(rest, gender, region), _is_round(rest)))
    return parts


def _is_round(group: int) -> bool:
    """Whether it is said in one part: no hundreds with a rest."""
    if group >= 1000:
        return group % 1000 == 0 and _is_round(group // 1000)
    return group < 100 or group % 100 == 0


def _joined(parts: list[_Part]) -> str:
    *heads, (last, is_linked) = parts
    if not heads:
        return last
    return " ".join(words for words, _ in heads) + (" e " if is_linked else " ") + last


def _below_thousand(number: int, gender: str, region: str) -> str:
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    if number == 100:
        return "cem"
    parts = [_HUNDREDS[hundreds]] if hundreds else []
    if gender == "f" and hundreds > 1:
        parts = [f"{_HUNDREDS[hundreds][:-2]}as"]
    if rest >= len(_ONES):
        parts.append(_TENS[tens])
        rest = unit
    if rest:
        own = _BRAZILIAN.get(rest) if region == "BR" else None
        parts.append(_FEMININE.get(rest, _ONES[rest]) if gender == "f" and rest <= 2 else own or _ONES[rest])
    return " e ".join(parts)


_FEMININE: Final = {1: "uma", 2: "duas"}
_RANKED: Final = (
    "",
    "primeiro",
    "segundo",
    "terceiro",
    "quarto",
    "quinto",
    "sexto",
    "sétimo",
    "oitavo",
    "nono",
)
_RANKED_TENS: Final = (
    "", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo", "octogésimo",
    "nonagésimo",
)  # fmt: skip
_RANKED_HUNDREDS: Final = (
    "", "centésimo", "ducentésimo", "tricentésimo", "quadringentésimo", "quingentésimo", "sexcentésimo",
    "septingentésimo", "octingentésimo", "noningentésimo",
)  # fmt: skip


def ordinal(value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = "") -> str:
    """ "vigésima terceira"."""
    thousands, below = divmod(value, 1000)
    parts = (
        [f"{cardinal(thousands, region=region)} milésimo" if thousands > 1 else "milésimo"]
        if thousands
        else []
    )
    parts += [_RANKED_HUNDREDS[below // 100], _RANKED_TENS[below // 10 % 10], _RANKED[below % 10]]
    words = [part for part in parts if part]
    return " ".join(f"{word[:-1]}a" if gender == "f" else word for word in words)


def year(value: int, *, region: str = "") -> str:
    """As a number."""
    return cardinal(value, region=region)


_PARTS: Final = {2: ("meio", "meios"), 3: ("terço", "terços")}


_DOSE: Final = re.compile(
    r"\s(?:comprimidos?|cápsulas?|drágeas?|doses?|ampolas?|saquetas?|sachês?|colher(?:es)?|copos?|xícaras?|chávenas?"
    r"|frascos?|supositórios?|medidas?|litros?|quilos?|horas?|diária|porção|porções)\b"
)
"""What is taken by halves: `1/2 comprimido 2x/dia`."""


def fraction(
    whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
) -> str:
    """`três quartos`, `meia dose`, `dois e meio`."""
    is_half = (top, bottom) == (1, 2)
    if is_half and whole:
        return mixed(cardinal(whole, region=region), "e", "meio")
    if is_half and (noun.follows or _DOSE.match(right)):
        return "meia" if noun.gender == "f" else "meio"
    singular, plural = _PARTS.get(bottom) or _parts(bottom, region)
    words = f"{cardinal(top, noun=True, region=region)} {singular if top == 1 else plural}"
    return mixed(cardinal(whole, region=region) if whole else "", "e", words)


def _parts(bottom: int, region: str) -> tuple[str, str]:
    if bottom <= 10:
        return ordinal(bottom, region=region), f"{ordinal(bottom, region=region)}s"
    words = f"{cardinal(bottom, region=region)} avos"
    return words, words


def _is_one(amount: Decimal, region: str) -> bool:
    """Below two; nought is many but in Brazil: "zero horas", "zero hora"."""
    return abs(amount) < 2 and (amount != 0 or region == "BR")


NUMERALS: Final = Numerals(
    cardinal=cardinal,
    year=year,
    ordinals=Ordinals(
        said=ordinal,
        suffixes={"o": "m", "a": "f", "º": "m", "ª": "f", "°": "m", ".º": "m", ".ª": "f", ".°": "m"},
    ),
    fraction=fraction,
    half_after=lambda gender: "e meia" if gender == "f" else "e meio",
    decimals_agree=True,
    telephone_regions=("PT", "BR"),
    is_one=_is_one,
)

"""What the Romance languages share: gender by endings, strokes of gender, fractions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from campaign.speech.languages.record import NOTHING, Noun
from campaign.speech.wordlist import words

_NOUN: Final = re.compile(r"[ \u00a0]([^\W\d]+)")
MASCULINE_PLURAL: Final = re.compile(
    r"días|mapas|problemas|programas|sistemas|temas|idiomas|kilogramas|gramas|dias|síntomas|sintomas|diplomas|poemas"
    r"|planetas|dálmatas|(?!(?:pistas|listas|vistas|entrevistas|revistas|visitas)$)\w+istas"
)
"""Words of Greek that look feminine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nouns:
    """Genders of a language's nouns: endings and closed lists, no dictionary; where they do not tell, masculine."""

    feminine: re.Pattern[str]
    masculine: re.Pattern[str] = NOTHING
    feminine_plural: re.Pattern[str] = NOTHING
    none: frozenset[str] = frozenset()
    """Words that are no noun."""
    passed_over: re.Pattern[str] = NOTHING
    """What may stand between a number and its noun: `1 ou 2 vezes`, `2 mil mulheres`."""
    names_count: bool = True
    """A capital word after a number counts as its noun: `13001 Marseille`."""

    def after(self, left: str, right: str) -> Noun:
        """The noun that `right` begins with."""
        passed = self.passed_over.match(right)
        match = _NOUN.match(right[passed.end() - 1 :] if passed else right)
        if not match or match[1].lower() in self.none:
            return Noun("m", False)
        word = match[1]
        if word[0].isupper():
            return Noun("m", self.names_count)
        if self.feminine_plural.fullmatch(word) and not MASCULINE_PLURAL.fullmatch(word):
            return Noun("f", True)
        return Noun(
            "f" if self.feminine.fullmatch(word) and not self.masculine.fullmatch(word) else "m", True
        )


def mixed(whole: str, link: str, part: str) -> str:
    """ "dos y un cuarto"."""
    return f"{whole} {link} {part}" if whole else part


def repeated(pattern: re.Pattern[str]) -> Callable[[str, str], int]:
    """How much of what stands right of a time its words already say, by a pattern."""

    def repeated(words: str, right: str) -> int:
        match = pattern.match(right)
        return match.end() if match else 0

    return repeated


def is_title(left: str, right: str) -> bool:
    """Whether `D.` or `M.` stands before a name, and is no initial, size, class or vitamin."""
    before = re.findall(r"[^\W\d_]+", left)[-1:]
    plain = (
        not before
        or re.search(r"[,.:;!?(&/]\s*$", left)
        or (before[0].islower() and before[0] not in _LETTERED)
    )
    hailed = before and before[0] in _HAILED
    return bool((plain or hailed) and re.match(r"\s?(?:le |la |[A-ZÁÉÍÓÚÂÊÔÀÈÇ/&]|y |et )", right))


_LETTERED: Final = words(
    "vitamina sala turma categoria hepatite hepatitis talla taille classe clase grupo groupe opción puerta planta letra"
)
"""Before these nouns' single letter no title stands: `talla M.`, `vitamina D.`"""
_HAILED: Final = words("Estimado Cher Bonjour Caro Hola Señor Sr O A El La Le Para Con De Querido Excmo")
"""Capital words after which `D.` and `M.` are titles all the same."""
_FEMININE_BEFORE: Final = re.compile(r"(?:a|dad|ción|ão|dade|[Dd]osis|[Dd]ose)\s$")


def agreeing_limit(said: str, left: str) -> str:
    """`temperatura máx.` is "máxima"."""
    return said[:-1] + "a" if said in ("máximo", "mínimo") and _FEMININE_BEFORE.search(left) else said

"""What the Romance languages share: gender by endings, strokes of gender, fractions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from campaign.speech.languages.record import NOTHING, Noun, Occurrence, OwnReading
from campaign.speech.languages.shaping import START
from campaign.speech.typed import Kind, TypedValue, typed
from campaign.speech.wordlist import words

_NOUN: Final = re.compile(r"[ \u00a0]([^\W\d]+(?:-[^\W\d]+)*)")
_ANOTHER: Final = re.compile(r"\s[^\W\d]{1,3}\s\d")
"""`1 o 2 días` is "uno o dos días"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nouns:
    """Genders of a language's nouns: closed lists, then endings; where they do not tell, masculine."""

    feminine: re.Pattern[str]
    """Endings, of the singular."""
    feminine_words: frozenset[str] = frozenset()
    """In small letters, in the singular."""
    masculine_words: frozenset[str] = frozenset()
    """Likewise."""
    masculine: re.Pattern[str] = NOTHING
    """Endings that look feminine: `dentista`."""
    singulars: Callable[[str], tuple[str, ...]] = lambda word: ()
    """What a word may be the plural of, the likeliest first."""
    none: frozenset[str] = frozenset()
    """Words that are no noun."""
    passed_over: re.Pattern[str] = NOTHING
    """What may stand between a number and its noun: `1 ou 2 vezes`, `2 mil mulheres`."""
    names_count: bool = True
    """A capital word after a number counts as its noun: `13001 Marseille`."""

    def gender(self, word: str) -> str:
        """Of a noun, in either number."""
        small = word.lower()
        forms = (small, *self.singulars(small))
        for form in forms:
            if form in self.masculine_words:
                return "m"
            if form in self.feminine_words:
                return "f"
        if any(self.masculine.fullmatch(form) for form in forms):
            return "m"
        return "f" if any(self.feminine.fullmatch(form) for form in forms) else "m"

    def singular(self, word: str) -> str:
        """The likeliest singular of a noun in either number."""
        forms = self.singulars(word)
        known = [form for form in forms if form in self.masculine_words | self.feminine_words]
        return (known or [*forms, word])[0]

    def after(self, left: str, right: str) -> Noun:
        """The noun that `right` begins with."""
        passed = self.passed_over.match(right)
        match = _NOUN.match(right[passed.end() - 1 :] if passed else right)
        if not match or match[1].lower() in self.none:
            return Noun("m", False)
        word = match[1]
        if word[0].isupper():
            return Noun("m", self.names_count)
        return Noun(self.gender(word), not _ANOTHER.match(right))


def lettered(nouns: Nouns, determiners: Mapping[str, str]) -> OwnReading:
    """`la 2a rata`, `o 3o aviso`: an ordinal where the article before it or the noun after it has its gender."""

    def read(found: Occurrence) -> TypedValue:
        gender = "f" if found.written.endswith("a") else "m"
        before = _LAST_WORD.search(found.left)
        word = before[1] if before else ""
        articled = determiners.get(word.lower()) == gender
        right = found.right[:_CONTEXT]
        noun = nouns.after("", _ANOTHER_RANK.sub("", right))
        agrees = (noun == (gender, True) or _OF.match(right)) and not word[:1].isupper()
        return typed(Kind.ORDINAL if articled or agrees else Kind.CODE, found.written)

    return OwnReading(
        name="lettered", shape=rf"{START}\d{{1,2}}[ao](?=[\s.,;:!?)]|$)", before="code", read=read
    )


_CONTEXT: Final = 48
_ANOTHER_RANK: Final = re.compile(r"^\s[a-zé]{1,2}\s\d{1,2}[ao](?=\s)")
"""`1o y 2o piso`."""
_OF: Final = re.compile(r"\s(?:de|di|do|da|del|della)\s[^\W\d]")
"""`2o de primaria`."""
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)['’]?\s$")


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

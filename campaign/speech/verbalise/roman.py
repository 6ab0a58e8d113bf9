"""Roman numerals where they are certain: after a head word, after a ruler's name, in a century."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from campaign.speech.verbalise.numbers import cardinal, ordinal
from campaign.speech.verbalise.wordlist import words

_NUMERAL: Final = r"X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3}"
_VALUES: Final = {"I": 1, "V": 5, "X": 10}
_HEADS: Final[Mapping[str, frozenset[str]]] = {
    "en": words("War Chapter Part Volume Book Act Phase Type Class Grade Stage Section Article Title Level"),
    "de": words("Kapitel Teil Band Akt Phase Typ Klasse Grad Stufe Weltkrieg"),
    "es": words(
        "Capítulo capítulo Parte parte Tomo tomo Fase fase Tipo tipo Grado grado Título título Siglo siglo"
    ),
    "fr": words("Chapitre chapitre Partie partie Tome tome Phase phase Type type Stade stade Titre titre"),
    "it": words("Capitolo capitolo Parte parte Fase fase Tipo tipo Grado grado Titolo titolo"),
    "pt": words("Capítulo capítulo Parte parte Fase fase Tipo tipo Grau grau Título título Século século"),
}
"""`Chapter IV`, `siglo XXI`: read as a plain number."""
_ORDINAL_HEADS: Final[Mapping[str, frozenset[str]]] = {"it": words("secolo Secolo")}
_RULERS: Final[Mapping[str, frozenset[str]]] = {
    "en": words(
        "Louis Henry Charles George Edward William Richard James Elizabeth Philip Paul Pius Benedict Francis"
    ),
    "de": words(
        "Ludwig Heinrich Karl Friedrich Wilhelm Otto Elisabeth Philipp Paul Pius Benedikt Franz Leopold"
    ),
    "es": words(
        "Felipe Carlos Alfonso Fernando Luis Enrique Isabel Pablo Pío Benedicto Francisco Jaime Sancho"
    ),
    "fr": words(
        "Louis Henri Charles François Philippe Napoléon Élisabeth Jean Paul Pie Benoît Guillaume Léopold"
    ),
    "it": words(
        "Luigi Enrico Carlo Vittorio Emanuele Umberto Filippo Paolo Pio Benedetto Elisabetta Francesco Federico"
    ),
    "pt": words("João Pedro Afonso Manuel Luís Carlos Filipe Isabel Paulo Pio Bento Dinis Sancho Henrique"),
}
_ORDINAL_RULERS_TO: Final = {"en": 99, "it": 99, "es": 10, "pt": 10}
"""Rulers up to this number are ordinals; above, and in French but for the first, cardinals."""
_FEMININE: Final = words("Elizabeth Elisabeth Isabel Élisabeth Elisabetta")
_NOT_INITIAL: Final = r"(?!\.?\s?[A-Z]\w*\.?\s[A-Z])(?![\w-])"


def roman_pattern(language: str) -> str:
    """Where a numeral is one: part of the front end's pattern, empty for a language without."""
    if language not in _HEADS:
        return ""
    numbered = _behind(_HEADS[language] | _ORDINAL_HEADS.get(language, frozenset()))
    ruling = _behind(_RULERS[language]) + r"(?![IVX]\b)"  # `Charles V. Smith`, `Dear Charles I am`
    heads = rf"(?:{numbered})|(?:{ruling})"
    dot = r"\.?" if language == "de" else ""
    century = _CENTURIES.get(language, "")
    first = r"(?:er|re)?" if language == "fr" else ""
    return rf"(?=[IVX])(?:{heads})(?:{_NUMERAL}){first}{_NOT_INITIAL}{dot}{century}"


_CENTURIES: Final[Mapping[str, str]] = {
    "fr": rf"|(?<!\w)(?:{_NUMERAL})(?:er|e|ème)(?=\s(?:siècle|arrondissement))",
    "it": rf"|(?<!\w)(?:{_NUMERAL})(?=\ssecolo)",
}


def _behind(heads: frozenset[str]) -> str:
    return "(?:" + "|".join(rf"(?<=\b{head} )" for head in sorted(heads)) + ")"


@lru_cache(maxsize=512)
def roman_words(written: str, left: str, language: str) -> str:
    """The words for the numeral `written`, which `left` stands before."""
    numeral = re.match(r"[IVX]+", written)
    assert numeral is not None
    value = _value(numeral[0])
    head = re.findall(r"[^\W\d_]+", left)[-1:] or [""]
    if written.endswith(("e", "ème")) and not written.endswith("re"):
        return ordinal(value, language)
    if language == "it" and head[0] not in _HEADS["it"] | _RULERS["it"]:
        return ordinal(value, language)
    if head[0] not in _RULERS[language]:
        return cardinal(value, language)
    gender = "f" if head[0] in _FEMININE else "m"
    if language == "de":
        dative = re.search(rf"\b(?:von|mit|unter|bei|nach|vor|seit)\s+(?:[^\W\d_]+\s+)?{head[0]}\s*$", left)
        ending = "en" if dative else "e"
        article = ("der" if gender == "f" else "dem") if dative else ("die" if gender == "f" else "der")
        return f"{article} {ordinal(value, 'de', ending=ending).capitalize()}"
    if value <= _ORDINAL_RULERS_TO.get(language, 1):
        ordinal_words = ordinal(value, language, gender=gender)
        return f"the {ordinal_words}" if language == "en" else ordinal_words
    return cardinal(value, language)


def _value(numeral: str) -> int:
    figures = [_VALUES[letter] for letter in numeral]
    return sum(
        -figure if any(after > figure for after in figures[index + 1 : index + 2]) else figure
        for index, figure in enumerate(figures)
    )

"""What is written short and read in full: abbreviations, initials, weekdays, strokes, house numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from campaign.speech.typed import Kind, TypedValue
from campaign.speech.verbalise.abbreviations import ENDINGS, NUMERIC_FORMS, SHORT_FORMS
from campaign.speech.verbalise.calendar import month_name
from campaign.speech.verbalise.numbers import digits, in_pairs, number
from campaign.speech.verbalise.roman import roman_words
from campaign.speech.verbalise.units import UNITS
from campaign.speech.verbalise.wordlist import words as word_list
from campaign.speech.verbalise.words import (
    BETWEEN,
    OR_WORDS,
    PER_WORDS,
    RANGE_WORDS,
    WEEKDAYS,
)
from campaign.speech.verbalise.written import month_names, parse_number

Reader = Callable[[str, str, re.Match[str], str], TypedValue]
"""(written, text, match, language) to the value."""


def typed(kind: Kind, written: str, **options: str) -> TypedValue:
    """A value of `kind` with these options."""
    return TypedValue(kind=kind, written=written, options=tuple(sorted(options.items())))


def in_words(written: str, words: str, *, padded: bool = False) -> TypedValue:
    """`written`, read as `words`."""
    return typed(Kind.WORDS, written, words=f" {words} " if padded else words)


def _month(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, month_name(month_names(language)[written.rstrip(".").lower()], language))


def _nothing(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, "")


def _stroke(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, "，" if language == "zh" else ", ")


def _initial(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    """A letter that a grammar would take for a Roman numeral: `Ana M. Ruiz`."""
    return in_words(written, written)


def _roman(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, roman_words(written, text[: match.start()], language))


def _street(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    if language == "en" and len(written) < 5:
        return in_words(written, in_pairs(int(written), language))
    return in_words(written, " ".join(digits(part, language) for part in written.split("-")))


def _initials(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    return in_words(written, " ".join(written.replace(".", "")))


def _weekdays(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    names = [
        WEEKDAYS[language].get(name) or WEEKDAYS[language][name.lower()]
        for name in re.findall(r"[^\W\d_]+", written)
    ]
    if "/" in written:
        last = BETWEEN[language][1]
        return in_words(written, f"{', '.join(names[:-1])} {last} {names[-1]}")
    return in_words(written, f" {RANGE_WORDS[language]} ".join(names))


def _short(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    words = SHORT_FORMS[language][written]
    left, right = text[: match.start()], text[match.end() :]
    numbered = re.search(r"\d\s(?:[^\W\d_]+\s)+$", left)
    if language == "en" and written == "St." and (numbered or not right.lstrip()[:1].isupper()):
        words = "Street"
    if language == "en" and written == "Dr." and numbered:
        words = "Drive"
    if language == "de" and written == "Fr." and not _woman(left, right):
        words = "Freitag"
    if written in ("D.", "M.") and not _title(left, right):
        words = written
    elif language == "pt" and written == "D." and not re.match(r"\s\w+a\b", right):
        words = "dom"
    if words in ("máximo", "mínimo") and re.search(r"(?:a|dad|ción|ão|dade)\s$", text[: match.start()]):
        words = words[:-1] + "a"
    return in_words(written, words)


def _woman(left: str, right: str) -> bool:
    """Whether German `Fr.` is a woman and no Friday."""
    weekday = re.search(r"\b(?:[Aa]m|[Jj]eden|[Nn]ächsten|[Dd]iesen|[Kk]ommenden|[Bb]is|[Vv]om)\s$", left)
    return bool(re.match(r"\s(?:Dr\.|Prof\.|[A-ZÄÖÜ][a-zäöüß])", right)) and not weekday


def _title(left: str, right: str) -> bool:
    """Whether `D.` or `M.` stands before a name, and is no initial, size, class or vitamin."""
    before = re.findall(r"[^\W\d_]+", left)[-1:]
    plain = (
        not before
        or re.search(r"[,.:;!?(&/]\s*$", left)
        or (before[0].islower() and before[0] not in _LETTERED)
    )
    hailed = before and before[0] in _HAILED
    return bool((plain or hailed) and re.match(r"\s?(?:le |la |[A-ZÁÉÍÓÚÂÊÔÀÈÇ/&]|y |et )", right))


_LETTERED: Final = word_list(
    "vitamina sala turma categoria hepatite hepatitis talla taille classe clase grupo groupe opción puerta planta letra"
)
"""Before these nouns' single letter no title stands: `talla M.`, `vitamina D.`"""
_HAILED: Final = word_list("Estimado Cher Bonjour Caro Hola Señor Sr O A El La Le Para Con De Querido Excmo")
"""Capital words after which `D.` and `M.` are titles all the same."""


def _always(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    hours = "vingt-quatre heures sur vingt-quatre" if written.startswith("24") else ""
    days = "sept jours sur sept" if written.endswith("7") else ""
    link = " et " if "et" in written else ", "
    return in_words(written, link.join(part for part in (hours, days) if part))


def _numeric(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    forms = NUMERIC_FORMS[language]
    if language == "de" and written == "S." and re.search(r"Abs(?:\.|atz)\s\d+\s$", text[: match.start()]):
        return in_words(written, "Satz")
    if written in forms:
        return in_words(written, forms[written])
    ending = next(ending for ending in ENDINGS if written.endswith(ending))
    return in_words(written, written.removesuffix(ending) + forms[ending])


def _hyphenated(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    figures, _, sign = written.rpartition("-")
    singular, _, gender = UNITS[sign][language]
    words = number(parse_number(figures, language), language, gender=gender, noun=True)
    return in_words(written, f"{words}{'-' if language == 'de' else ' '}{singular}")


def _slashed(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    first, second = written.split("/")
    ending = re.fullmatch(r"(.*o)(s?)", first)
    if ending and second in ("a", "as"):
        second = (ending[1][:-1] + second).lower()
    if second in ("or", "oder", "o", "ou"):
        return in_words(written, f"{first} {second}")
    forms = SHORT_FORMS[language]
    return in_words(written, f"{forms.get(first, first)} {OR_WORDS[language]} {forms.get(second, second)}")


def _rated(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    singular, _, _ = UNITS[written.strip(" /.")][language]
    return in_words(
        written, f" {PER_WORDS[language]} {singular}" if language != "zh" else PER_WORDS[language] + singular
    )


def _per(written: str, text: str, match: re.Match[str], language: str) -> TypedValue:
    after = text[match.end() :].lstrip()
    days, link = _PER_DAY.get(language, (None, ""))
    if days and days.match(after) and (language != "en" or text[: match.start()][-1:].isalpha()):
        return in_words(written, link, padded=True)
    return in_words(written, PER_WORDS[language], padded=language != "zh")


_PER_DAY: Final = {
    "es": (re.compile(r"(?:mes|año|día)\b"), "al"),
    "it": (re.compile(r"(?:mese|giorno)\b"), "al"),
    "en": (re.compile(r"(?:day|night|week|month|year)\b"), "a"),
}
"""`20 €/mes` is "veinte euros al mes", `3 times/day` is "three times a day"."""


WORDED: Final[dict[str, Reader]] = {
    "short": _short,
    "always": _always,
    "numeric": _numeric,
    "slashed": _slashed,
    "initials": _initials,
    "initial": _initial,
    "weekdays": _weekdays,
    "month": _month,
    "bullet": _nothing,
    "stroke": _stroke,
    "rated": _rated,
    "per": _per,
    "each": _per,
    "roman": _roman,
    "street": _street,
    "hyphenated": _hyphenated,
}
"""By group of the pattern."""

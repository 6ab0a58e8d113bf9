"""Where a sentence ends, by language: never after an abbreviation, an initial, an ordinal or inside a number.

Rules, not a model: the texts are short and written by authors, and the answer must be the same for ever.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.languages.cldr import months as month_names
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.languages.traits import traits
from campaign.speech.wordlist import words

_CANDIDATE: Final = re.compile(
    r"""(?:[.!?…]+[)"'»”’\]]*(?=[\s\ue000-\uf8ff]|$)[ \t\u00a0\u202f]*\n?"""
    r"""|[。！？]+[」』”’）]*\s*|[؟۔।॥]+\s*|[ \t]*\n[ \t]*\n\s*)"""
)
_GENERAL: Final = words("dr prof st vs etc nr no tel vol fig art cf ca approx inc ltd co corp jr sr")
_LISTED: Final = re.compile(r",\s*\d{1,3}$")
"""`Bahnhofstr. 12, 2. OG`."""
_ROMAN: Final = re.compile("[IVX]{1,5}")
_SPACED_DATE: Final = re.compile(r"\s?\d{1,2}\.\s?(?:\d{4}|\d{2})\b")
"""The rest of `2. 3. 2027`."""
_DAY_MONTH: Final = re.compile(r"\d{1,2}\.\s?\d{1,2}$")
_YEAR: Final = re.compile(r"\s?\d{4}\b")


@lru_cache(maxsize=8192)
def sentence_ends(text: str, language: str) -> tuple[int, ...]:
    """Offsets after which a sentence ends, the last one `len(text)`; white space goes with the sentence before."""
    ends = [match.end() for match in _CANDIDATE.finditer(text) if _is_end(text, match, language)]
    if not ends or ends[-1] != len(text):
        ends.append(len(text))
    return tuple(ends)


def _is_end(text: str, match: re.Match[str], language: str) -> bool:
    mark = match[0]
    if match.end() == len(text) or mark.isspace() or "\n\n" in mark:
        return True
    following = text[match.end() :].lstrip("\"'«»“„‘([¿¡ ")[:1]
    if mark[0] in "!?…" and following.islower():
        return False
    if mark[0] != "." or mark.startswith("..."):
        return not (mark.startswith("...") and following.islower())
    return _dot_ends(text, match, language, following)


def _dot_ends(text: str, match: re.Match[str], language: str, following: str) -> bool:
    left = _MARK.sub(" ", text[max(0, match.start() - 24) : match.start()])
    word = re.search(r"[^\s(\"'«„“]*$", left)
    before = word[0] if word else ""
    lower = before.lower()
    tail = re.split(r"[-–.]", lower)[-1]
    # figures of every kind, `¹` and `①` too: they are looked at here, not counted with
    if 0 < len(before) <= 4 and before.isalpha() and text[match.end() : match.end() + 1].isdigit():
        return False
    forms, rules = _forms(language), _rules(language)
    ending = any(lower.endswith(end[:-1]) for end in forms.endings)
    if ending and re.match(r"\d|[A-Z]{0,3}[-/\d]", text[match.end() :]):
        return False
    if f"{before}." in forms.numeric and following.isdigit():
        return False
    if lower in rules.enders and rules.starters.match(text, match.end()):
        return True
    if {lower, tail} & _date_abbreviations(language):
        return following.isupper()
    if lower in ("a", "d") and re.match(r"\s*C\.", text[match.end() :]):
        return False  # `44 a. C.`
    if lower in _HALVES and _ZONE.match(text, match.end()):
        return False
    if {lower, tail} & _abbreviations(language):
        return lower in _FINAL and following.isupper() and not _TITLE.search(lower)
    if rules.ordinal_dot and _ROMAN.fullmatch(before) and rules.ordinal_right.match(text, match.end()):
        return False
    if len(before) == 1 and before.isalpha() and (before.isupper() or rules.small_initials):
        return False
    if re.fullmatch(r"(?:[^\W\d]\.)+[^\W\d]", before):
        return following.isupper() and lower in _FINAL
    figures = re.search(r"(?:^|[-–/])(?:\d{1,3}(?:\.\d{3})*|\d{4})$", before)
    if rules.ordinal_dot and figures and left.strip() == before == text[: match.start()].strip("\ue000 "):
        return False
    if rules.ordinal_dot and figures:
        if _SPACED_DATE.match(text, match.end()):
            return False
        if rules.ordinal_right.match(text, match.end()) or rules.ordinal_left.search(left):
            return False
        if _LISTED.search(left) or (_DAY_MONTH.search(left) and _YEAR.match(text, match.end())):
            return False
        return not following.islower()
    return not following.islower()


@lru_cache(maxsize=64)
def _rules(language: str) -> SentenceRules:
    room = registry.language(language)
    return SentenceRules(ordinal_dot=language in traits().ordinal_dot) if room is None else room.sentences


def _forms(language: str) -> Forms:
    room = registry.language(language)
    return _NO_FORMS if room is None else room.forms


_NO_FORMS: Final = Forms()


@lru_cache(maxsize=16)
def _abbreviations(language: str) -> frozenset[str]:
    """In lower case without the dot: those listed and those that are read as words."""
    read = {form[:-1].rpartition(" ")[2].lower() for form in _forms(language).short if form.endswith(".")}
    return _GENERAL | _rules(language).abbreviations | read


@lru_cache(maxsize=16)
def _date_abbreviations(language: str) -> frozenset[str]:
    """Short names of days and months, after which a sentence ends where a capital follows."""
    if not _rules(language).date_abbreviations:
        return frozenset()
    months = (name for name in month_names(language) if len(name) < _LONG_NAME)
    days = (name.lower() for name in _forms(language).weekdays)
    return frozenset((*days, *months)) - _WORDS_TOO


_LONG_NAME: Final = 5
_WORDS_TOO: Final = words("may mai mag dom sol set")
_HALVES: Final = words("a.m p.m")
_ZONE: Final = re.compile(r"\s?(?:[A-Z]{1,3}T|UTC|GMT)\b")
"""Of `2 p.m. EST`."""
_MARK: Final = re.compile("[\ue000-\uf8ff]")
_FINAL: Final = words("etc usw a.m p.m ecc jr sr inc ltd co corp u.s.w bzw o.ä") - {"bzw"}
"""Abbreviations that may also be the last word of a sentence."""
_TITLE: Final = re.compile(r"^(?:sr)$")

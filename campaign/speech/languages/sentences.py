"""Where a sentence ends, by language: never after an abbreviation, an initial, an ordinal or inside a number.

Rules, not a model: the texts are short and written by authors, and the answer must be the same for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from campaign.speech.verbalise.abbreviations import ENDINGS, NUMERIC_FORMS, SHORT_FORMS
from campaign.speech.verbalise.wordlist import words
from campaign.speech.verbalise.words import WEEKDAYS
from campaign.speech.verbalise.written import month_names

_CANDIDATE: Final = re.compile(
    r"""(?:[.!?…]+[)"'»”’\]]*(?=[\s\ue000-\uf8ff]|$)[ \t\u00a0\u202f]*\n?"""
    r"""|[。！？]+[」』”’）]*\s*|[؟۔]+\s*|[ \t]*\n[ \t]*\n\s*)"""
)
_GENERAL: Final = words("dr prof st vs etc nr no tel vol fig art cf ca approx inc ltd co corp jr sr")
ABBREVIATIONS: Final[Mapping[str, frozenset[str]]] = {
    "en": words(
        "mr mrs ms messrs rev hon gen col capt lt sgt ave blvd rd apt dept est e.g i.e a.m p.m jan "
        "feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri"
    ),
    "de": words(
        "hr hrn fr frl bzw usw z.b z d.h d u.a u o.ä v.a i.d.r s.o s.u str ggf evtl inkl exkl zzgl "
        "abs abt allg bspw geb gest hbf jh jan feb mär apr jun jul aug sept okt nov dez mo di mi do "
        "fr sa so mio mrd mind max min std tägl dipl ing med rer nat phil u.s.w bes bzgl sog vgl"
    ),
    "es": words(
        "sr sra srta sres dra d dña ud uds vd vds p.ej ej av avda c/ pág págs núm aprox depto dpto "
        "ee uu a.m p.m lic ing arq gral atte tfno"
    ),
    "fr": words(
        "m mm mme mmes mlle mlles me av bd boul c.-à-d p.ex ex env tél réf éd chap janv févr avr "
        "juil sept oct nov déc lun mar mer jeu ven sam dim apr"
    ),
    "it": words(
        "sig sigg sig.ra sig.na dott dott.ssa avv ing arch geom rag on ecc es pag pagg p.es p.za "
        "v.le tel cod spett egr gent.mo gent.ma gent a.c d.c"
    ),
    "pt": words("sr sra srs sras dra d exmo exma av r pág págs núm ex p.ex tel depto eng arq"),
}
_MONTHISH: Final = re.compile(r"\s*[^\W\d]{3,}")
_ORDINAL_DOT: Final = frozenset({"de", "cs", "da", "no", "pl", "hu", "fi"})
_ORDINAL_LEFT: Final = re.compile(
    r"(?:^|[\s(])(?:am|im|ohne|mit|für|bei|nach|vor|des|zum|zur|vom|ab|bis|beim|ins|seit|und|oder|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:d|dies|jed|jen|welch)(?:er|ie|e|as|es|en|em)|(?:unser|ihr|mein|sein|dein|kein|ein)(?:e|en|em|er|es)?),?"
    r"\s+\d{1,3}$",
    re.I,
)
_LISTED: Final = re.compile(r",\s*\d{1,3}$")
"""`Bahnhofstr. 12, 2. OG`."""
_DAY_MONTH: Final = re.compile(r"\d{1,2}\.\s?\d{1,2}$")
_YEAR: Final = re.compile(r"\s?\d{4}\b")
_GERMAN_MONTH: Final = re.compile(
    r"\s*(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Etage|Stock|Klasse|Quartal|Rate|Mahnung|Jahrhundert|OG|UG|Obergeschoss)"
)


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
    ending = any(lower.endswith(end[:-1]) for end in ENDINGS) and language == "de"
    if ending and re.match(r"\d|[A-Z]{0,3}[-/\d]", text[match.end() :]):
        return False
    if f"{before}." in NUMERIC_FORMS.get(language, ()) and following.isdigit():
        return False
    if language == "en" and lower in ("st", "dr") and _STARTER.match(text, match.end()):
        return True
    if {lower, tail} & _date_abbreviations(language):
        return following.isupper()
    if lower in ("a", "d") and re.match(r"\s*C\.", text[match.end() :]):
        return False  # `44 a. C.`
    if {lower, tail} & _abbreviations(language):
        return lower in _FINAL and following.isupper() and not _TITLE.search(lower)
    if len(before) == 1 and before.isalpha() and (before.isupper() or language == "de"):
        return False
    if re.fullmatch(r"(?:[^\W\d]\.)+[^\W\d]", before):
        return following.isupper() and lower in _FINAL
    figures = re.search(r"(?:^|[-–])\d{1,3}$", before)
    if (
        language in _ORDINAL_DOT
        and figures
        and left.strip() == before == text[: match.start()].strip("\ue000 ")
    ):
        return False
    if language in _ORDINAL_DOT and figures:
        if _GERMAN_MONTH.match(text, match.end()) or _ORDINAL_LEFT.search(left):
            return False
        if _LISTED.search(left) or (_DAY_MONTH.search(left) and _YEAR.match(text, match.end())):
            return False
        return not following.islower()
    return not following.islower()


@lru_cache(maxsize=16)
def _abbreviations(language: str) -> frozenset[str]:
    """In lower case without the dot: those listed here and those that are read as words."""
    read = {
        form[:-1].rpartition(" ")[2].lower() for form in SHORT_FORMS.get(language, ()) if form.endswith(".")
    }
    return _GENERAL | ABBREVIATIONS.get(language, frozenset()) | read


@lru_cache(maxsize=16)
def _date_abbreviations(language: str) -> frozenset[str]:
    """Short names of days and months, after which a sentence ends where a capital follows."""
    if language in ("en", "de"):
        return frozenset()
    months = (name for name in month_names(language) if len(name) < _LONG_NAME)
    days = (name.lower() for name in WEEKDAYS.get(language, ()))
    return frozenset((*days, *months)) - _WORDS_TOO


_LONG_NAME: Final = 5
_WORDS_TOO: Final = words("may mai mag dom sol set")
_STARTER: Final = re.compile(
    r"\s*(?:He|She|It|The|We|You|They|Please|Call|Our|This|That|Your|If|There|For|In)\b"
)
"""`She lives on Oak St. She is 40.`"""
_MARK: Final = re.compile("[\ue000-\uf8ff]")
_FINAL: Final = words("etc usw a.m p.m ecc jr sr inc ltd co corp u.s.w bzw o.ä") - {"bzw"}
"""Abbreviations that may also be the last word of a sentence."""
_TITLE: Final = re.compile(r"^(?:sr)$")

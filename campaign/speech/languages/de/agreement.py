"""German gender by endings and closed lists, and the case that prepositions and verbs ask for."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement, Noun
from campaign.speech.languages.shaping import standing_before
from campaign.speech.wordlist import words

_FEMININE: Final = re.compile(
    r"(?!(?:Name|Kunde|Junge|Kollege|Buchstabe|Gedanke|Käse|Ende|Auge|Gebäude|Interesse|Gerät)$)[A-ZÄÖÜ]\w+e"
    r"|Frau|Tochter|Mutter|Schwester|Stadt|Bank|Uhr|Tür|Zahl|Wahl|Person|Nummer|Mail|SMS"
    r"|\w+(?:ung|heit|keit|schaft|ion|tät|ei|ie)|\w*(?:[nN]achricht|[nN]acht)"
)
_MASCULINE: Final = re.compile(
    r"Termin|Monat|Tag|Brief|Anruf|Punkt|Platz|Artikel|Euro|Bericht|Antrag|Hinweis|Posten|Schlüssel"
)
_NEUTER: Final = re.compile(
    r"Quartal|Halbjahr|Jahr|Semester|Mal|Kind|Kapitel|Zimmer|Treffen|Angebot|Spiel|Buch|Haus|Team|OG|UG|\w*[gG]eschoss"
)
_NO_NOUN: Final = words("und oder bis von ist sind war auf in im am an mit zu für wird wurde")
_PASSED_OVER: Final = re.compile(r"\s?(?:bis|und|oder|,|[-–])\s?\d+\.\s|\s[a-zäöüß]+(?:e|en|er|es)\s")
"""What may stand between a number and its noun: `1. bis 4. Klasse`, `1 neue Nachricht`."""
_NOUN: Final = re.compile(r"[ \u00a0]([^\W\d]+)")
_ACCUSATIVE: Final = words("für um ohne gegen durch haben hat habe erhalten bekommen")
_DATIVE: Final = words("in vor nach seit mit bei von aus zu ab")
"""Prepositions before `1 Woche`: "in einer Woche"."""


def _noun_after(left: str, right: str) -> Noun:
    passed = _PASSED_OVER.match(right)
    match = _NOUN.match(right[passed.end() - 1 :] if passed else right)
    if not match or match[1].lower() in _NO_NOUN:
        return Noun("m", False)
    word = match[1]
    if _FEMININE.fullmatch(word) and not _MASCULINE.fullmatch(word):
        return Noun("f", True)
    return Noun("n" if _NEUTER.fullmatch(word) else "m", True)


def _one_before(said: str, gender: str, left: str, right: str) -> tuple[str, int]:
    before = re.findall(r"[^\W\d_]+", left.lower())[-1:]
    adjective = re.match(r"\s[a-zäöüß]+(e|en|er|es)\s", right)
    if before and before[0] in _DATIVE:
        return "einer" if gender == "f" else "einem", 0
    if adjective and adjective[1] == "e":
        return "eine", 0
    noun = re.match(r"\s(?:[a-zäöüß]+\s)?([^\W\d]+)", right)
    masculine = noun is not None and _MASCULINE.fullmatch(noun[1])
    if (adjective and adjective[1] == "en") or (masculine and before and before[0] in _ACCUSATIVE):
        return "einen", 0
    return said, 0


_DATIVE_WORDS: Final = words("zur am vom zum beim dem im ab seit den des bis")
_DATIVE_PREPOSITIONS: Final = words(
    "in an auf bei mit nach seit von zu aus vor hinter über unter neben zwischen ab"
)
_WEAK_EN: Final = re.compile(
    r"(?:dies|jed|jen|welch|unser|ihr|mein|sein|dein|kein|ein|allen?|beid)(?:en|em|es|n)"
)
_WEAK_E: Final = re.compile(r"(?:dies|jed|jen|welch)(?:er|e)|(?:unser|ihr|mein|sein|dein|kein|ein)e")
_TRANSPARENT: Final = re.compile(
    r",|\d+\.?|und|oder|sowie|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
    r"|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
)
"""What may stand between the preposition and the day: `am Freitag, 3. Dezember`, `am 5. und 6. Januar`."""


def ending(left: str) -> str:
    """Of an ordinal, from the words before it: dative, nominative or no article."""
    before = re.findall(r"[^\W\d]+|\d+\.?|[,;:.!?]", left.lower())
    while before and (_TRANSPARENT.fullmatch(before[-1]) or _joins_ordinals(before)):
        before.pop()
    last = before[-1] if before else ""
    if last == "der":
        return "en" if len(before) > 1 and before[-2] in _DATIVE_PREPOSITIONS else "e"
    if last in _DATIVE_WORDS or _WEAK_EN.fullmatch(last):
        return "en"
    return "e" if last in ("die", "das") or _WEAK_E.fullmatch(last) else "er"


def _joins_ordinals(before: list[str]) -> bool:
    """The `bis` of `1. bis 4. Klasse`: the second declines as the first."""
    return before[-1] == "bis" and len(before) > 1 and before[-2].endswith(".") and before[-2] != "."


def _ending_by_gender(ending: str, gender: str) -> str:
    return {"f": "e", "n": "es"}.get(gender, "er") if ending == "er" else ending


_COUNTING: Final = standing_before(
    "über",
    "rund",
    "etwa",
    "circa",
    "ca.",
    "fast",
    "ungefähr",
    "knapp",
    "mehr als",
    "bis zu",
    "weniger als",
    "mindestens",
    "höchstens",
)
AGREEMENT: Final = Agreement(
    counting=_COUNTING,
    noun_after=_noun_after,
    one_before=_one_before,
    ending=ending,
    ending_by_gender=_ending_by_gender,
    counted=re.compile(
        r"\s(?:[a-zäöüß]+(?:e|en|er|es)\s){0,2}(?!(?:Uhr|Sie|Ihr|Ihre|Bitte)\b)[A-ZÄÖÜ][a-zäöüß]|\s(?:mal|weitere|Mal)\b|-[a-z]"
    ),
    labels=re.compile(
        r"\b(?:Absatz|Nummer|Seite|Zimmer|Kapitel|Artikel|Raum|Gleis|Tor|Linie|Paragraf|Abs\.|Nr\.|§)\s$"
    ),
)

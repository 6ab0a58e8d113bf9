"""German agreement: the case that prepositions and verbs ask for, "one" and the ordinal declined by it."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.de.nouns import gender
from campaign.speech.languages.record import Agreement, Noun
from campaign.speech.languages.shaping import standing_before
from campaign.speech.wordlist import words

_NO_NOUN: Final = words(
    "der die das den dem des und oder bis von ist sind war auf in im am an mit zu für wird wurde"
)
_PASSED_OVER: Final = re.compile(
    r"\s?(?:bis|und|oder|,|[-–/])\s?\d+\.\s|\s(?:bis|oder)\s\d+(?:[.,]\d+)?\s|\s(?!d(?:er|ie|en|em|es)\s)[a-zäöüß]+(?:e|en|er|es|em)\s"
)
"""What may stand between a number and its noun: `1. bis 4. Klasse`, `1 bis 2 Tage`, `1 neue Nachricht`."""
_BETWEEN: Final = re.compile(r"\b[Zz]wischen $")
_AND_ANOTHER: Final = re.compile(r"\sund\s\d+(?:[.,]\d+)?\s")
"""`zwischen 1 und 2 Tagen`."""
_NOUN: Final = re.compile(r"[ \u00a0](?:([^\W\d]+)|([€$]))")
_ADJECTIVE: Final = re.compile(r"\s[a-zäöüß]+(e|en|er|es|em)\s")
_ADJECTIVE_GENDER: Final = {"e": "f", "er": "m", "es": "n"}
"""After "one" in the nominative and the accusative."""


def _noun_after(left: str, right: str) -> Noun:
    passed = _PASSED_OVER.match(right) or (_BETWEEN.search(left) and _AND_ANOTHER.match(right))
    match = _NOUN.match(right[passed.end() - 1 :] if passed else right)
    if match is None or (match[1] or "A")[0].islower() or (match[1] or "").lower() in _NO_NOUN:
        return Noun("m", False)
    return Noun(gender(match[1]) if match[1] else "m", True)


# -- case ---------------------------------------------------------------------------------------------

_ACCUSATIVE: Final = words("für um ohne gegen durch über pro je per")
_DATIVE: Final = words(
    "in vor nach seit mit bei von aus zu ab an unter neben zwischen außer gegenüber nebst samt laut binnen"
)
"""Those of two cases are of time and place: "in einer Woche", "an einem Tag"."""
_GENITIVE: Final = words("wegen während innerhalb außerhalb trotz statt anstatt")
_TAKES_OBJECT: Final = re.compile(
    r"hab(?:e|en|t|st)|hast|hat(?:te|ten|test)?|(?:ab|an|auf|aus|ein|mit|nach|vor|zu|zurück|gut|bereit|über)?(?:ge)?(?:"
    r"zahl(?:e|en|t|te|ten)|spar(?:e|en|t|te|ten)|brauch(?:e|en|t|te|ten)|nehm(?:e|en)|nimmt?|nahm(?:en)?|nommen"
    r"|bring(?:e|en|t)|bracht?(?:e|en)?|send(?:e|en|et)|sandt?|schick(?:e|en|t|te|ten)|kauf(?:e|en|t|te|ten)"
    r"|buch(?:e|en|t|te|ten)|geb(?:e|en)|gibt|gab(?:en)?|schreib(?:e|en|t)|schrieb(?:en)?|leg(?:e|en|t|te|ten)"
    r"|stell(?:e|en|t|te|ten)|hol(?:e|en|t|te|ten)|trag(?:e|en)|trägt|les(?:e|en)|liest|mach(?:e|en|t|te|ten)"
    r"|plan(?:e|en|t|te|ten)|halt(?:e|en)|hielt(?:en)?|füg(?:e|en|t|te|ten)|liefer(?:e|n|t|te|ten)|wähl(?:e|en|t|te|ten)"
    r"|druck(?:e|en|t)|drück(?:e|en|t)|wieg(?:e|en|t)|wog(?:en)?|trink(?:e|en|t)|iss|esst|essen|find(?:e|en|et)|fand(?:en)?"
    r"|schuld(?:e|en|et|ete|eten)|miet(?:e|en|et|ete|eten)|dauer(?:n|t|te|ten)|kost(?:en|et|ete|eten)|sag(?:e|en|t|te|ten)"
    r")|b(?:enötig|estell|ezahl|eantrag|erechn|esitz|esuch|estätig)(?:e|en|t|et|te|ten|ete|eten)|be(?:kommen?|kommt|kamen?)"
    r"|be(?:trägt|tragen|trug|trugen)|erh(?:alten?|ält|ielten?|ebt|eben)|erstatt(?:e|en|et|ete|eten)|erwart(?:e|en|et|ete)"
    r"|überweis(?:e|en|t)|überwies(?:en)?|verl(?:ieren|iert|or|angen|angt|angte|angten)|gewinn(?:en|t)|gewann"
    r"|reservier(?:e|en|t|te|ten)|ent(?:hält|halten|hielt|richten|richtet|nehmen)|umfass(?:en|t|te|ten)"
    r"|vereinbar(?:e|en|t|te|ten)|hinterlass(?:e|en|t)|hinterließ(?:en)?|öffn(?:e|en|et|ete)|verwend(?:e|en|et|ete)"
    r"|wiederhol(?:e|en|t)|gut(?:schreiben|geschrieben)|ab(?:heben|hebt|gehoben|ziehen|zieht|gezogen)"
)
"""Verbs whose object is in the accusative, in the forms that stand before it or end the clause."""
_PASSED_WORDS: Final = words(
    "noch nur jetzt heute morgen bitte mindestens höchstens maximal etwa circa ca rund genau insgesamt"
    " lediglich bereits schon weitere zusätzlich jeweils wieder erneut nun dann also auch ihnen sie uns mir dir"
    " ihm ihr wir ich er es man mich dich ihn sich einmal zweimal dreimal täglich morgens abends mittags"
    " monatlich jährlich wöchentlich ungefähr fast knapp mehr als dafür davon damit hier dort sofort zunächst"
    " zuerst zuvor danach vorab"
)
"""What may stand between a verb or preposition and the number."""
_JOINED: Final = words("und oder sowie bzw , plus")
_PASSIVE: Final = re.compile(
    r"\b(?:wird|werden|wurden?|worden|ist|sind|sei|bleibt|fehlt|fehlen|steht|liegt)\b"
)
_INFINITIVE: Final = re.compile(
    r"\s(?:[a-zäöüß]+\s)?[A-ZÄÖÜ€$]\w*((?:\s(?!zu\b)[\w.]+){0,4}?)\s([a-zäöüß]+)\b"
)


def _words_before(left: str) -> list[str]:
    """The words before a number, without those that the case reaches across: `mit 1 Koffer und ` is `mit`."""
    before = re.findall(r"[^\W\d_]+|\d[\d.,]*\d|\d|[^\w\s]", left)
    while before:
        if before[-1].lower() in _PASSED_WORDS and len(before) > 1:
            before.pop()
        elif before[-1].lower() in _JOINED and (start := _counted_noun(before[:-1])) is not None:
            del before[start:]
        else:
            break
    return before


def _counted_noun(before: list[str]) -> int | None:
    """Where the number stands that counts the noun at the end: `1 neuer Koffer`; None where there is none."""
    index = len(before) - 1
    if index < 0 or not (before[index][0].isupper() or before[index] in "€$£¥%"):
        return None
    while index > 0 and before[index - 1].islower() and before[index - 1].endswith(("e", "en", "er", "es")):
        index -= 1
    return index - 1 if index > 0 and before[index - 1][0].isdecimal() else None


def case(left: str, right: str) -> str:
    """`nominative`, `accusative`, `dative` or `genitive` of the noun in `right`, by what governs it."""
    before = _words_before(left)
    last = before[-1].lower() if before else ""
    if last in _DATIVE:
        return "dative"
    if last in _ACCUSATIVE or last == "auf":
        return "accusative"
    if last in _GENITIVE:
        return "genitive"
    if _TAKES_OBJECT.fullmatch(last):
        return "accusative"
    clause = re.split(r"[.;:!?]\s", left)[-1]
    object_of = _INFINITIVE.match(right)
    if object_of and not _PASSIVE.search(clause) and _ends_clause(right, object_of):
        return "accusative"
    return "nominative"


def _ends_clause(right: str, match: re.Match[str]) -> bool:
    """Whether the verb that closes the clause takes an object: `1 Löffel einnehmen`, `1 € gespart`."""
    return _TAKES_OBJECT.fullmatch(match[2]) is not None and not re.match(r"\s[^\W\d]", right[match.end() :])


_ONE: Final = {
    "nominative": {"m": "ein", "f": "eine", "n": "ein"},
    "accusative": {"m": "einen", "f": "eine", "n": "ein"},
    "dative": {"m": "einem", "f": "einer", "n": "einem"},
    "genitive": {"m": "eines", "f": "einer", "n": "eines"},
}


_WITH_ANOTHER: Final = re.compile(r"\s(?:bis|oder)\s\d")
"""`in 1 bis 2 Tagen` is not inflected: "in ein bis zwei Tagen"."""


def _one_before(said: str, gender: str, left: str, right: str) -> tuple[str, int]:
    asked = case(left, right)
    if _WITH_ANOTHER.match(right):
        return "ein", 0
    adjective = _ADJECTIVE.match(right)
    ending = adjective[1] if adjective else ""
    if asked in ("nominative", "accusative"):
        if ending == "en":
            return "einen", 0
        gender = _ADJECTIVE_GENDER.get(ending, gender)
        asked = "nominative" if ending == "er" else asked
    if asked == "genitive" and gender != "f" and not re.match(r"\s(?:[a-zäöüß]+\s)?[^\W\d]+e?s\b", right):
        asked = "dative"
    return _ONE[asked][gender], 0


def has_article(left: str) -> bool:
    """Whether an article or the like stands before."""
    return _ARTICLE.search(left) is not None


_ARTICLE: Final = re.compile(
    r"\b(?:(?:k?ein|dies|jed|jen|mein|dein|sein|ihr|unser)(?:e|en|em|er|es)?|d(?:er|ie|as|en|em|es)|zur|zum|im|am)\s$",
    re.I,
)

# -- ordinals -----------------------------------------------------------------------------------------

_DATIVE_WORDS: Final = words("zur am vom zum beim dem im ab seit den des bis v d")
_INCLUDING: Final = words("einschl einschließlich inkl inklusive")
_DATIVE_PREPOSITIONS: Final = words(
    "in an auf bei mit nach seit von zu aus vor hinter über unter neben zwischen ab"
)
_WEAK_EN: Final = re.compile(
    r"(?:dies|jed|jen|welch|unser|ihr|mein|sein|dein|kein|ein|allen?|beid)(?:en|em|es|n)"
)
_WEAK_E: Final = re.compile(
    r"(?:dies|jed|jen|welch)(?:er|e)|(?:unser|ihr|mein|sein|dein|kein|ein)e|die|das|ins|ans|aufs|fürs|ums|durchs|übers"
)
_TRANSPARENT: Final = re.compile(
    r",|\d+\.?|und|oder|sowie|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|mo|di|mi|do|fr|sa|so|\.|/"
    r"|spätestens|frühestens|voraussichtlich|vsl|vorauss|ca|circa|etwa|ungefähr|wahrscheinlich"
    r"|max|maximal|längstens"
    r"|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
)
"""What may stand between the preposition and the day: `am Freitag, 3. Dezember`, `bis spätestens 3. Mai`,
`am 5. und 6. Januar`."""
_OBLIQUE_FEMININE: Final = re.compile(r"(?:dies|jed|jen|welch|unser|ihr|mein|sein|dein|kein|ein)er")
"""Before a feminine noun, dative or genitive."""
_STRONG: Final = {"f": "e", "n": "es"}


def ending(left: str, gender: str) -> str:
    """Of an ordinal before a noun of that gender, from the words before it."""
    before = re.findall(r"[^\W\d]+|\d+\.?|[,;:.!?]", left.lower())
    while before and (_TRANSPARENT.fullmatch(before[-1]) or _joins_ordinals(before)):
        before.pop()
    last = before[-1] if before else ""
    if last == "ins":
        return "e"
    if last in _INCLUDING:
        return "er" if gender == "f" else "en"
    if last == "von" and gender != "f":
        return "en"
    if last == "der":
        governed = len(before) > 1 and before[-2] in _DATIVE_PREPOSITIONS
        return "en" if governed or gender == "f" else "e"
    if gender == "f" and _OBLIQUE_FEMININE.fullmatch(last):
        return "en"
    if last in _DATIVE_WORDS or _WEAK_EN.fullmatch(last):
        return "en"
    return "e" if _WEAK_E.fullmatch(last) else _STRONG.get(gender, "er")


def _joins_ordinals(before: list[str]) -> bool:
    """The `bis` of `1. bis 4. Klasse`: the second declines as the first."""
    return before[-1] == "bis" and len(before) > 1 and before[-2].endswith(".") and before[-2] != "."


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
    counted=re.compile(
        r"\s(?:[a-zäöüß]+(?:e|en|er|es)\s){0,2}(?!(?:Uhr|Sie|Ihr|Ihre|Bitte)\b)[A-ZÄÖÜ][a-zäöüß]|\s(?:mal|weitere|Mal)\b|-[a-z]"
    ),
    parted=re.compile(
        r"\s(?:der|des|aller|dieser|unserer|Ihrer|eines|einer|davon|voll|leer|von(?!\s\d)|Stunden?|Liter|Mehrheit|Preis"
        r"|Tassen?|Tabletten?|Meter|Kilo|Jahre?|Sekunden?|mehr|weniger)\b"
    ),
    parting=re.compile(
        r"(?:Drittel|Viertel)\s\($|\b(?:zu|um)\s$"
        r"|\b(?:verhältnis|anteil|bruchteil|füll|tank)\w*\b[^.;!?]*\s(?:ist|auf|von)\s$",
        re.I,
    ),
    labels=re.compile(
        r"(?<!\b[Pp]ro )(?<!\b[Jj]e )(?:\b(?:Absatz|Nummer|Seite|Zimmer|Kapitel|Artikel|Raum|Gleis|Tor|Linie|Paragraf"
        r"|Satz|Band|Gruppe|Abschnitt|Ziffer|Teil|Anlage|Anhang|Kategorie|Pflegegrad|Tür|Stiege|Top|Abs\.|Nr\.|Art\."
        r"|Kap\.|Bd\.|Zi\.|Ziff\.|Stg\.|Abschn\.|Anl\.|Abt\.)|§)\s$"
    ),
)

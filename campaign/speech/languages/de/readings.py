"""Readings that German alone has: hours with `h`, rooms, clubs, chapters, decades, vouchers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.de.agreement import case
from campaign.speech.languages.de.amounts import AMOUNTS
from campaign.speech.languages.de.numbers import cardinal, ordinal, year
from campaign.speech.languages.de.places import PLACES
from campaign.speech.languages.de.times import TIMES
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import START
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_ROMAN: Final = {"I": 1, "V": 5, "X": 10}
_ROMAN_NUMERAL: Final = r"(?=[IVX])(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"


def _roman_value(written: str) -> int:
    figures = [_ROMAN[letter] for letter in written if letter in _ROMAN]
    return sum(
        -figure if figures[index + 1 : index + 2] > [figure] else figure
        for index, figure in enumerate(figures)
    )


def _scale(found: Occurrence) -> TypedValue:
    """`1:25.000`."""
    return in_words(found.written, f"eins zu {cardinal(int(re.sub(r'[^0-9]', '', found.written[2:])))}")


def _points(found: Occurrence) -> TypedValue:
    """`15/20 Punkten`."""
    first, last = (cardinal(int(part)) for part in found.written.split("/"))
    return in_words(found.written, f"{first} von {last}")


def _ranked(found: Occurrence) -> TypedValue:
    """`25te Woche`, `am 1ten`."""
    match = re.match(r"(\d+)[.-]?s?t(e[nrms]?)", found.written)
    assert match is not None
    return in_words(found.written, ordinal(int(match[1]), ending=match[2]))


def _pension_number(found: Occurrence) -> TypedValue:
    """`65 170839 J 003`, digit by digit."""
    groups = re.fullmatch(r"(\d\d) ?(\d{6}) ?([A-Z]) ?(\d{3})", found.written)
    assert groups is not None
    said = (
        " ".join(WORDS.digits[int(sign)] if sign.isdecimal() else sign for sign in group)
        for group in groups.groups()
    )
    return in_words(found.written, WORDS.pause.join(said))


def _one_large(found: Occurrence) -> TypedValue:
    """`rund 1 Mrd.` at the end of a clause."""
    noun = "Million" if "Mio" in found.written else "Milliarde"
    article = "einer" if case(found.left, f" {noun}") in ("dative", "genitive") else "eine"
    return in_words(found.written, f"{article} {noun}")


def _one_short(found: Occurrence) -> TypedValue:
    """`1 Pers.`"""
    said = {"P": "eine Person", "E": "ein Erwachsener", "K": "ein Kind"}
    return in_words(found.written, said[found.written[2]])


_DASHES: Final = ("-", "‑", "–")
_CHAPTERS: Final[Mapping[str, str]] = {
    "Kap": "Kapitel", "Bd": "Band", "Abschn": "Abschnitt", "Abt": "Abteilung", "Anl": "Anlage", "Art": "Artikel",
}  # fmt: skip


def _so_many(found: Occurrence) -> TypedValue:
    """`3tägige`, `10jährige`."""
    figures = re.match(r"\d+", found.written)
    assert figures is not None
    return in_words(found.written, cardinal(int(figures[0]), noun=True) + found.written[figures.end() :])


READINGS: Final = (
    OwnReading(
        name="so_many",
        figures=True,
        shape=rf"{START}\d{{1,4}}(?:tägig|jährig|stündig|minütig|monatig|wöchig|stellig|köpfig|malig|mal|fach|prozentig"
        r"|seitig|teilig|stöckig|jährlich|monatlich|wöchentlich|stündlich|tägiger?)[a-zäöü]*",
        before="iso",
        read=_so_many,
    ),
    OwnReading(
        name="paragraph",
        figures=True,
        shape=r"(?=\d)(?:(?<=§ )|(?<=§)|(?<=Paragraf )|(?<=Paragraph ))\d{1,4}[a-z](?![\w-]|\.\d)",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written[:-1]))} {found.written[-1].upper()}"
        ),
    ),
    *AMOUNTS,
    *TIMES,
    *PLACES,
    OwnReading(
        name="one_large",
        figures=True,
        shape=rf"{START}1\s?(?:Mio|Mrd)\.(?=[,;:!?)]|\s?$)",
        before="large",
        read=_one_large,
    ),
    OwnReading(
        name="or_more",
        shape=r"(?<=\d)\+(?=[.,;:!?)]|\s?$)",
        before="sign",
        read=lambda found: in_words(found.written, f" {WORDS.plus}"),
    ),
    OwnReading(
        name="per_minute",
        figures=True,
        shape=rf"{START}\d{{1,3}}\s?/\s?min(?!\w)",
        before="code",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written.partition('/')[0]))} pro Minute"
        ),
    ),
    OwnReading(
        name="whole_euros",
        figures=True,
        shape=rf"{START}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+),[-–—]{{1,2}}(?=\s(?:Euro|Franken)\b)",
        before="money",
        read=lambda found: in_words(
            found.written, cardinal(int(re.sub(r"\D", "", found.written)), noun=True)
        ),
    ),
    OwnReading(
        name="glued_noun",
        figures=True,
        shape=rf"{START}(?:\d{{1,3}}(?:\.\d{{3}})+|[1-9]\d*)(?=(?:Euro|Minuten|Stunden|Tagen?|Wochen|Monaten?|Jahren?"
        r"|Personen|Prozent|Kilometer|Meter|Liter|Tabletten|Tropfen)\b)",
        before="address",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written.replace('.', '')), noun=True)} "
        ),
    ),
    OwnReading(
        name="one_short",
        figures=True,
        shape=rf"{START}1\s(?:Pers|Erw|Ki)\.",
        before="unit",
        read=_one_short,
    ),
    OwnReading(
        name="pension_number",
        figures=True,
        shape=rf"{START}\d\d (?:0[1-9]|[1-9]\d)\d{{4}} [A-Z] \d{{3}}(?![\w-])|{START}\d{{8}}[A-Z]\d{{3}}(?![\w-])"
        rf"|{START}\d\d \d{{6}} ?[A-Z] ?\d{{3}}(?![\w-])",
        before="iso",
        read=_pension_number,
    ),
    OwnReading(
        name="ranked",
        figures=True,
        shape=rf"{START}\d{{1,3}}[.-]?s?te[nrms]?(?![\w-])",
        before="iso",
        read=_ranked,
    ),
    OwnReading(
        name="extension_word",
        shape=r"(?<![\w-])(?:DW|Dw\.?)(?=:?\s?[-‑–]?\d)",
        before="iso",
        read=lambda found: in_words(found.written, f"Durchwahl{' ' if found.right[:1] in _DASHES else ''}"),
    ),
    OwnReading(
        name="grouped_rank",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Dd]er )|(?<=[Dd]ie )|(?<=[Dd]as )|(?<=[Dd]em )|(?<=[Dd]en )|(?<=[Zz]um )|(?<=[Zz]ur )"
        r"|(?<=[Uu]nser )|(?<=[Uu]nsere )|(?<=[Ii]hr )|(?<=[Aa]m ))"
        r"(?:\d{1,3}(?:\.\d{3})+|(?!19|20)\d{4})\.(?=\s[A-ZÄÖÜ][a-zäöü])",
        before="clock",
        read=lambda found: typed(Kind.ORDINAL, found.written.replace(".", "") + "."),
    ),
    OwnReading(
        name="club",
        figures=True,
        shape=r"(?<![\w.,])1860(?=\sMünchen)|(?=\d)(?:(?<=TSV )|(?<=VfL )|(?<=TuS )|(?<=MTV )|(?<=SSV ))18\d\d(?!\w)",
        before="clock",
        read=lambda found: in_words(found.written, year(int(found.written))),
    ),
    OwnReading(
        name="scale",
        figures=True,
        shape=r"(?<![\w.,:])1:\d{1,3}(?:[. ]\d{3})+(?![\w:])",
        before="versus",
        read=_scale,
    ),
    OwnReading(
        name="points",
        figures=True,
        shape=rf"{START}\d{{1,3}}/\d{{1,3}}(?=\s(?:Punkte|Punkten|Pkt\.|Sternen?)(?!\w))",
        before="iso",
        read=_points,
    ),
    OwnReading(
        name="chapter",
        shape=rf"(?<!\w)(?:Kap|Bd|Abschn|Abt|Anl|Art)\.\s{_ROMAN_NUMERAL}(?![\w-])",
        before="roman",
        read=lambda found: in_words(
            found.written,
            f"{_CHAPTERS[found.written.split('.')[0]]} {cardinal(_roman_value(found.written.partition('. ')[2]))}",
        ),
    ),
    OwnReading(
        name="century",
        shape=rf"(?<!\w){_ROMAN_NUMERAL}\.(?=\s(?:Jahrhundert|Jh\.|Semester|Kongress|Olympische|Internationale))",
        before="roman",
        read=lambda found: typed(Kind.ORDINAL, f"{_roman_value(found.written)}."),
    ),
    OwnReading(
        name="voucher",
        shape=rf"{START}\d{{1,6}}-(?:€|Euro|EUR)-(?=[A-ZÄÖÜ])",
        before="moneys",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written.partition('-')[0]), noun=True)}-Euro-"
        ),
    ),
    OwnReading(
        name="war",
        shape=r"(?<!\w)(?:II|III|I)\.(?=\s(?:Weltkrieg|Quartal|Stock|Etage|Klasse|Instanz|Bundesliga|Lesung))",
        before="roman",
        read=lambda found: typed(Kind.ORDINAL, f"{len(found.written) - 1}."),
    ),
)

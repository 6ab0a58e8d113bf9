"""Readings that German alone has: hours with `h`, rooms, clubs, chapters, decades, vouchers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.de.numbers import cardinal, year
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, HOUR, START
from campaign.speech.typed import Kind, TypedValue, in_words, typed


def _decade(found: Occurrence) -> TypedValue:
    """`90er`, `1990er`."""
    figures = found.written.strip("er")
    words = year(int(figures)) if len(figures) == 4 else cardinal(int(figures))
    return in_words(found.written, words + "er")


def _postcode(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(WORDS.digits[int(digit)] for digit in found.written))


_DAYS: Final = {
    "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
    "So": "Sonntag",
}  # fmt: skip
_ROMAN: Final = {"I": 1, "V": 5, "X": 10}
_ROMAN_NUMERAL: Final = r"(?=[IVX])(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"


def _roman_value(written: str) -> int:
    figures = [_ROMAN[letter] for letter in written if letter in _ROMAN]
    return sum(
        -figure if figures[index + 1 : index + 2] > [figure] else figure
        for index, figure in enumerate(figures)
    )


def _room(found: Occurrence) -> TypedValue:
    """`Raum 0.12`, `Zimmer 2.04`."""
    first, last = found.written.split(".")
    return in_words(
        found.written, f"{cardinal(int(first))} Punkt {' '.join(WORDS.digits[int(digit)] for digit in last)}"
    )


def _scale(found: Occurrence) -> TypedValue:
    """`1:25.000`."""
    return in_words(found.written, f"eins zu {cardinal(int(re.sub(r'[^0-9]', '', found.written[2:])))}")


def _points(found: Occurrence) -> TypedValue:
    """`15/20 Punkten`."""
    first, last = (cardinal(int(part)) for part in found.written.split("/"))
    return in_words(found.written, f"{first} von {last}")


def _span(found: Occurrence) -> TypedValue:
    """`24/48 h`."""
    first, last, sign = re.findall(r"\d+|[^\W\d_]+", found.written)
    noun = {"h": "Stunden", "Std": "Stunden", "Stunden": "Stunden", "Tage": "Tage", "Tagen": "Tagen"}[sign]
    return in_words(found.written, f"{cardinal(int(first))} bis {cardinal(int(last))} {noun}")


def _minutes(found: Occurrence) -> TypedValue:
    """`45'`, `2h30'`."""
    hours, _, minutes = found.written.rstrip("'’′").replace(" ", "").rpartition("h")
    said = [
        f"{cardinal(int(count), gender='f', noun=True)} {one if int(count) == 1 else many}"
        for count, one, many in ((hours, "Stunde", "Stunden"), (minutes, "Minute", "Minuten"))
        if count
    ]
    return in_words(found.written, " ".join(said))


_CHAPTERS: Final[Mapping[str, str]] = {
    "Kap": "Kapitel", "Bd": "Band", "Abschn": "Abschnitt", "Abt": "Abteilung", "Anl": "Anlage", "Art": "Artikel",
}  # fmt: skip
_BEFORE_HOURS: Final = "|".join(
    rf"(?<={head} )"
    for head in (
        "Beginn",
        "Beginn:",
        "Ende:",
        "Ende",
        "Start:",
        "Uhrzeit:",
        "Einlass:",
        "Einlass",
        r"\d\.,",
        r"\.20\d\d,",
        r"\.\d\d,",
        *(f"{name}," for name in cldr.wide_names("month", "de").values()),
        *(f"{name}," for name in _DAYS.values()),
    )
)
"""What a time follows and no length of time: a day and a comma, a beginning."""
READINGS: Final = (
    OwnReading(
        name="grouped_rank",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Dd]er )|(?<=[Dd]ie )|(?<=[Dd]as )|(?<=[Dd]em )|(?<=[Dd]en )|(?<=[Zz]um )|(?<=[Zz]ur )"
        r"|(?<=[Uu]nser )|(?<=[Uu]nsere )|(?<=[Ii]hr )|(?<=[Aa]m ))\d{1,3}(?:\.\d{3})+\.(?=\s[A-ZÄÖÜ][a-zäöü])",
        before="clock",
        read=lambda found: typed(Kind.ORDINAL, found.written.replace(".", "") + "."),
    ),
    OwnReading(
        name="hours_open",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Gg]eöffnet )|(?<=[Gg]eöffnet: )|(?<=zeiten: )|(?<=zeit: ))"
        rf"{HOUR}\s?[-–]\s?{HOUR}\s?h(?![\w/])",
        before="clock",
        read=lambda found: in_words(
            found.written,
            " bis ".join(cardinal(int(hour)) for hour in re.findall(r"\d+", found.written)) + " Uhr",
        ),
    ),
    OwnReading(
        name="at_hour",
        figures=True,
        shape=rf"(?=\d)(?:(?<=\b[Uu]m )|(?<=\b[Aa]b )|(?<=\b[Gg]egen )|{_BEFORE_HOURS}){HOUR}\s?h(?![\w/])"
        r"(?!\s(?:pro|lang|täglich|wöchentlich|im|Arbeit)\b)"
        rf"|(?=\d)(?<=\b[Vv]on ){HOUR}\s?h(?=\sbis\s{HOUR}\s?h)|(?=\d)(?<=h bis ){HOUR}\s?h(?![\w/])",
        before="clock",
        read=lambda found: typed(Kind.TIME, f"{found.written.rstrip(' h')}:00"),
    ),
    OwnReading(
        name="storey",
        figures=True,
        shape=rf"{START}\d{{1,2}}\.(?=\s(?:Etg|Hj)\.)",
        before="date",
        read=lambda found: typed(Kind.ORDINAL, found.written, gender="f" if found.right[1:2] == "E" else "n"),
    ),
    OwnReading(
        name="weekday_alone",
        shape=r"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa)(?=,?\s(?:und\s(?:Mo|Di|Mi|Do|Fr|Sa|So)\s)?(?:ab|bis|von|nur|um)\s\d{1,2}(?:[.:]\d\d)?(?:\sUhr|\.$|\.\s[A-ZÄÖÜ]|\s?[-–]|\sbis\b|,|$))"
        r"|(?:(?<=Mo und )|(?<=Di und )|(?<=Mi und )|(?<=Do und )|(?<=Fr und )|(?<=Sa und )"
        r"|(?<=Mo, )|(?<=Di, )|(?<=Mi, )|(?<=Do, ))(?:Di|Mi|Do|Fr|Sa|So)(?=\s(?:ab|bis|von|um|\d))",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="room",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bRaum )|(?<=\bZimmer )"
        r"|(?<=\bBüro )|(?<=\bHörsaal )|(?<=\bSaal )|(?<=\bR\. )|(?<=\bZi\. ))"
        r"\d{1,2}\.\d{2,3}(?!\w|[.,]\d)",
        before="clock",
        read=_room,
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
        name="span",
        figures=True,
        shape=rf"{START}(?!1/2\D)\d{{1,2}}/\d{{1,2}}\s?(?:h|Std|Stunden|Tagen?)(?!\w)\.?",
        before="daymonth",
        read=_span,
    ),
    OwnReading(
        name="minutes",
        figures=True,
        shape=r"(?<![\w'’‘°,.])(?:\d{1,2}\s?h\s?)?\d{1,3}['’′](?![\w'’\"′″])(?<!['‘’]\d['’′])(?<!['‘’]\d\d['’′])",
        before="hours",
        read=_minutes,
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
        name="week",
        shape=r"(?:(?<=\bKW )|(?<=\bKalenderwoche ))\d{1,2}/\d{4}(?!\w)",
        before="monthyear",
        read=lambda found: in_words(
            found.written,
            f"{cardinal(int(found.written.split('/')[0]))} {year(int(found.written.split('/')[1]))}",
        ),
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
    OwnReading(
        name="decade",
        shape=rf"{START}(?:(?:1[1-9]|20)\d0|\d{{1,3}})er{END}",
        before="measures",
        read=_decade,
    ),
    OwnReading(name="street", shape=r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])", before="numeric", read=_postcode),
)

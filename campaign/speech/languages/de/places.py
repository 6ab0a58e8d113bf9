"""Readings of German addresses: streets, houses, doors, roads."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.de.numbers import cardinal
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import START
from campaign.speech.typed import Kind, TypedValue, in_words, typed


def _postcode(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(WORDS.digits[int(digit)] for digit in found.written))


def _room(found: Occurrence) -> TypedValue:
    """`Raum 0.12`, `Zimmer 2.04`."""
    first, last = found.written.split(".")
    return in_words(
        found.written, f"{cardinal(int(first))} Punkt {' '.join(WORDS.digits[int(digit)] for digit in last)}"
    )


def _houses(found: Occurrence) -> TypedValue:
    """`Goethestr. 5-17a`, `Klassen 7a-7c`."""
    first, last = (
        f"{cardinal(int(number))}{f' {letter.upper()}' if letter else ''}"
        for number, letter in re.findall(r"(\d+)\s?([a-z]?)", found.written)
    )
    return in_words(found.written, f"{first} bis {last}")


_STREETS: Final = "|".join(
    rf"(?<={head} )"
    for head in (
        *(f"{first}{rest}" for rest in ("tr.", "traße", "trasse") for first in "sS"),
        *(name for noun in ("weg", "platz", "gasse", "allee", "ring", "damm", "ufer", "hof", "steig")
          for name in (noun, noun.capitalize())),
        "Nr.", "nr.", "Nrn.", "Nummer", "nummer", "Nummern", "nummern", "Haus", "Häuser", "Häusern",
        "Klasse", "Klassen",
        "Kl.", "Eingang", "Aufgang", "Tor", "Gleis", "Gleise",
    )
)  # fmt: skip
_LETTER: Final = "(?:[a-h]|\\s[a-g])"


def _door(found: Occurrence) -> TypedValue:
    """`Lange Gasse 5/2/14`: house, stair and door."""
    parts = (cardinal(int(part)) for part in found.written.split("/"))
    return in_words(found.written, f" {WORDS.signs['/']} ".join(parts))


def _street_end(found: Occurrence) -> TypedValue:
    """`Bahnhofstr.` with no number after it, `HAUPTSTR.`."""
    name, _, stroke = found.written.partition(".")
    street = f"{name}ASSE" if name.endswith("STR") else f"{name[:-1]}raße"
    return in_words(found.written, street + (WORDS.pause if stroke else ""))


def _house_letter(found: Occurrence) -> TypedValue:
    """`Hauptstr. 12A`."""
    return in_words(found.written, f"{cardinal(int(found.written[:-1]))} {found.written[-1].upper()}")


def _state_road(found: Occurrence) -> TypedValue:
    """`die St 2035`."""
    return in_words(found.written, found.written if _NUMBERED.search(found.left) else "Staatsstraße")


_NUMBERED: Final = re.compile(r"(?:[Nn]r\.|[Nn]ummer|Code|Modell|Typ|Artikel|Teil):?\s$")


PLACES: Final = (
    OwnReading(
        name="street_end",
        shape=r"(?<![\w.])[A-ZÄÖÜ][^\W\d_]{2,}(?:-[A-ZÄÖÜ][^\W\d_]*){0,3}-?(?<!Regi)(?<!Illu)(?<!Indu)(?<!Magi)"
        r"(?<!Mini)(?<!Admini)(?<!Orche)(?<!Demon)(?<!Kata)[sS]tr\.(?!\s?\d|\w)(?:\s?/\s?(?=[A-ZÄÖÜ]))?|(?<![\w.])[A-ZÄÖÜ-]*STR\.(?!\w)"
        r"|(?<=[a-zäöüß] )Str\.(?!\s?\d|\w)",
        before="numeric",
        read=_street_end,
    ),
    OwnReading(
        name="state_road",
        shape=r"(?<![\w.-])St(?=\s[12]\d{3}(?![\w-]|[.,:]\d))",
        before="numeric",
        read=_state_road,
    ),
    OwnReading(
        name="house_letter",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})\d{{1,4}}[A-Za-h](?![\w/-]|[.,:]\d|\s?[-–]\s?\d)",
        before="iso",
        read=_house_letter,
    ),
    OwnReading(
        name="number_end",
        shape=r"(?<![\w.])[A-ZÄÖÜ][^\W\d_]+nr\.(?=:)",
        before="short",
        read=lambda found: in_words(found.written, f"{found.written[:-3]}nummer"),
    ),
    OwnReading(
        name="houses_stroke",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})\d{{1,3}}/\d{{1,3}}(?![\w/-]|[.,]\d)",
        before="iso",
        read=_door,
    ),
    OwnReading(
        name="austrian_postcode",
        figures=True,
        shape=r"(?=\d)(?<=, )[1-9]\d{3}(?=\s(?:Wien|Graz|Linz|Salzburg|Innsbruck|Klagenfurt|Villach|Wels|Dornbirn"
        r"|Bregenz|Steyr|Eisenstadt|Zürich|Bern|Basel|Luzern|Winterthur|Chur|Zug|Aarau|Thun|Olten|Genf|Lausanne)\b)",
        before="numeric",
        read=_postcode,
    ),
    OwnReading(
        name="houses",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})(?:\d{{1,4}}{_LETTER}?\s?[-–]\s?\d{{1,4}}{_LETTER}"
        rf"|\d{{1,4}}{_LETTER}\s?[-–]\s?\d{{1,4}})(?![\w-]|[.,:]\d|\.\s?[a-z])",
        before="iso",
        read=_houses,
    ),
    OwnReading(
        name="door",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})\d{{1,4}}/\d{{1,3}}/\d{{1,3}}(?![\w/-]|[.,]\d)",
        before="iso",
        read=_door,
    ),
    OwnReading(
        name="first_house",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bHaus )|(?<=\bHalle )|(?<=\bBlock )|(?<=\bReihe )|(?<=\bWagen )|(?<=\bEtage ))"
        r"1(?=\s(?:Stiege|Stg\.|Top|Tür|Eingang|Stand|Reihe|Raum|Saal|Platz|Sitz)\s\d)",
        before="iso",
        read=lambda found: in_words(found.written, WORDS.digits[1]),
    ),
    OwnReading(
        name="storey",
        figures=True,
        shape=rf"{START}\d{{1,2}}\.(?=\s(?:(?:Etg|Hj|Jh|Std)\.|KW\b))"
        rf"|{START}\d{{1,2}}\.(?=\s?[-–/]\s?\d{{1,2}}\.\s(?:Std|Stunde|KW|Etage|Etg|Klasse|Woche)\b)",
        before="date",
        read=lambda found: typed(
            Kind.ORDINAL, found.written, gender="n" if found.right[1:3] in ("Hj", "Jh") else "f"
        ),
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
    OwnReading(name="street", shape=r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])", before="numeric", read=_postcode),
)

"""Readings of English addresses and places: house numbers, directions, roads, flights."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.leads import LANES, ROOMS
from campaign.speech.languages.en.numbers import cardinal, in_pairs
from campaign.speech.languages.en.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, START, after
from campaign.speech.typed import Kind, TypedValue, in_words, typed

STREETS: Final = (
    "St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Way|Ct|Court|Pl|Place|Hwy|Highway|Pkwy|Parkway"
    "|Terrace|Circle|Square|Expy|Expressway|Fwy|Freeway|Cir|Ter|Trl|Trail|Loop|Pike|Turnpike|Row|Alley|Aly|Path|Crossing"
    "|Xing|Cove|Close|Crescent|Cres|Gardens|Gdns|Grove|Mews|Parade|Sq|Walk|Bend"
)


def _street(found: Occurrence) -> TypedValue:
    """Numbers of houses and rooms in pairs; a postal code digit by digit."""
    if len(found.written) < 5:
        return in_words(found.written, in_pairs(int(found.written)))
    parts = (" ".join(WORDS.digits[int(digit)] for digit in part) for part in found.written.split("-"))
    return in_words(found.written, " ".join(parts))


_DIRECTIONS: Final = {
    "N": "North", "S": "South", "E": "East", "W": "West", "NW": "Northwest", "NE": "Northeast", "SW": "Southwest",
    "SE": "Southeast",
}  # fmt: skip


def _direction(found: Occurrence) -> TypedValue:
    """`1200 W. Main St.`, `Oak Ave. NW`."""
    return in_words(found.written, _DIRECTIONS[found.written.rstrip(".")])


def _house(found: Occurrence) -> TypedValue:
    """`12 W 42nd St`."""
    figures, direction = found.written.rstrip(".").split()
    number = in_pairs(int(figures)) if len(figures) > 2 else cardinal(int(figures))
    return in_words(found.written, f"{number} {_DIRECTIONS[direction]}")


def _flight(found: Occurrence) -> TypedValue:
    """`Flight UA 1187`."""
    carrier, figures = found.written.split()
    letters = (WORDS.digits[int(sign)] if sign.isdecimal() else sign for sign in carrier)
    is_pairs = len(figures) == 4
    said = in_pairs(int(figures)) if is_pairs else " ".join(WORDS.digits[int(digit)] for digit in figures)
    return in_words(found.written, f"{' '.join(letters)} {said}")


_MORE_FLIGHTS: Final = "|".join(
    rf"(?<={head} [A-Z]{{2}} \d{{{figures}}}{link})"
    for head in ("light", "lights")
    for figures in (3, 4)
    for link in (" and ", " or ", ", ")
)


def _junction(found: Occurrence) -> TypedValue:
    """`M5 J14-J15`; a seat or a form else."""
    if not (_ROAD.search(found.left) or _OF_ROAD.match(found.right)):
        return typed(Kind.CODE, found.written)
    numbers = re.findall(r"\d+[AB]?", found.written)
    said = (
        cardinal(int(number.rstrip("AB"))) + (f" {number[-1]}" if number[-1].isalpha() else "")
        for number in numbers
    )
    return in_words(found.written, f"junction {(' and ' if '/' in found.written else ' to ').join(said)}")


_ROAD: Final = re.compile(
    r"\b(?:[AM]\d{1,3}(?:\(M\)|M)?|[Mm]otorway)(?:,?\s\(?|\s\()(?:(?:\w+bound\s)?(?:at|between|from|near|after|before)\s)?$"
    r"|\b[AM]\d{1,3}\b[^.;!?]*\bJ\d{1,2}[AB]?\s?(?:,|and|to|or|&|[-–])\s?$"
)
_OF_ROAD: Final = re.compile(r"(?:\s(?:and|to|or)\sJ\d{1,2}[AB]?)?,?\s(?:of|on|off)\s(?:the\s)?[AM]\d{1,3}\b")


def _highway(found: Occurrence) -> TypedValue:
    """`I-280`, `US-101`, `onto PA 283`."""
    letters, figures = re.split("[- ]", found.written)
    return in_words(found.written, f"{' '.join(letters)} {in_pairs(int(figures))}")


PLACES: Final = (
    OwnReading(
        name="highway",
        shape=r"(?<![\w-])(?:I|US|SR|CR|FM)-[1-9]\d{0,2}(?![\w/-]|\.\d)"
        r"|(?=[A-Z])(?:(?<=onto )|(?<=toward )|(?<=towards )|(?<=[Tt]ake )|(?<=[Ff]ollow )"
        r"|(?<=US \d{3}, )|(?<=I \d\d, ))"
        r"(?:I|US|[A-Z]{2})\s[1-9]\d{1,2}(?![\w/-]|\.\d)",
        before="code",
        read=_highway,
    ),
    OwnReading(
        name="flight",
        shape=rf"(?=[A-Z])(?:(?<=\b[Ff]light )|(?<=\b[Ff]lights )|(?<=\b[Ff]light no\. )|{_MORE_FLIGHTS})"
        r"[A-Z][A-Z\d] \d{3,4}(?![\w-]|,\d)"
        r"|(?<!\w)(?:AA|UA|BA|DL|LH|AF|KL|EK|FR|EI|QF|WN|AC|VS|QR|SQ) \d{3,4}"
        r"(?=\s(?:departs|arrives|lands|boards|leaves|is (?:delayed|boarding|cancell?ed|on time)"
        r"|has (?:been|landed))\b)",
        before="iso",
        read=_flight,
    ),
    OwnReading(
        name="junction",
        shape=r"(?<![\w-])J\d{1,2}[AB]?(?:\s?[-–]\s?J?\d{1,2}[AB]?|/J?\d{1,2})?(?![\w/-])",
        before="iso",
        read=_junction,
    ),
    OwnReading(
        name="house_direction",
        figures=True,
        shape=rf"{START}\d{{1,4}}\s[NSEW]\.?(?=\s(?:\d{{1,3}}(?:st|nd|rd|th)|[A-Z][a-z]+)\s(?:{STREETS})(?!\w))",
        before="iso",
        read=_house,
    ),
    OwnReading(
        name="direction",
        shape=rf"(?=[NSEW])(?:(?<=\d )[NSEW]\.?(?=\s(?:[A-Z][a-z]+\s){{1,3}}(?:{STREETS})(?!\w))"
        r"|(?:(?<=St\. )|(?<=Ave\. )|(?<=Blvd\. )|(?<=Rd\. )|(?<=St )|(?<=Ave ))(?:NW|NE|SW|SE)(?!\w))",
        before="initials",
        read=_direction,
    ),
    OwnReading(
        name="numbered_place",
        figures=True,
        shape=after((*ROOMS, *LANES), r"\d{1,3}(?= \d{3}(?!\d))"),
        before="zeros",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="street",
        shape=rf"{START}\d{{3,4}}(?= (?:[NSEW]\.? )?(?:(?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) ){{1,3}}"
        rf"(?:{STREETS})(?!\w))"
        rf"|{after(ROOMS, rf'[0-9]{{3,4}}{END}(?![.,][0-9])')}"
        r"|(?<=, [A-Z]{2} )\d{5}(?:-\d{4})?(?![\w-])",
        before="numeric",
        read=_street,
    ),
)

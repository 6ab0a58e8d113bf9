"""Readings of English amounts and signs: a minus with a space, a blood group, `m` of minutes and of millions."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.numbers import cardinal, in_pairs
from campaign.speech.languages.en.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import START
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed


def _loose_minus(found: Occurrence) -> TypedValue:
    """`Change: - $5`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} before the number is a minus, or a dash",
        "write the minus to the number, or leave the dash out",
    )


def _kroner(found: Occurrence) -> TypedValue:
    """`50 kr`: which crowns depends on the country."""
    figures = re.sub(r"[^\d.,]|[.,]$", "", found.written.replace("kr.", ""))
    if found.region in _CROWNS:
        return typed(Kind.MONEY, f"{figures} {_CROWNS[found.region]}")
    raise UnreadableValueError(
        "ambiguous-currency",
        f"{found.written!r} is in Danish, Norwegian, Swedish or Icelandic crowns",
        "write DKK, NOK, SEK or ISK",
    )


_CROWNS: Final = {"DK": "DKK", "NO": "NOK", "SE": "SEK", "IS": "ISK"}


def _misplaced_comma(found: Occurrence) -> TypedValue:
    """`$1,2345`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {found.written.replace(',', '')}, or has a decimal comma",
        "write thousands in groups of three",
    )


def _minutes(found: Occurrence) -> TypedValue:
    """`10m late`, `the lesson is 30m long`; a length else."""
    if found.right.startswith(" long") and not _TAKES_TIME.search(found.left):
        return typed(Kind.UNIT, found.written)
    if _ATTRIBUTE.match(found.right):
        return in_words(
            found.written, f"{cardinal(int(found.written.rstrip(' m')), region=found.region)} minute"
        )
    return typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written))


def _millions(found: Occurrence) -> TypedValue:
    """`1.2m residents`."""
    whole, _, tenths = found.written.rstrip(" m").partition(".")
    digits = f" {WORDS.decimal} {' '.join(WORDS.digits[int(digit)] for digit in tenths)}" if tenths else ""
    return in_words(found.written, f"{cardinal(int(whole), region=found.region)}{digits} million")


def _evening(found: Occurrence) -> TypedValue:
    """`until 5p`: an hour in North America, pence in Britain."""
    if found.region in ("US", "CA"):
        return typed(Kind.TIME, f"{found.written}m", clock="any")
    if found.region:
        return typed(Kind.UNIT, found.written)
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {found.written}m, or pence",
        f"write {found.written}m, or pence",
    )


def _strengths(found: Occurrence) -> TypedValue:
    """`5/325 mg`, two substances in one tablet."""
    first, last = (
        f"{cardinal(int(whole), region=found.region)}"
        + (f" {WORDS.decimal} {' '.join(WORDS.digits[int(digit)] for digit in tenths)}" if tenths else "")
        for whole, _, tenths in (part.partition(".") for part in re.findall(r"[\d.]+", found.written))
    )
    return in_words(found.written, f"{first} {WORDS.signs['/']} {last} milligrams")


def _dotted_day(found: Occurrence) -> TypedValue:
    """`3.4.26`, the month first where `3/4/26` has it first."""
    return typed(Kind.DATE, found.written.replace(".", "/") if found.region == "US" else found.written)


def _signed(found: Occurrence) -> TypedValue:
    """`O-`, `Rh-`, `HIV-`."""
    return in_words(found.written, f"{found.written[:-1]} negative")


_TAKES_TIME: Final = re.compile(
    r"\b(?:lesson|appointment|session|meeting|call|visit|class|exam|test|video|wait|consultation|break|shift|film|show"
    r"|talk|webinar|interview|assessment|scan|procedure|operation|surgery)s?\s(?:\w+\s){1,2}$",
    re.I,
)
_ATTRIBUTE: Final = re.compile(
    r"\s(?:delays?|wait|appointments?|sessions?|meetings?|lessons?|calls?|visits?|consultations?|breaks?|slots?)\b"
)
_PEOPLE: Final = (
    "people|persons|customers|residents|users|households|patients|pupils|students|homes|visitors|subscribers|members"
    "|passengers|workers|jobs|adults|children|accounts|voters|families|inhabitants|viewers|followers|taxpayers"
)
_LASTS: Final = "|".join(
    rf"(?<=\b{head})"
    for head in (
        "[Ww]ait is ", "[Ww]ait is about ", "[Ww]ait: ", "[Ww]ait time is ", "[Ww]ait time: ", "[Dd]elay: ",
        "[Dd]elay is ", "[Dd]elay of ", "[Dd]elays of ", "[Dd]elayed by ", "[Dd]uration: ", "[Dd]uration is ",
        "[Ll]asts ", "[Ll]asts about ", "[Ll]asted ", "[Tt]akes ", "[Tt]akes about ", "[Ww]ait about ",
        "[Ww]ait of ", "[Ww]aiting time: ", "[Ww]ait is approx[.] ",
    )
)  # fmt: skip
_DURING: Final = (
    r"(?=\s(?:late|early|delay|delays|wait|appointments?|sessions?|meetings?|lessons?|calls?|visits?|consultations?"
    r"|breaks?|slots?|long)\b)"
)
_STOP: Final = r"(?=[\s.,;:!?)]|$)"
_CLAUSE_ENDS: Final = r"(?=[.;:!?)]|$)"


AMOUNTS: Final = (
    OwnReading(
        name="loose_minus",
        shape=r"(?:(?<=: )|(?<=\bof )|(?<=\bis )|(?<=\bwas ))[-–−] (?=[$£€]?\d)",
        before="iso",
        read=_loose_minus,
    ),
    OwnReading(
        name="kroner",
        shape=r"(?<![\w.,])\d[\d,]*(?:\.\d+)?\s?kr\b(?:\.(?!\s[A-Z]|$))?|(?<!\w)[Kk]r\.?\s?\d[\d,]*(?:\.\d+)?(?!\w)",
        before="iso",
        read=_kroner,
    ),
    OwnReading(
        name="misplaced_comma",
        shape=r"[$£€]\s?\d{1,3}(?:,\d{3})*,\d{4,}(?![\d,])",
        before="iso",
        read=_misplaced_comma,
    ),
    OwnReading(
        name="short_minutes",
        figures=True,
        shape=rf"{START}\d{{1,3}}\s?m{_DURING}"
        rf"|(?=\d)(?:{_LASTS})\d{{1,3}}\s?m(?![\w²³/'’-])(?!\sof\b|\s\d)",
        before="iso",
        read=_minutes,
    ),
    OwnReading(
        name="millions",
        figures=True,
        shape=rf"{START}\d{{1,3}}(?:\.\d{{1,2}})?\s?m(?=\s(?:{_PEOPLE})\b)",
        before="iso",
        read=_millions,
    ),
    OwnReading(
        name="evening",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bat )|(?<=\b[Uu]ntil )|(?<=\b[Tt]ill )|(?<=\b[Bb]y )|(?<=\bbefore )|(?<=\bafter )"
        r"|(?<=\da to ))"
        r"(?:1[0-2]|[1-9])p(?![\w'’/-]|\.\w)(?!\s(?:a|an|per|each|off|more)\b)",
        before="iso",
        read=_evening,
    ),
    OwnReading(
        name="strengths",
        figures=True,
        shape=rf"{START}(?!(?:1/[2348]|2/3|3/4)\s?mg)\d{{1,3}}(?:\.\d)?/\d{{1,3}}(?:\.\d)?\s?mg(?![\w/])",
        before="iso",
        read=_strengths,
    ),
    OwnReading(
        name="dotted_day",
        figures=True,
        shape=r"(?<![\w.,/-])(?:1[0-2]|0?[1-9])\.(?:[12]\d|3[01]|0?[1-9])\.\d\d(?![\w/-]|[.,]\d)",
        before="date",
        read=_dotted_day,
    ),
    OwnReading(
        name="crores",
        shape=r"(?:₹\s?|Rs\.?\s?|INR\s?)\d[\d,]*(?:\.\d+)?\s?cr\b",
        before="iso",
        read=lambda found: typed(Kind.MONEY, re.sub("cr$", "crore", found.written)),
    ),
    OwnReading(
        name="blood",
        shape=rf"(?=[ABO])(?:(?<=[Tt]ype )|(?<=[Tt]ype: )|(?<=[Tt]ype is )|(?<=[Gg]roup )|(?<=[Gg]roup: )"
        rf"|(?<=[Gg]roup is ))(?:AB|[ABO])[-−–]{_STOP}"
        rf"|(?<![\w-])(?:AB|[ABO])[-−–](?=\s(?:blood|donors?|platelets|plasma)\b)"
        rf"|(?<![\w-])(?:RhD?|HIV|HCV|HBV|HPV)[-−–]{_CLAUSE_ENDS}",
        before="iso",
        read=_signed,
    ),
    OwnReading(
        name="school_grade",
        shape=r"(?=[A-D])(?:(?<=[Gg]rade )|(?<=[Gg]rade: )|(?<=[Gg]rade of )|(?<=[Gg]rade is )|(?<=\ba )|(?<=\ban ))"
        r"[A-D][-−–](?=[.,;!?)]|$|\s(?:in|on|for|average|or(?!\s[A-Z]-))\b)",
        before="iso",
        read=lambda found: in_words(found.written, f"{found.written[0]} {WORDS.minus}"),
    ),
    OwnReading(
        name="room_code",
        figures=True,
        shape=r"(?=\d)(?:(?<=\b[Rr]oom )|(?<=\bRm )|(?<=\bRm\. )|(?<=\b[Ss]uite )|(?<=\bSte )|(?<=\bSte\. )"
        r"|(?<=\b[Ll]ocker )|(?<=\b[Oo]ffice )|(?<=\bApt )|(?<=\bApt\. )|(?<=\b[Aa]partment ))"
        r"\d{1,3}[-–]\d{1,4}(?![\w-]|[.,]\d)",
        before="iso",
        read=lambda found: typed(Kind.CODE, found.written.replace("–", "-")),
    ),
    OwnReading(
        name="airliner",
        figures=True,
        shape=r"(?=\d)(?<=\bBoeing )7\d7-\d00(?!\w)",
        before="iso",
        read=lambda found: in_words(
            found.written,
            f"{in_pairs(int(found.written[:3]))}, {cardinal(int(found.written[4:]))}",
        ),
    ),
    OwnReading(
        name="handset",
        figures=True,
        shape=r"(?=\d)(?<=\biPhone )\d{1,2}[scSC](?!\w)",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written[:-1]))} {found.written[-1].upper()}"
        ),
    ),
    OwnReading(
        name="last_figures",
        shape=r"(?:(?<=\bending )|(?<=\bending in ))[-–]\d{4}(?![\w-])",
        before="iso",
        read=lambda found: typed(Kind.DIGITS, found.written[1:]),
    ),
    OwnReading(
        name="tax_code",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Tt]ax code )|(?<=[Tt]ax code: )|(?<=[Tt]ax code is ))\d{2,4}[LMNT](?!\w)",
        before="iso",
        read=lambda found: typed(Kind.SPELL, found.written),
    ),
    OwnReading(
        name="stones",
        figures=True,
        shape=rf"{START}(?:[2-9]|1\d|[23][02-9])st(?!\w)",
        before="ordinal",
        read=lambda found: typed(Kind.UNIT, found.written.replace("st", " stone")),
    ),
    OwnReading(
        name="afternoon_hours",
        figures=True,
        shape=r"(?=\d)(?:(?<=\b[Aa]t )|(?<=\b[Ff]rom )|(?<=\bby )|(?<=\buntil )|(?<=\bto ))"
        r"(?:1[3-9]|2[0-3])\.[0-5]\d(?=\s?hrs\b)",
        before="iso",
        read=lambda found: typed(Kind.TIME, found.written.replace(".", ":")),
    ),
)

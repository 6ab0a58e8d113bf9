"""Readings of English sizes and amounts: feet and inches, halves, a unit before its noun."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.numbers import cardinal
from campaign.speech.languages.en.units import UNITS
from campaign.speech.languages.en.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, START, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed


def _decimal(figures: str, region: str) -> str:
    """`3.5`, `1,500`."""
    whole, _, tenths = figures.replace(",", "").partition(".")
    said = cardinal(int(whole), region=region)
    return (
        f"{said} {WORDS.decimal} {' '.join(WORDS.digits[int(digit)] for digit in tenths)}" if tenths else said
    )


def _feet(found: Occurrence) -> TypedValue:
    """`5'10"`, `a 3.5" disk`."""
    figures = re.findall(r"[\d.]+", found.written)
    if len(figures) == 2:
        feet, inches = (cardinal(int(part), region=found.region) for part in figures)
        return in_words(found.written, f"{feet} foot {inches}")
    spoken = _decimal(figures[0], found.region)
    is_singular = figures[0] == "1" or found.right[1:2].isalpha()
    return in_words(found.written, f"{spoken} {'inch' if is_singular else 'inches'}")


def _per_time(found: Occurrence) -> TypedValue:
    """`2% p.m.`."""
    return in_words(found.written, " per month" if "m" in found.written else " per annum")


_PARTS: Final = {
    2: "half", 3: "third", 4: "quarter", 5: "fifth", 8: "eighth", 10: "tenth", 16: "sixteenth", 32: "thirty-second",
}  # fmt: skip


def _parts_said(written: str) -> str:
    """`3/4` or `1 1/2`, in words."""
    *whole, part, parts = (int(figures) for figures in re.findall(r"\d+", written))
    noun = _PARTS[parts] + ("s" if part > 1 else "")
    said = f"{cardinal(part)} {noun}"
    return f"{cardinal(whole[0])} and {said}" if whole else said


def _foot_mark(found: Occurrence) -> TypedValue:
    """`a 10' ladder`, `60' x 120'`."""
    count = int(found.written[:-1])
    alone = re.match(
        r"\s(?:x|×|by|apart|from|away|long|wide|tall|high|deep|of|in|on|to)\b|[.,;)]|\s?$", found.right
    )
    noun = "feet" if alone and count != 1 else "foot"
    return in_words(found.written, f"{cardinal(count, region=found.region)} {noun}")


def _mixed_inches(found: Occurrence) -> TypedValue:
    """`3/4"`, `1 1/2"`."""
    written = found.written.rstrip('"″')
    said = _parts_said(written)
    return in_words(found.written, f"{said} inches" if " " in written else f"{said} of an inch")


def _mixed_share(found: Occurrence) -> TypedValue:
    """`4 1/2%`."""
    written = found.written.rstrip(" %")
    said = _parts_said(written)
    return in_words(found.written, f"{said} percent" if " " in written else f"{said} of a percent")


def _part_of(found: Occurrence) -> TypedValue:
    """`3/4 mile`, `a 3/4 inch pipe`."""
    part, parts = (int(figures) for figures in found.written.split("/"))
    unit = re.match(r"\s([a-z]+)", found.right)
    assert unit is not None
    if _FIRST_PART.search(found.left):
        return in_words(found.written, _parts_said(found.written))
    is_attributive = _ARTICLE.search(found.left) or _PART_ALONE.match(found.right, unit.end()) is None
    if is_attributive:
        noun = _PARTS[parts]
        return in_words(found.written, noun if part == 1 and parts == 2 else f"{cardinal(part)} {noun}")
    article = "an" if unit[1] in ("inch", "hour", "ounce", "acre") else "a"
    if part == 1 and parts == 2:
        return in_words(found.written, f"half {article}")
    return in_words(found.written, f"{_parts_said(found.written)} of {article}")


def _part_span(found: Occurrence) -> TypedValue:
    """`1/4-1/2 inch`."""
    first, last = re.split(r"\s?[-–]\s?", found.written)
    return in_words(found.written, f"{_parts_said(first)} to {_parts_said(last)}")


_ARTICLE: Final = re.compile(r"\b[Aa]\s$")
_FIRST_PART: Final = re.compile(r"\d/\d{1,2}\s(?:to|or|and)\s$")
_PART: Final = r"(?:1/2|[12]/3|[13]/4|[1-4]/5|[1357]/8|[1379]/10|(?:[13579]|1[135])/16)"
_PART_UNITS: Final = "mile|inch|hour|yard|acre|pound|ounce|gallon|quart|pint"


def _half_to(found: Occurrence) -> TypedValue:
    """`1/2-1 tablet`."""
    last = int(re.split(r"[-–]", found.written)[1])
    return in_words(found.written, f"one half to {cardinal(last, region=found.region)}")


def _half(found: Occurrence) -> TypedValue:
    """`1/2 price`, `½ term`."""
    return in_words(found.written, "half")


def _attributive(found: Occurrence) -> TypedValue:
    """`a 40cm gap`, `two 5 mg tablets`."""
    match = re.fullmatch(r"([\d.,]+?)\s?([^\d\s.,][^\d\s.]*[²³23]?)\.?", found.written)
    assert match is not None
    unit = UNITS["inch" if match[2] == "in" else match[2]]
    return in_words(found.written, f"{_decimal(match[1], found.region)} {unit.one}")


_MEASURES: Final = any_of(UNITS.keys() - {"p", "c"})
_DETERMINERS: Final = "|".join(
    rf"(?<=\b{word} )"
    for word in (
        "a", "an", "the", "this", "each", "every", "your", "another", "one", "two", "three", "four", "A", "An", "The",
        "This", "Each", "Your", "One", "Two",
    )
)  # fmt: skip
_NO_THING: Final = (
    r"for|to|on|by|in|at|is|was|and|or|per|a|an|each|will|off|from|as|with|of|than|that|which|when|if|but|twice|once"
    r"|three|four|every|before|after|until|over|under|above|below|away|apart|left|remaining|more|less|were|are|has|have"
    r"|had|can|may|must|should|would|into|onto|through|along|around|between|because|so|then|we|you|they|it|she|he|your"
    r"|our|the|this|now|today|daily|down|up|out|not|plus|without|during|within|only"
)


def _per_person(found: Occurrence) -> TypedValue:
    """`£12 p.p.`."""
    is_amount = re.search(r"[£$€]\s?\d[\d.,]*$", found.left)
    return in_words(found.written, " per person" if is_amount else found.written)


_PART_ALONE: Final = re.compile(rf"\s?(?:[.,;:!?)]|$)|\s(?:{_NO_THING}|north|south|east|west|past|ahead)\b")
"""No noun follows that the length belongs to."""


def _glued(found: Occurrence) -> TypedValue:
    """`2300dollars`, `30minutes`."""
    match = re.fullmatch(r"([\d.,]+)([a-z]+)", found.written)
    assert match is not None
    return in_words(found.written, f"{_decimal(match[1], found.region)} {match[2]}")


def _old(found: Occurrence) -> TypedValue:
    """`a 3-yr. plan`."""
    figures, unit = found.written.rstrip(".").split("-")
    return in_words(found.written, f"{cardinal(int(figures), region=found.region)}-{UNITS[unit].one}")


SIZES: Final = (
    OwnReading(
        name="glued_noun",
        figures=True,
        shape=rf"{START}(?:\d{{1,3}}(?:,\d{{3}})+|[1-9]\d*)(?:\.\d+)?(?:dollars|euros|pounds|cents|pence|percent|people"
        r"|seconds|minutes|hours|days|weeks|months|years|miles|feet|inches|tablets|pills|capsules|points)(?!\w)",
        before="address",
        read=_glued,
    ),
    OwnReading(
        name="hyphened_short",
        figures=True,
        shape=rf"{START}\d{{1,3}}-(?:yr|mo|wk|hr|min|ft|lb|oz|mi|gal)\.(?=\s[a-z])",
        before="compound",
        read=_old,
    ),
    OwnReading(
        name="cups",
        figures=True,
        shape=rf"{START}\d{{1,2}}\sc\.(?=\s[a-z])",
        before="unit",
        read=lambda found: in_words(
            found.written,
            f"{cardinal(int(found.written[:-3]))} cup{'' if found.written[:-3] == '1' else 's'}",
        ),
    ),
    OwnReading(
        name="fold",
        figures=True,
        shape=rf"{START}\d{{1,2}}\.\d{{1,2}}x(?!\w)",
        before="code",
        read=lambda found: in_words(found.written, f"{_decimal(found.written[:-1], found.region)} times"),
    ),
    OwnReading(
        name="thousands",
        figures=True,
        shape=rf"{START}\d{{2,3}}K(?=\s(?:users|people|customers|households|homes|members|residents|patients|steps|jobs"
        r"|votes|views|followers|subscribers|accounts|students|employees)\b)",
        before="code",
        read=lambda found: in_words(found.written, f"{cardinal(int(found.written[:-1]))} thousand"),
    ),
    OwnReading(
        name="decimal_thousands",
        figures=True,
        shape=rf"{START}\d{{1,3}}\.\d[kK](?=\s[a-z]{{3,}})",
        before="address",
        read=lambda found: in_words(found.written, f"{_decimal(found.written[:-1], found.region)} thousand"),
    ),
    OwnReading(
        name="span_of_inches",
        figures=True,
        shape=rf"{START}\d{{1,2}}\s?[-–]\s?\d{{1,2}}[\"″](?=[\s.,;)]|$)",
        before="iso",
        read=lambda found: in_words(
            found.written,
            " to ".join(cardinal(int(part)) for part in re.findall(r"[0-9]+", found.written)) + " inches",
        ),
    ),
    OwnReading(
        name="or_more",
        shape=r"(?<=\d)\+(?=[.,;:!?)]|\s?$)",
        before="sign",
        read=lambda found: in_words(found.written, f" {WORDS.plus}"),
    ),
    OwnReading(
        name="part_of",
        figures=True,
        shape=rf"(?<![\w.,/-])(?<!\d ){_PART}(?=\s(?:{_PART_UNITS})(?!\w))",
        before="iso",
        read=_part_of,
    ),
    OwnReading(
        name="part_span",
        figures=True,
        shape=rf"(?<![\w.,/-])(?<!\d ){_PART}\s?[-–]\s?{_PART}"
        rf"(?=\s(?:{_PART_UNITS}|miles|inches|hours|yards|acres|pounds|ounces|cups?|teaspoons?|tablespoons?|tsp|tbsp"
        r"|of an? [a-z])(?!\w))",
        before="clock",
        read=_part_span,
    ),
    OwnReading(
        name="halved",
        shape=r"(?<![\w.,/])(?<!\d )(?:1/2|½)(?=[ -](?i:price|term|day|days|board|time|dozen|marathon)\b)",
        before="iso",
        read=_half,
    ),
    OwnReading(
        name="attributive",
        figures=True,
        shape=rf"(?=\d)(?:{_DETERMINERS})(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)"
        rf"(?:\s?(?:{_MEASURES})|in)\.?(?=\s(?!(?:{_NO_THING})\b)[a-z]{{3,}})",
        before="measures",
        read=_attributive,
    ),
    OwnReading(
        name="per_person",
        shape=r"(?<=\d)\sp\.p(?=\.\s[A-Z])|(?<=\d)\sp\.?p\.?(?=[\s,;)]|$)|(?<=\d)\spp(?=\.)",
        before="iso",
        read=_per_person,
    ),
    OwnReading(
        name="half_to",
        figures=True,
        shape=rf"{START}1/2\s?[-–]\s?[1-9](?=\s[a-z])",
        before="iso",
        read=_half_to,
    ),
    OwnReading(
        name="mixed_share",
        figures=True,
        shape=rf"{START}(?:\d{{1,2}} )?(?:1/2|[13]/4|[1-7]/8)\s?%(?!\w)",
        before="iso",
        read=_mixed_share,
    ),
    OwnReading(
        name="mixed_inches",
        figures=True,
        shape=rf"{START}(?:\d{{1,2}}[ -])?\d{{1,2}}/(?:2|4|8|16|32)[\"″](?=[\s.,;)]|$)",
        before="iso",
        read=_mixed_inches,
    ),
    OwnReading(
        name="foot_mark",
        figures=True,
        shape=r"(?<![\w.,'‘\"“])\d{1,3}['′](?=\s[a-z×]|[.,;)]|\s?$)(?!\s(?:and|or|is|was)\b)",
        before="iso",
        read=_foot_mark,
    ),
    OwnReading(
        name="foot_by",
        shape=r"(?<=\d['′])\s?[x×]\s?(?=\d)",
        before="iso",
        read=lambda found: in_words(found.written, " by "),
    ),
    OwnReading(
        name="per_time",
        shape=r"(?<=%)\s?p\.\s?[ma]\.(?=\s[a-z]|[),;]|$)|(?<=%)\s?p\.\s?[ma](?=\.\s[A-Z])",
        before="iso",
        read=_per_time,
    ),
    OwnReading(
        name="stone",
        shape=rf"{START}\d{{1,2}}\s?st(?=\s?\d{{1,2}}\s?lbs?\b)",
        before="ordinal",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?st$", " stone", found.written)),
    ),
    OwnReading(
        name="inches",
        shape=rf"{START}\d{{1,3}}(?:\.\d)?in\b|(?:(?<=ft )|(?<=ft\. )){START}\d{{1,2}}\s?in\b(?:\.(?=\s[a-z]))?"
        rf"|{START}\d{{1,3}}(?:\.\d)?\sin\.(?=$|\s(?:[A-Z]|long|tall|wide|high|deep))",
        before="unit",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?in\.?$", " inch", found.written)),
    ),
    OwnReading(
        name="warmth",
        shape=rf"{START}[-−]?\d{{1,3}}(?:\.\d)?\s?°?[CF]{END}(?<=\.\d[CF])"
        rf"|(?<!\w)[-−]\d{{1,2}}\s?[CF]{END}"
        rf"|(?i:(?<=temperature is )|(?<=temperature of )|(?<=fever of ))\d{{2,3}}[CF]{END}",
        before="rate",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?°?([CF])$", r" °\1", found.written)),
    ),
    OwnReading(
        name="feet",
        shape=rf"{START}\d{{1,2}}['′]\s?\d{{1,2}}(?:[\"″]|'')|(?<![\"“”]){START}\d+(?:\.\d+)?[\"″](?=[\s.,;)])",
        before="rate",
        read=_feet,
    ),
)

"""Numbers that count: cardinals, ordinals, units of measure, percentages, fractions, ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from campaign.speech.languages.record import Language, Noun, Unit, Vocabulary
from campaign.speech.languages.registry import codes, lacking, spoken
from campaign.speech.languages.registry import language as room_of
from campaign.speech.typed import Context, Kind, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.agreeing import agreed, counted_as, noun_of
from campaign.speech.verbalise.currencies import SYMBOLS, currency_codes
from campaign.speech.verbalise.money import SIGN, money
from campaign.speech.verbalise.numbers import number, ordinal
from campaign.speech.verbalise.written import ascii_digits, parse_number

VULGAR_FRACTIONS = {
    "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8",
}  # fmt: skip


def counted(value: TypedValue, context: Context) -> Reading:
    """A whole or decimal number; agrees with option `gender`, else with the noun that follows."""
    amount = parse_number(value.written, context.language, context.region, value.option("number"))
    return agreed(amount, noun_of(context, value.option("gender")), context, context.right)


@lru_cache(maxsize=1)
def _ranked() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """(an ordinal as any language writes it, suffixes to genders)."""
    suffixes: dict[str, str] = {}
    for code in sorted(codes()):
        room = room_of(code)
        if room is not None and room.numerals.ordinals is not None:
            suffixes |= room.numerals.ordinals.suffixes
    ends = "|".join(re.escape(suffix) for suffix in sorted(suffixes, key=len, reverse=True))
    return re.compile(rf"(\d{{1,3}}(?:[.,]\d{{3}})+|\d+)\s?({ends})?"), suffixes


def ranked(value: TypedValue, context: Context) -> Reading:
    """An ordinal: `3`, `3.`, `3rd`, `3º`, `3ª`, `1er`, `1re`."""
    room = spoken(context.language, "an ordinal")
    if room.numerals.ordinals is None:
        raise lacking(room, "ordinals")
    pattern, suffixes = _ranked()
    written = ascii_digits(value.written.strip())
    match = pattern.fullmatch(written)
    if not match or len(match[1]) > 7:
        raise UnreadableValueError("not-an-ordinal", f"{value.written!r} is not an ordinal", "write it as 3")
    if (named := room.numerals.ordinals.named.get(written)) is not None:
        return Reading(text=named)
    noun = noun_of(context, value.option("gender"))
    suffix = match[2] or ""
    is_open = not suffix or "°" in suffix or value.option("gender")
    gender = noun.gender if is_open else suffixes[suffix]
    return Reading(
        text=ordinal(
            int(re.sub(r"[.,]", "", match[1])),
            context.language,
            gender=gender,
            ending=room.agreement.ending(context.left, noun.gender),
            noun=noun.follows,
            region=context.region,
        )
    )


@lru_cache(maxsize=256)
def _in_words(name: str, room: str) -> Unit | None:
    """The unit whose own name is written: `10 foot`, `1 metre`."""
    language = spoken(room, "a measure")
    word = language.unit_name(name.lower())
    return next(
        (unit for unit in language.units.values() if word in (unit.one.lower(), unit.many.lower())), None
    )


_UNIT_WRITTEN = re.compile(
    r"([+\-−]?\.?\d[\d.,'’\s]*?)\s?([^\W\d_][^\d\s]*?(?:[23](?:/[^\W\d_]+)?)?|%|‰|°[CF]?|[℃㎡])?\.?"
)


def unit(value: TypedValue, context: Context) -> Reading:
    """A number with its unit: `12 kg`, `21 °C`, `20 %`; option `unit` serves a bare number."""
    language = context.language
    room = spoken(language, "a measure")
    match = _UNIT_WRITTEN.fullmatch(value.written.strip())
    name = (match[2] if match else None) or value.option("unit")
    if not match or not name:
        raise UnreadableValueError(
            "not-a-measure", f"{value.written!r} is not a number with a unit", "write it as 12 kg"
        )
    amount = parse_number(match[1], language, context.region, value.option("number"))
    if (said := _SHARES.get(name)) is not None:
        return Reading(text=_share(amount, said(room.words), context))
    names = room.units.get(name) or _rate(name, room) or _in_words(name, language)
    if names is None:
        raise UnreadableValueError(
            "unknown-unit",
            f"{name!r} has no name here",
            f"use one of {', '.join(sorted(room.units))}, or write it out",
        )
    if room.numerals.measured is not None:
        words = number(amount, language, gender=names.gender, noun=True, region=context.region)
        return Reading(text=room.numerals.measured(words, amount < 0, names))
    noun = names.one if room.numerals.is_one(amount, context.region) else names.many
    return Reading(text=counted_as(amount, names.gender, by_region(noun, room, context.region), context))


def by_region(noun: str, room: Language, region: str) -> str:
    """A unit's name as the region spells it: `quilômetro`."""
    return noun.replace(*room.regional_units[region]) if region in room.regional_units else noun


def _rate(name: str, room: Language) -> Unit | None:
    """`mg/dl`: two units with a stroke."""
    top, _, bottom = (room.units.get(part) for part in name.partition("/"))
    if top is None or bottom is None:
        return None
    per = f"{room.space}{room.words.per}{room.space}{bottom.one}"
    return Unit(f"{top.one}{per}", f"{top.many}{per}", top.gender)


_SHARES: Final[Mapping[str, Callable[[Vocabulary], str]]] = {
    "%": lambda words: words.percent,
    "‰": lambda words: words.per_mille or words.signs["‰"],
}


def _share(amount: Decimal, said: str, context: Context) -> str:
    """Of a hundred, or of a thousand."""
    room = spoken(context.language, "a percentage")
    noun = Noun("n" if room.numerals.percent_is_noun else "m", room.numerals.percent_is_noun)
    words = agreed(abs(amount), noun, context, f" {said}").text
    parts = [said, words] if room.words.percent_first else [words, said]
    return room.space.join([room.words.minus, *parts] if amount < 0 else parts)


def fraction(value: TypedValue, context: Context) -> Reading:
    """`1/2`, `3/4`, `1 1/2`, `½`."""
    room = spoken(context.language, "a fraction")
    if room.numerals.fraction is None:
        raise lacking(room, "fractions")
    text = ascii_digits(value.written.strip())
    for sign, plain in VULGAR_FRACTIONS.items():
        text = text.replace(sign, f" {plain}").strip()
    match = re.fullmatch(r"(?:(\d+)\s+)?(\d+)\s?[/⁄]\s?(\d+)", text)
    if not match or len(text) > 20 or int(match[3]) < 2:
        raise UnreadableValueError(
            "not-a-fraction", f"{value.written!r} is not a fraction", "write it as 3/4"
        )
    noun = noun_of(context)
    whole, top, bottom = int(match[1] or 0), int(match[2]), int(match[3])
    if whole and (top, bottom) == (1, 2) and noun.follows and (said := _and_a_half(whole, noun, context)):
        return said
    words = room.numerals.fraction(
        whole, top, bottom, noun=noun, left=context.left, right=context.right, region=context.region
    )
    return Reading(text=words)


_COUNTED_WORD: Final = re.compile(r"[ \u00a0]([^\W\d_]{2,})(?!\w|['’]|\.\w)")


def _and_a_half(whole: int, noun: Noun, context: Context) -> Reading | None:
    """`3 1/2 horas`, where the half stands after the noun; None where it does not."""
    room = spoken(context.language, "a fraction")
    half, counted_word = room.numerals.half_after, _COUNTED_WORD.match(context.right)
    if half is None or counted_word is None:
        return None
    word = room.agreement.singular(counted_word[1]) if whole == 1 else counted_word[1]
    words = counted_as(whole, noun.gender, word, context)
    return Reading(text=f"{words} {half(noun.gender)}", eats_right=counted_word.end())


def read_fraction(written: str, language: str, region: str) -> str:
    """`1/2` by itself, in words."""
    value = TypedValue(kind=Kind.FRACTION, written=written)
    return fraction(value, Context(language=language, region=region)).text


@lru_cache(maxsize=16)
def _measure(language: str) -> re.Pattern[str]:
    """A number with or without a unit of the language."""
    names = sorted(spoken(language, "a range").units, key=len, reverse=True)
    return re.compile(rf"(.*?\d)\s?({'|'.join(re.escape(name) for name in names)}|%)?", re.S)


def range_word(room: Language, left: str) -> str:
    """What the dash of a range is after `left`: "9 to 5", "between 9 and 5"."""
    between = room.words.between
    after = between and re.search(rf"\b(?:{between.head})\s*$", left, re.I)
    if between is None or not after:
        return room.words.range
    article = between.article
    is_doubled = article and after[0].rstrip().endswith(f" {article}")
    return f"{between.link} {article}" if is_doubled else between.link


def _amounts(value: TypedValue, context: Context, link: str) -> Reading:
    sign = SIGN.search(value.written)
    assert sign is not None
    low, high = (part.strip() for part in re.split(r"[-–—]", value.written.replace(sign[0], "")))
    head = number(
        parse_number(low, context.language, context.region), context.language, region=context.region
    )
    tail = money(replace(value, written=f"{high} {sign[0]}", options=()), replace(context, right="")).text
    space = spoken(context.language, "a range").space
    return Reading(text=space.join((head, link, tail)))


def between(value: TypedValue, context: Context) -> Reading:
    """Two numbers with a dash: `3-5`, `10–20 kg`; option `link` for another word: `10 x 20`."""
    language = context.language
    room = spoken(language, "a range")
    link = value.option("link") or range_word(room, context.left)
    if any(sign in value.written for sign in SYMBOLS) or value.written[-3:] in currency_codes():
        return _amounts(value, context, link)
    *firsts, last = (part.strip() for part in re.split(r"[-–—x×]", value.written))
    last = last.rstrip(".")
    match = _measure(language).fullmatch(last)
    if not firsts or match is None:
        raise UnreadableValueError("not-a-range", f"{value.written!r} is not a range", "write it as 3-5")
    gender, noun = noun_of(context)
    if match[2] is not None:
        measured = replace(value, written=last, options=())
        tail = unit(measured, context).text
        names = room.units.get(match[2])
        gender, noun = names.gender if names else "m", True
    else:
        high = parse_number(last, language, context.region)
        tail = number(high, language, gender=gender, noun=noun, region=context.region)
    opening = ""
    if room.numerals.open_ranges is not None and not value.option("link"):
        opening, link = room.numerals.open_ranges(context.left, ascii_digits(firsts[-1]), last, link)
    heads = [
        number(
            parse_number(part, language, context.region),
            language,
            gender=gender,
            noun=noun and room.numerals.ranges_count,
            region=context.region,
        )
        for part in firsts
    ]
    joint = f"{room.space}{link}{room.space}" if link else room.space
    return Reading(text=opening + joint.join([*heads, tail]))

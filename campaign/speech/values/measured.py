"""What measures in prose mean: a size, a part of a unit, a bare unit, doses of two substances."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Language, Occurrence, Reader
from campaign.speech.typed import Context, Kind, TypedValue, in_words, typed
from campaign.speech.values.shapes import LENGTHS
from campaign.speech.verbalise.agreeing import counted_as
from campaign.speech.verbalise.currencies import money_of
from campaign.speech.verbalise.durations import duration
from campaign.speech.verbalise.numbers import cardinal, number
from campaign.speech.verbalise.quantities import by_region, fraction
from campaign.speech.verbalise.quantities import unit as read_unit
from campaign.speech.verbalise.written import parse_number


def _dimensions(found: Occurrence) -> TypedValue:
    return typed(Kind.RANGE, found.written, link=found.language.words.by)


def _times(found: Occurrence) -> TypedValue:
    count = int(re.sub(r"\D", "", found.written))
    words = found.language.words
    if count == 1:
        return in_words(found.written, words.once)
    return in_words(
        found.written,
        words.times.format(cardinal(count, found.language.code, gender="f", noun=True, region=found.region)),
    )


def _by(found: Occurrence) -> TypedValue:
    words = found.language.words
    said = words.signs["×"] if _is_multiplied(found) else words.by
    return in_words(found.written, said, padded=bool(found.language.space))


def _is_multiplied(found: Occurrence) -> bool:
    """`2 x 500 mg`, `3 x 49,90 €`: no length and width."""
    if re.match(r"(?:[€$£¥]|[\d.,]+\s?[€$£¥])", found.right):
        return True
    measured = re.match(r"[\d.,]+\s?([^\W\d_]+)", found.right)
    return bool(measured and measured[1] in found.language.units and not re.fullmatch(LENGTHS, measured[1]))


def _large(found: Occurrence) -> TypedValue:
    match = re.fullmatch(r"(.*?\d)\s?([^\d\s]+)", found.written)
    assert match is not None
    room = found.language
    magnitude = money_of(room.code).magnitudes[match[2]]
    amount = parse_number(match[1], room.code, found.region)
    size = magnitude.one if match[1] == "1" else magnitude.many
    place = Context(language=room.code, region=found.region, left=found.left)
    return in_words(found.written, counted_as(amount, money_of(room.code).magnitude_gender, size, place))


def _cents(found: Occurrence) -> TypedValue:
    room = found.language
    currency = money_of(room.code).currencies["USD"]
    count = parse_number(found.written.rstrip(" ¢"), room.code, found.region)
    words = number(count, room.code, gender=currency.cent_gender, noun=True, region=found.region)
    return in_words(found.written, room.space.join((words, currency.cent if count == 1 else currency.cents)))


def _part(found: Occurrence) -> TypedValue:
    """`½ Std.`, `1/2 cp`: a part of a unit, which agrees with it."""
    room = found.language
    match = re.fullmatch(r"(.*?[\d½¼¾⅓⅔⅛⅜⅝])\s?([^\d\s½¼¾⅓⅔⅛⅜⅝]+?)\.?", found.written)
    assert match is not None
    unit = room.units[match[2]]
    context = Context(language=room.code, region=found.region, left=found.left, right=f" {unit.one}")
    words = fraction(typed(Kind.FRACTION, match[1]), context).text
    is_more = re.match(r"\d{1,2}\s?[½¼¾⅓⅔⅛⅜⅝\d]", match[1]) is not None and "/" not in match[1][:2]
    noun = by_region(unit.many if is_more else unit.one, room, found.region)
    return in_words(found.written, room.space.join((words, noun)))


def _share(found: Occurrence) -> TypedValue:
    """`5¼%`."""
    context = Context(language=found.language.code, region=found.region)
    said = fraction(typed(Kind.FRACTION, found.written.rstrip(" %")), context).text
    return in_words(found.written, f"{said} {found.language.words.percent}")


def _bare(found: Occurrence) -> TypedValue:
    """The `m²` of `the price per m²`."""
    room = found.language
    return in_words(found.written, by_region(room.units[found.written].one, room, found.region))


def _degrees(found: Occurrence) -> TypedValue:
    """`21 ° C`."""
    return typed(Kind.UNIT, re.sub(r"\s?[°º]\s", " °", found.written))


def _long(found: Occurrence) -> TypedValue:
    """`2h 34m`."""
    room = found.language
    parts = re.findall(r"(\d+)\s?([^\W\d_]+)", found.written)
    written = " ".join(f"{figures} {_sign_of(sign, room)}" for figures, sign in parts)
    context = Context(language=room.code, region=found.region)
    return in_words(found.written, duration(typed(Kind.DURATION, written), context).text)


def _sign_of(written: str, room: Language) -> str:
    if room.durations is not None and written in room.durations.written["h"].split():
        return "h"
    return "min" if written[0] in "mM" else "s"


def _combined(found: Occurrence) -> TypedValue:
    """`875/125 mg`: how much of each of two substances."""
    *amounts, last = found.written.split("/")
    room = found.language
    context = Context(language=room.code, region=found.region)
    said = [cardinal(int(amount), room.code, region=found.region) for amount in amounts]
    said.append(read_unit(typed(Kind.UNIT, last), context).text)
    return in_words(found.written, room.words.pause.join(said))


MEASURED: Final[dict[str, Reader]] = {
    "dimensions": _dimensions,
    "times": _times,
    "by": _by,
    "large": _large,
    "cents": _cents,
    "part": _part,
    "share": _share,
    "bare": _bare,
    "degrees": _degrees,
    "combined": _combined,
    "long": _long,
}
"""By reading."""

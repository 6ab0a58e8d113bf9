"""What is written short and read in full: abbreviations, initials, weekdays, strokes."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import NOTHING, Occurrence, PerPeriod, Reader
from campaign.speech.typed import TypedValue, in_words
from campaign.speech.verbalise.calendar import month_name
from campaign.speech.verbalise.numbers import number
from campaign.speech.verbalise.roman import roman_words
from campaign.speech.verbalise.written import month_names, parse_number


def _is_person(found: Occurrence) -> bool:
    """Whether `Max.` in the middle of a sentence, with nothing after it that it belongs to, is somebody."""
    return (
        found.written.rstrip(".") in found.language.forms.names_too
        and _MIDDLE.search(found.left) is not None
        and found.language.leads.month.search(found.left) is None
        and _ENDS.match(found.right) is not None
    )


_MIDDLE: Final = re.compile(r"[^\W\d_]\.?,?\s$")
_ENDS: Final = re.compile(r"\s*(?:$|[,;:!?)]|[^\W\d_a-zà-ÿ])")


def _month(found: Occurrence) -> TypedValue:
    code = found.language.code
    if _is_person(found):
        return in_words(found.written, found.written)
    return in_words(found.written, month_name(month_names(code)[found.written.rstrip(".").lower()], code))


def _nothing(found: Occurrence) -> TypedValue:
    return in_words(found.written, "")


def _stroke(found: Occurrence) -> TypedValue:
    return in_words(found.written, found.language.words.pause)


def _joined(found: Occurrence) -> TypedValue:
    """The stop of `See you.Please come.`"""
    return in_words(found.written, ". ")


def _initial(found: Occurrence) -> TypedValue:
    """A letter that a grammar would take for a Roman numeral: `Ana M. Ruiz`."""
    return in_words(found.written, found.written)


def _roman(found: Occurrence) -> TypedValue:
    return in_words(found.written, roman_words(found.written, found.left, found.language.code, found.region))


def _initials(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(found.written.replace(".", "")))


def _small_initials(found: Occurrence) -> TypedValue:
    """The `p.p.` of nobody's list: its letters."""
    return in_words(found.written, " ".join(found.written.replace(".", "")))


def _weekdays(found: Occurrence) -> TypedValue:
    room = found.language
    written = re.findall(r"[^\W\d_]+", found.written)
    names = [room.forms.weekdays.get(name) or room.forms.weekdays[name.lower()] for name in written]
    if re.search(r"[/+&]", found.written) and room.words.between is not None:
        return in_words(found.written, f"{', '.join(names[:-1])} {room.words.between.link} {names[-1]}")
    return in_words(found.written, f" {room.words.range} ".join(names))


def _short(found: Occurrence) -> TypedValue:
    forms = found.language.forms
    if _is_person(found):
        return in_words(found.written, found.written)
    words = forms.short.get(found.written)
    if words is None:  # at the head of a sentence
        words = forms.short[found.written[:1].lower() + found.written[1:]]
        words = words[:1].upper() + words[1:]
    return in_words(found.written, forms.refined(found.written, words, found.left, found.right))


def _numeric(found: Occurrence) -> TypedValue:
    forms, written = found.language.forms, found.written
    if written in forms.numeric:
        return in_words(written, forms.refined(written, forms.numeric[written], found.left, found.right))
    ending = next(ending for ending in forms.endings if written.endswith(ending))
    return in_words(written, written.removesuffix(ending) + forms.numeric[ending])


def _hyphenated(found: Occurrence) -> TypedValue:
    room = found.language
    figures, _, sign = found.written.rpartition("-")
    unit = room.units[sign]
    words = number(
        parse_number(figures, room.code, found.region),
        room.code,
        gender=unit.gender,
        noun=True,
        region=found.region,
    )
    return in_words(found.written, f"{words}{room.forms.hyphenated}{unit.one}")


def _slashed(found: Occurrence) -> TypedValue:
    room = found.language
    first, second = found.written.split("/")
    ending = re.fullmatch(r"(.*o)(s?)", first)
    if ending and second in ("a", "as"):
        second = (ending[1][:-1] + second).lower()
    if second == room.words.either:
        return in_words(found.written, f"{first} {second}")
    forms = room.forms.short
    return in_words(
        found.written, f"{forms.get(first, first)} {room.words.either} {forms.get(second, second)}"
    )


def _rated(found: Occurrence) -> TypedValue:
    room = found.language
    unit = room.units[found.written.strip(" /.")]
    return in_words(found.written, f"{room.space}{room.words.per}{room.space}{unit.one}")


def _per(found: Occurrence) -> TypedValue:
    room = found.language
    period = room.words.per_period or PerPeriod(NOTHING, "")
    told = period.period.match(found.right.lstrip())
    if told and (not period.after_words_only or found.left[-1:].isalpha()):
        return in_words(found.written, period.link, padded=True)
    return in_words(found.written, room.words.per, padded=bool(room.space))


WORDED: Final[dict[str, Reader]] = {
    "short": _short,
    "numeric": _numeric,
    "slashed": _slashed,
    "initials": _initials,
    "initial": _initial,
    "small_initials": _small_initials,
    "weekdays": _weekdays,
    "month": _month,
    "bullet": _nothing,
    "stroke": _stroke,
    "joined": _joined,
    "rated": _rated,
    "per": _per,
    "roman": _roman,
    "hyphenated": _hyphenated,
}
"""By group of the pattern."""

"""Readings of Spanish times, lengths of time and weekdays."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.es.numbers import cardinal
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, HOUR, START
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_LETTERS: Final = {
    "L": "lunes", "M": "martes", "X": "miércoles", "J": "jueves", "V": "viernes", "S": "sábado", "D": "domingo",
}  # fmt: skip
_HOURS: Final = r"(?=(?:\s|,\s|:\s?)(?:de\s)?\d{1,2}(?:[:.h]\d\d|\s?h\b|\s?[ap]\.?\s?m\b|\sa\s\d|\s?-\s?\d))"


def _day_letters(found: Occurrence) -> TypedValue:
    """`L-V`, `L a V`, `S y D`."""
    said = re.sub(r"\s?[-–]\s?", " a ", found.written)
    said = re.sub(r"\s?/\s?", " y ", said)
    said = re.sub(r", ?", ", ", said)
    return in_words(found.written, re.sub(r"[LMXJVSD]", lambda match: _LETTERS[match[0]], said))


def _day_letter(found: Occurrence) -> TypedValue:
    name = _LETTERS[found.written]
    return in_words(found.written, f"{name}s" if found.written in "SD" else name)


_HOURLY: Final = rf"{HOUR}(?:[:.][0-5]\d(?:\s?h)?|h(?:[0-5]\d)?)"


def _length(found: Occurrence) -> TypedValue:
    """`13h23min43s`, `2min30s`."""
    parts = (("le_h", "hora", "f"), ("le_m", "minuto", "m"), ("le_s", "segundo", "m"))
    said = []
    for name, noun, gender in parts:
        count = int(found.groups.get(name, 0))
        if count or (name in found.groups and not found.groups.get("le_h")):
            said.append(f"{cardinal(count, gender=gender, noun=True)} {noun}{'' if count == 1 else 's'}")
    last = said.pop() if said else "cero segundos"
    return in_words(found.written, f"{', '.join(said)} y {last}" if said else last)


def _capital_hours(found: Occurrence) -> TypedValue:
    """`A LAS 9:30H`, `18 HRS`."""
    hour, _, minute = re.sub("[:.]", "h", re.sub(r"[^\d:.]|\.$", "", found.written)).partition("h")
    return typed(Kind.TIME, f"{hour}:{minute or '00'}", clock="any")


def _half_hours(found: Occurrence) -> TypedValue:
    """`1½ h`, `2 h 1/2`, `1/2 h`."""
    count = int(found.groups.get("hh_count", 0))
    if not count:
        return in_words(found.written, "media hora")
    hours = "hora" if count == 1 else "horas"
    return in_words(found.written, f"{cardinal(count, gender='f', noun=True)} {hours} y media")


def _weeks(found: Occurrence) -> TypedValue:
    """`32 sem.`"""
    count = int(found.written.partition(" ")[0])
    weeks = "semana" if count == 1 else "semanas"
    return in_words(found.written, f"{cardinal(count, gender='f', noun=True)} {weeks}")


def _hours_span(found: Occurrence) -> TypedValue:
    """`8h-18h`."""
    clock = found.language.clock
    assert clock is not None
    hour, _, minute = re.sub("[:.]", "h", found.groups["ws_last"].rstrip("h ")).partition("h")
    first = clock.said(int(found.groups["ws_first"]), 0, region=found.region)
    return in_words(
        found.written, f"{first} a {clock.said(int(hour), int(minute or 0), region=found.region)}"
    )


def _weekday_span(found: Occurrence) -> TypedValue:
    """`lunes-viernes`, `Lun-Vie`."""
    short = found.language.forms.weekdays
    days = (day.rstrip(".").lower() for day in re.split("[-–]", found.written))
    return in_words(found.written, " a ".join(short.get(day, day) for day in days))


def _openings(found: Occurrence) -> TypedValue:
    """`9h-14h/17h-20h`."""
    clock = found.language.clock
    assert clock is not None
    times = []
    for name in ("to_a", "to_b", "to_c", "to_d"):
        hour, _, minute = re.sub("[:.]", "h", found.groups[name].rstrip("h ")).partition("h")
        times.append(clock.said(int(hour), int(minute or 0), region=found.region))
    return in_words(found.written, f"{times[0]} a {times[1]} y {times[2]} a {times[3]}")


TIMES: Final = (
    OwnReading(
        name="ago",
        figures=True,
        shape=r"(?=\d)(?<=\b[Hh]ace )\d{1,3}\s?m(?!\w)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written)),
    ),
    OwnReading(
        name="length",
        figures=True,
        shape=rf"{START}(?:(?P<le_h>\d{{1,3}})\s?h(?:rs?|s)?\.?\s?)?(?P<le_m>[0-5]?\d)\s?(?:minutos?|mins?|m|['’′])\.?"
        rf"\s?(?P<le_s>[0-5]?\d)\s?(?:s|segs?|segundos?|''|\"|″)(?!\w)",
        before="iso",
        read=lambda found: _length(found),
    ),
    OwnReading(
        name="half_hours",
        figures=True,
        shape=rf"{START}(?:(?P<hh_count>[1-9]\d?)\s?(?:(?:½|\s1/2)\s?h(?:oras?)?|h(?:oras?)?\s?(?:½|\s1/2))|(?:½|1/2)\s?h)"
        rf"{END}(?!/)",
        before="iso",
        read=lambda found: _half_hours(found),
    ),
    OwnReading(
        name="weekday_head",
        shape=r"(?<![\w.-])(?:Lun|Mar|Mié|Jue|Vie|Sáb|Dom)(?=\s?:\s?\d{1,2}\s?(?:[h:-]|a\s))",
        before="numeric",
        read=lambda found: _weekday_span(found),
    ),
    OwnReading(
        name="weeks",
        figures=True,
        shape=rf"{START}\d{{1,3}}\ssems?\.?(?!\w)",
        before="iso",
        read=lambda found: _weeks(found),
    ),
    OwnReading(
        name="whole_hours_span",
        figures=True,
        shape=rf"{START}(?P<ws_first>{HOUR})\s?h\s?[-–]\s?(?P<ws_last>{_HOURLY}){END}(?![/.,:-]\d)",
        before="clock",
        read=lambda found: _hours_span(found),
    ),
    OwnReading(
        name="weekday_span",
        shape=r"(?<![\w.-])(?i:(?:lunes|martes|miércoles|jueves|viernes|sábado)[-–](?:martes|miércoles|jueves|viernes|sábado|domingo)"
        r"(?<!sábado-domingo)|(?:lun|mar|mié|jue|vie|sáb)\.?[-–](?:mar|mié|jue|vie|sáb|dom)\.?)(?![\w-])",
        before="numeric",
        read=lambda found: _weekday_span(found),
    ),
    OwnReading(
        name="weekday_dotted",
        shape=r"(?<![\w.])(?i:(?:lun|mié|jue|vie|sáb|dom)\.(?=,?\s[a-z\d])|(?<=\bel\s)mar\.(?=\s(?:al?|y|de|por)\b)"
        r"|(?<=\bdel\s)mar\.(?=\sal?\b)|(?<=\bal\s)mar\.(?=\s(?:de|por)\b))",
        before="numeric",
        read=lambda found: in_words(
            found.written, found.language.forms.weekdays[found.written.rstrip(".").lower()]
        ),
    ),
    OwnReading(
        name="each_period",
        shape=r"(?<![\w/])[Cc]/\s?(?=(?:mes|semana|día|año|noche|hora|toma)\b)",
        before="iso",
        read=lambda found: in_words(found.written, "cada "),
    ),
    OwnReading(
        name="capital_hours",
        figures=True,
        shape=rf"{START}(?:{HOUR}[:.][0-5]\d\s?H(?:RS|S|ORAS)?{END}|{HOUR}\s?H(?:RS|S|ORAS){END}(?<![A-Z]\dH))"
        r"(?:\.(?=,|\s[^\W_A-Z]))?",
        before="clock",
        read=lambda found: _capital_hours(found),
    ),
    OwnReading(
        name="two_openings",
        figures=True,
        shape=rf"{START}(?P<to_a>{_HOURLY})\s?[-–]\s?(?P<to_b>{_HOURLY})\s?/\s?(?P<to_c>{_HOURLY})\s?[-–]\s?"
        rf"(?P<to_d>{_HOURLY}){END}(?![/.,:]\d)",
        before="clock",
        read=lambda found: _openings(found),
    ),
    OwnReading(
        name="per_week",
        shape=r"(?<=[a-záéíóúñ€])\s?/\s?sem(?!\w)(?:\.(?!\s*$))?",
        before="iso",
        read=lambda found: in_words(found.written, " a la semana"),
    ),
    OwnReading(
        name="day_letters",
        shape=rf"(?<![\w.,-])[LMXJVSD](?:(?:\s?[-–/,]\s?|\s[ay]\s)[LMXJVSD])+{END}{_HOURS}",
        before="numeric",
        read=_day_letters,
    ),
    OwnReading(
        name="day_letter",
        shape=rf"(?:(?<=[,;.]\s)|(?<=\by\s))[LMXJVSD]{_HOURS}",
        before="numeric",
        read=_day_letter,
    ),
    OwnReading(
        name="noon",
        figures=True,
        shape=rf"{START}(?:12:00|(?<=\blas )12|(?<=\d a )12|(?<=\d - )12|(?<=\d-)12|(?<=[mM]\. a )12|(?<=[mM]\. - )12"
        r"|(?<=[ap]m - )12|(?<=\b[aA]m a )12"
        r"|(?<=\bhasta )12|(?<=\ba )12(?=\s?m\.?\s*$))\s?m\b\.?(?!\w|\sde\s|²|³)",
        before="hours",
        read=lambda found: in_words(found.written, "doce del mediodía"),
    ),
    OwnReading(
        name="each_hours",
        shape=r"(?<![\w/])[Cc]/\s?(?=\d{1,2}\s?(?:h|hs|hrs|horas|días)\b)",
        before="iso",
        read=lambda found: in_words(found.written, "cada "),
    ),
    OwnReading(
        name="first_of_times",
        figures=True,
        shape=rf"{START}{HOUR}\.[0-5]\d(?=\s(?:a|y|o)\s(?:las\s)?{HOUR}(?:[.:][0-5]\d)?\s?hs\b|\sa\s{HOUR}\.[0-5]\d\s?h\b)",
        before="clock",
        read=lambda found: typed(Kind.TIME, found.written, clock="any"),
    ),
)

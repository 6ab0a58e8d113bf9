"""Times of day as a native speaker reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from campaign.speech.typed import Context, Reading, TypedValue
from campaign.speech.verbalise.numbers import cardinal, require_language
from campaign.speech.verbalise.written import parse_time

_CLOCK_WORD = {
    "de": re.compile(r"\s?Uhr\b"),
    "fr": re.compile(r"\s?(?:h|heures?)\b"),
    "es": re.compile(r"\s?(?:h|hs|horas?)\b(?:\.(?!\s*$))?(?!\w)"),
    "pt": re.compile(r"\s?(?:h|horas?)\b"),
    "en": re.compile(r"\s?(?:o['’]clock|hrs|hours)\b"),
    "zh": re.compile(r"\s?点"),
}
"""What a template may write after a time, and the words already say."""


def time(value: TypedValue, context: Context) -> Reading:
    """A time of day; option `clock` says that `2:30` may be by the clock of twelve hours."""
    require_language(context.language, "a time of day")
    hour, minute, second = parse_time(value.written)
    pattern = _CLOCK_WORD.get(context.language)
    eaten = pattern.match(context.right) if pattern else None
    words = _spoken_time(hour, minute, context.language, context.region)
    if context.language == "es" and re.search(r"[aApP]\.?\s?[mM]", value.written):
        words = _spanish_half(hour, minute)
    if context.language == "en" and value.option("clock") and _half_open(value.written, context.right):
        words = _english_clock(hour, minute)
    if context.language == "en" and words.endswith(("noon", "midnight")):
        eaten = _NOON.match(context.right)
    if second:
        words += _SECONDS[context.language](second)
    return Reading(text=words, eats_right=eaten.end() if eaten else 0)


_HALF_OPEN = re.compile(r"(?:[1-9]|1[01])[:.]\d\d|12[:.](?!00)\d\d")
"""A time by the twelve-hour clock of which half is not said; `09:30` and `14:30` are by the other clock."""
_BY_THE_OTHER_CLOCK = re.compile(r"\s?(?:[-–—]|to|until|and)\s?(?:1[3-9]|2[0-4])[:.]")


def _half_open(written: str, right: str) -> bool:
    return bool(_HALF_OPEN.fullmatch(written.strip())) and not _BY_THE_OTHER_CLOCK.match(right)


_NOON = re.compile(r"\s?(?:noon|midnight)\b")


def _and_seconds(
    link: str, singular: str, plural: str, language: str, gender: str = "m"
) -> Callable[[int], str]:
    def spoken(second: int) -> str:
        count = cardinal(second, language, gender=gender, noun=True)
        return f"{link}{count}{singular if second == 1 else plural}"

    return spoken


_SECONDS = {
    "en": _and_seconds(" and ", " second", " seconds", "en"),
    "de": _and_seconds(" und ", " Sekunde", " Sekunden", "de", "f"),
    "es": _and_seconds(" con ", " segundo", " segundos", "es"),
    "fr": _and_seconds(" et ", " seconde", " secondes", "fr", "f"),
    "it": _and_seconds(" e ", " secondo", " secondi", "it"),
    "pt": _and_seconds(" e ", " segundo", " segundos", "pt"),
    "zh": _and_seconds("", "秒", "秒", "zh"),
}


@lru_cache(maxsize=16384)
def _spoken_time(hour: int, minute: int, language: str, region: str) -> str:
    return _TIMES[language](hour, minute)


def _english_clock(hour: int, minute: int) -> str:
    """`2:30`, which says neither morning nor afternoon."""
    head = cardinal(hour, "en")
    if minute == 0:
        return f"{head} o'clock"
    return f"{head} oh {cardinal(minute, 'en')}" if minute < 10 else f"{head} {cardinal(minute, 'en')}"


def _english_time(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12, 24):
        return "twelve noon" if hour == 12 else "midnight"
    half = "AM" if hour < 12 else "PM"
    head = cardinal((hour - 1) % 12 + 1, "en")
    if minute == 0:
        return f"{head} {half}"
    tail = f"oh {cardinal(minute, 'en')}" if minute < 10 else cardinal(minute, "en")
    return f"{head} {tail} {half}"


def _german_time(hour: int, minute: int) -> str:
    head = f"{cardinal(hour, 'de', noun=True)} Uhr"
    return head if minute == 0 else f"{head} {cardinal(minute, 'de')}"


def _spanish_time(hour: int, minute: int) -> str:
    head = cardinal(hour, "es", gender="f", noun=True)
    if minute == 0:
        return head if hour == 1 else f"{head} horas"
    return f"{head} y {cardinal(minute, 'es')}" if minute < 10 else f"{head} {cardinal(minute, 'es')}"


def _spanish_half(hour: int, minute: int) -> str:
    """`5:30 p.m.`: twelve hours and the part of the day."""
    if minute == 0 and hour == 12:
        return "doce del mediodía"
    part = "madrugada" if hour < 6 else "mañana" if hour < 12 else "tarde" if hour < 20 else "noche"
    words = cardinal((hour - 1) % 12 + 1, "es", gender="f", noun=True)
    if minute:
        words += f" y {cardinal(minute, 'es')}" if minute < 10 else f" {cardinal(minute, 'es')}"
    return f"{words} de la {part}"


def _french_time(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12, 24):
        return "midi" if hour == 12 else "minuit"
    head = f"{cardinal(hour, 'fr', gender='f', noun=True)} {'heure' if hour < 2 else 'heures'}"
    return head if minute == 0 else f"{head} {cardinal(minute, 'fr', gender='f')}"


def _italian_time(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12, 24):
        return "mezzogiorno" if hour == 12 else "mezzanotte"
    head = cardinal(hour, "it", gender="f", noun=True)
    return head if minute == 0 else f"{head} e {cardinal(minute, 'it')}"


def _portuguese_time(hour: int, minute: int) -> str:
    head = f"{cardinal(hour, 'pt', gender='f', noun=True)} {'hora' if hour == 1 else 'horas'}"
    if minute == 0:
        return head
    return f"{head} e {cardinal(minute, 'pt')} {'minuto' if minute == 1 else 'minutos'}"


def _chinese_time(hour: int, minute: int) -> str:
    head = f"{cardinal(hour, 'zh', noun=True)}点"
    if minute == 0:
        return head
    return f"{head}{'零' if minute < 10 else ''}{cardinal(minute, 'zh')}分"


_TIMES = {
    "en": _english_time,
    "de": _german_time,
    "es": _spanish_time,
    "fr": _french_time,
    "it": _italian_time,
    "pt": _portuguese_time,
    "zh": _chinese_time,
}

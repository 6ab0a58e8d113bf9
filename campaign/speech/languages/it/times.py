"""Readings of Italian times, days and weekdays."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.it.calendar import CLOCK
from campaign.speech.languages.it.forms import WEEKDAYS
from campaign.speech.languages.it.numbers import cardinal
from campaign.speech.languages.it.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import HOUR, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed


def _dotted_days(found: Occurrence) -> TypedValue:
    """`dall'11 al 15.6`."""
    words = cardinal(int(found.groups["dd_first"]))
    month = cldr.wide_names("month", "it")[int(found.groups["dd_month"])]
    joint = found.groups["dd_joint"].strip()
    day = "primo" if found.groups["dd_day"] in ("1", "01") else cardinal(int(found.groups["dd_day"]))
    return in_words(found.written, f"{words} {joint} {day} {month}")


def _dotted_day(found: Occurrence) -> TypedValue:
    """`entro il 30.6.`"""
    month = cldr.wide_names("month", "it")[int(found.groups["dt_month"])]
    day = int(found.groups["dt_day"])
    return in_words(found.written, f"{'primo' if day == 1 else cardinal(day)} {month}")


def _a_day(found: Occurrence) -> TypedValue:
    """`x 3/die`."""
    count = int(found.groups["ad_count"])
    times = "una volta" if count == 1 else f"{cardinal(count)} volte"
    link = " per " if "x" in found.written.lower() or "×" in found.written else ""
    return in_words(found.written, f"{link}{times} al giorno")


def _from_to(found: Occurrence) -> TypedValue:
    """`8:30-12:30`, `ore 9-13`, `dalle 9-13`: dalle otto e trenta alle dodici e trenta."""
    first, last = re.findall(r"\d{1,2}(?:[:.]\d\d)?", found.written)
    if "." in found.written and CLOCK.amounts.search(found.left):
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is from one time to another, or from one number to another",
            f"write {first.replace('.', ':')} for the time, {first.replace('.', ',')} for the number",
        )
    start, end = (_hour_said(time, article) for time, article in ((first, "dalle"), (last, "alle")))
    if _HELD.search(found.left):
        bare = (_hour_said(time, "") for time in (first, last))
        return in_words(found.written, " a ".join(bare))
    said = f"{start} {end}"
    return in_words(found.written, said[:1].upper() + said[1:] if found.written[:1].isupper() else said)


def _hour_said(written: str, article: str) -> str:
    """`9.30` with "dalle": dalle nove e trenta; midday and midnight have no article, and one has its own."""
    hour, _, minute = written.replace(".", ":").partition(":")
    words = CLOCK.said(int(hour), int(minute or 0))
    if not article:
        return words
    if words.startswith("mezz"):
        return f"{article.removesuffix('lle')} {words}"
    return f"{article[:-1]}'{words}" if words.startswith("una") else f"{article} {words}"


_HELD: Final = re.compile(
    r"\b(?:d[ai]|a|[dn]elle|alle|le|per|in|circa|quasi|oltre|durata|capitolo|versett[oi]|versione|rapporto|scala"
    r"|tempo|punteggio|risultato|finale)[:,]?\s$",
    re.I,
)
"""What stands before two times that the words "dalle" and "alle" cannot follow."""
LONG_MONTHS: Final = sorted(name for name in cldr.months("it") if len(name) > 3)
_TIME: Final = r"(?:[01]?\d|2[0-4])"
_SURE: Final = rf"{_TIME}(?::[0-5]\d|\.(?:00|15|[2-5][05]))"
_ANY: Final = rf"(?:{_SURE}|{_TIME})"
_TO: Final = r"\s?[-–—]\s?"
_OVER: Final = (
    rf"(?![\w%€$£¥°²³]|[.,:]\d|/(?!{_TIME}[:.][0-5]\d\s?[-–])|\s?[-–—]\s?\d"
    rf"|\s?(?:[€%$£°]|(?:euro|{any_of(UNITS)}|mila|per cento|giorni|anni|mesi|settimane|persone|punti|minuti|volte"
    rf"|{any_of(LONG_MONTHS)})\b))"
)
_OPEN: Final = "|".join(
    rf"(?<=\b{head}{link})"
    for head in ("[Aa]pert[oaie]", "[Oo]rari[oi]", "APERTO", "ORARI", "ORARIO", "[Aa]pertura", "[Ss]portello")
    for link in (" ", ": ")
) + "".join(
    rf"|(?<=\b{day}{dot} )" for day in ("[Vv]en", "[Ss]ab", "[Dd]om", "[Gg]io") for dot in ("", r"\.")
)
_DAY_SHORT: Final = r"(?:lun|mar|mer|gio|ven|sab|dom)"


def _days(found: Occurrence) -> TypedValue:
    """`dal lun. al ven.`, `il mar. e il gio.`"""
    return in_words(
        found.written,
        re.sub(
            rf"\b({_DAY_SHORT})\b\.?", lambda match: WEEKDAYS[match[1].lower()], found.written, flags=re.I
        ),
    )


_DAY_MONTH: Final = r"(?:[12]\d|3[01]|0?[1-9])/(?:1[0-2]|0?[1-9])(?![\d/])"
_DAYS_BEFORE: Final = "|".join(
    rf"(?<={day}{link})"
    for day in (
        "dì",
        "bato",
        "enica",
        "mani",
        "oggi",
        "Oggi",
        r"un\.",
        r"ar\.",
        r"er\.",
        r"io\.",
        r"en\.",
        r"ab\.",
        r"om\.",
    )
    for link in (", ", ": ", r" \(", r"\(")
)
"""Ends of the names of days."""


def _share_or_day(found: Occurrence) -> TypedValue:
    """`un aumento del 2/3`."""
    first, _, second = found.written.partition("/")
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {first} of {second} parts, or day {first} of month {second}",
        "write the month, or the fraction, in words",
    )


_CHANGES: Final = "|".join(
    rf"(?<={head} {article} )"
    for head in (
        "umento",
        "iduzione",
        "alo",
        "conto",
        "ari",
        "nferiore",
        "uperiore",
        "iminuzione",
        "crescita",
        "taglio",
    )
    for article in ("del", "al")
)


TIMES: Final = (
    OwnReading(
        name="ago",
        figures=True,
        shape=r"(?<![\w.,])\d{1,3}\s?m(?=\sfa\b)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written)),
    ),
    OwnReading(
        name="round_the_clock",
        shape=r"(?<!alle )(?<!ore )(?<!\w)[hH]24(?![\w:.,]\d|\w)",
        before="numeric",
        read=lambda found: in_words(found.written, "ventiquattro ore su ventiquattro"),
    ),
    OwnReading(
        name="share_or_day",
        figures=True,
        shape=rf"(?=\d)(?:{_CHANGES})[1-9]/[2-9](?![\d/]|[.,]\d)",
        before="iso",
        read=_share_or_day,
    ),
    OwnReading(
        name="day_of_hours",
        shape=r"(?<![\w.])(?i:lun|mer|gio|ven|sab|dom)\b\.?(?=,?\s(?:(?:h|ore|dalle)\.?\s)?\d{1,2}(?:[:.]\d\d)?\s?[-–])",
        before="iso",
        read=_days,
    ),
    OwnReading(
        name="from_to",
        figures=True,
        shape=rf"(?<![\w.,:'’])(?<!\d[-–—])(?<!\d\s[-–—]\s)(?<!tra le )(?<!fra le )(?<!Tra le )"
        rf"(?:{_SURE}{_TO}{_SURE}|{_TIME}:[0-5]\d{_TO}{_TIME}|{_TIME}{_TO}{_TIME}:[0-5]\d"
        rf"|{_SURE}{_TO}(?:1\d|2[0-4])|(?:{_OPEN}){_ANY}{_TO}{_ANY}"
        rf"|{_TIME}{_TO}{_TIME}(?= e {_SURE}{_TO}\d)){_OVER}(?:\s?h\b)?",
        before="clock",
        read=_from_to,
    ),
    OwnReading(
        name="from_to_led",
        shape=rf"(?<![\w.'’])(?<!\ble )(?<![adn]elle )(?<!alle )(?<!tra )(?<!fra )(?<!per )"
        rf"(?:[Dd]alle\s(?:ore\s)?|(?:[Oo]re|ORE)\s|[Hh]\.\s?|[Hh]\s?)(?=\d){_ANY}{_TO}{_ANY}{_OVER}",
        before="clock",
        read=_from_to,
    ),
    OwnReading(
        name="and_from",
        shape=rf"(?<=[:.]\d\d)/(?={_TIME}[:.][0-5]\d\s?[-–—]\s?\d)",
        before="clock",
        read=lambda found: in_words(found.written, found.language.words.joint, padded=True),
    ),
    OwnReading(
        name="short_days",
        shape=rf"(?<!\w)(?:(?<=\b[Dd]al )|(?<=\b[Dd]a ))(?i:{_DAY_SHORT})\b\.?\s(?:al|a)\s(?i:{_DAY_SHORT})\b\.?(?!\w)"
        rf"|(?:(?<=\b[Ii]l )|(?<=\b[Dd]el )|(?<=\b[Nn]el )|(?<=\b[Oo]gni )|(?<=\b[Aa]l )|(?<=\b[Dd]al ))"
        rf"(?:(?:lun|mer|gio|ven|sab|dom)\.|(?<!al )mar\.)(?!\w|\s\d{{1,2}}[/.]\d)",
        before="iso",
        read=_days,
    ),
    OwnReading(
        name="day_of_weekday",
        figures=True,
        shape=rf"(?=\d)(?<=, |: |.\()(?:{_DAYS_BEFORE}){_DAY_MONTH}"
        r"(?=[,;.)!?](?!\d)|\s?$|\s(?:alle|dalle|ore|h|in|presso)\b)",
        before="iso",
        read=lambda found: typed(Kind.DATE, found.written),
    ),
    OwnReading(
        name="dotted_day",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bil )|(?<=\bIl )|(?<=l['’]))(?![1-9]\.[1-9](?!\d))(?P<dt_day>[12]\d|3[01]|0?[1-9])\."
        r"(?P<dt_month>1[0-2]|0?[1-9])\.?(?![\w%]|[.,]\d|\s?(?:[€%$]|euro|mila|milioni|per cento|punti|kg|km|gradi))",
        before="clock",
        read=_dotted_day,
    ),
    OwnReading(
        name="dotted_days",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Dd]al )|(?<=[Dd]all['’])"
        r"|(?<=giorni ))(?P<dd_first>\d{1,2})(?P<dd_joint>\s(?:al|e)\s|\sall['’])"
        r"(?P<dd_day>[12]\d|3[01]|0?[1-9])\.(?P<dd_month>1[0-2]|0?[1-9])"
        r"(?!\w|[.,]\d|\s?(?:€|%|euro|mila|milioni|per cento|punti))",
        before="clock",
        read=_dotted_days,
    ),
    OwnReading(
        name="comma_time",
        figures=True,
        shape=rf"(?=\d)(?:(?<=alle )|(?<=Alle )|(?<=\sle )|(?<=ore )"
        rf"|(?<=delle )){HOUR},[0-5][05](?![\d,]|\.\d|\s?(?:[%€$]|euro|kg|km|ml?|cm|mg|l|per)\b|\s?[%€$])",
        before="hours",
        read=lambda found: typed(Kind.TIME, found.written.replace(",", ":"), clock="any"),
    ),
    OwnReading(
        name="a_day",
        shape=r"\s?(?:[x×]\s?)?(?<![\w.,])(?P<ad_count>[1-9])(?:\s?v(?:olte|\.)?)?\s?/\s?(?:die|dì|giorno|gg)\b",
        before="iso",
        read=_a_day,
    ),
    OwnReading(
        name="daily_word",
        shape=r"(?<=[^\W\d_])\s?/\s?die\b",
        before="iso",
        read=lambda found: in_words(found.written, " al giorno"),
    ),
    OwnReading(
        name="first_day",
        figures=True,
        shape=r"(?:(?<=\b[Ii]l )|(?<=\b[Dd]al )|(?<=\b[Aa]l )|(?<=\b[Dd]el )|(?<=\b[Ss]ul ))1[°º](?![\w°]|\s?[CF]\b|/)",
        before="rate",
        read=lambda found: in_words(found.written, "primo"),
    ),
    OwnReading(
        name="all_week",
        figures=True,
        shape=r"(?<![\w.,/])7/7(?=,?\s(?:e\s)?(?:h\s?24|24|giorni))"
        r"|(?=\d)(?:(?<=24, )|(?<=24 )|(?<=24 e )|(?<=24h ))7/7(?![\w/])",
        before="iso",
        read=lambda found: in_words(
            found.written, "sette su sette" if found.right.startswith(" giorni") else "sette giorni su sette"
        ),
    ),
)

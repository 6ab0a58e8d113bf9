"""Readings of German times, days, weekdays and years."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.de.numbers import cardinal, year
from campaign.speech.languages.de.units import UNITS
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, HOUR, START, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed


def _decade(found: Occurrence) -> TypedValue:
    """`90er`, `1990er`."""
    figures = found.written.strip("er")
    words = year(int(figures)) if len(figures) == 4 else cardinal(int(figures))
    return in_words(found.written, words + "er")


_DAYS: Final = {
    "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
    "So": "Sonntag",
}  # fmt: skip


def _span(found: Occurrence) -> TypedValue:
    """`24/48 h`."""
    first, last, sign = re.findall(r"\d+|[^\W\d_]+", found.written)
    noun = {"h": "Stunden", "Std": "Stunden", "Stunden": "Stunden", "Tage": "Tage", "Tagen": "Tagen"}[sign]
    return in_words(found.written, f"{cardinal(int(first))} bis {cardinal(int(last))} {noun}")


def _minutes(found: Occurrence) -> TypedValue:
    """`45'`, `2h30'`."""
    hours, _, minutes = found.written.rstrip("'’′").replace(" ", "").rpartition("h")
    said = [
        f"{cardinal(int(count), gender='f', noun=True)} {one if int(count) == 1 else many}"
        for count, one, many in ((hours, "Stunde", "Stunden"), (minutes, "Minute", "Minuten"))
        if count
    ]
    return in_words(found.written, " ".join(said))


def _to_the_second(found: Occurrence) -> TypedValue:
    """`00:05:30`."""
    hour, minute, second = (int(part) for part in re.findall(r"\d+", found.written))
    said = f"{cardinal(hour, noun=True)} Uhr"
    if not second:
        return in_words(found.written, f"{said} {cardinal(minute)}" if minute else said)
    seconds = _counted(second, "Sekunde")
    return in_words(
        found.written,
        f"{said}, {_counted(minute, 'Minute')} und {seconds}" if minute else f"{said} und {seconds}",
    )


def _counted(count: int, noun: str) -> str:
    """`eine Minute`, `zwei Minuten`."""
    return f"{cardinal(count, gender='f', noun=True)} {noun}{'' if count == 1 else 'n'}"


def _lasting(found: Occurrence) -> TypedValue:
    """`2h 34m`, `5m 30s`."""
    nouns = {"h": "Stunde", "m": "Minute", "s": "Sekunde"}
    counted = re.findall(r"(\d+)\s?([hms])", found.written)
    return in_words(found.written, " ".join(_counted(int(count), nouns[unit]) for count, unit in counted))


def _friday(found: Occurrence) -> TypedValue:
    """`Fr. 8-13`, francs in Switzerland where no hour is written."""
    is_hours = re.match(rf"\s{_HOURS_AFTER}\s?(?:Uhr|h)\b", found.right)
    is_money = found.region in ("CH", "LI") and not is_hours
    return in_words(found.written, "Franken" if is_money else _DAYS["Fr"])


def _from_hour(found: Occurrence) -> TypedValue:
    """`von 10-18 h`, but not `innerhalb von 10-18 h`."""
    first, last = (int(hour) for hour in re.findall(r"\d+", found.written))
    if first >= last or _SO_LONG.search(found.left) or found.right.startswith(" lang"):
        return in_words(found.written, f"{cardinal(first)} bis {cardinal(last)} Stunden")
    return in_words(found.written, f"{cardinal(first)} bis {cardinal(last)} Uhr")


_SO_LONG: Final = re.compile(
    r"(?:innerhalb|binnen|dauer|\w*zeit|zeitraum|frist|abstand|abständen|spanne|pause)\s(?:\w+\s)?von\s$",
    re.I,
)


def _day_without_dot(found: Occurrence) -> TypedValue:
    """`am 01.03`; `bis 12.10` is a time too."""
    day, month = found.written.split(".")
    other = _OTHER_LEFT.search(found.left) or _OTHER_RIGHT.match(found.right)
    latest = max(int(day), int(other[1]) if other else 0)
    if latest <= _HOURS and not _DATED.search(found.left):
        if _TIMED.search(found.left):
            return typed(Kind.TIME, found.written, clock="any")
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is {day}:{month}, or day {int(day)} of month {int(month)}",
            f"write {day}:{month} for the time, {found.written}. for the day",
        )
    return typed(Kind.DATE, f"{found.written}.")


_HOURS: Final = 24
_OTHER_LEFT: Final = re.compile(r"\b[Vv]on\s(\d\d)\.\d\d\sbis\s(?:zum\s)?$")
_OTHER_RIGHT: Final = re.compile(r"\sbis\s(?:zum\s)?(\d\d)\.\d\d")
_DATED: Final = re.compile(
    r"\b(?:am|vom|zum|den|dem)\s$|\bam\s\d\d\.\d\d(?:,\s\d\d\.\d\d){0,2}(?:,|\s(?:und|oder))\s$"
    r"|\bvom\s(?:[A-Z][a-z]+,?\s)?\d\d\.\d\d(?:\s?[-–]\s?|\sbis\s)$",
    re.I,
)
_TIMED: Final = re.compile(
    r"\b(?:zwischen|ab|um|gegen)\s\d{1,2}(?:[.:]\d\d)?(?:\suhr)?\sbis\s$|:\d\d\sbis\s$|\buhr\sbis\s$", re.I
)
_DAY_HEADS: Final = "|".join(
    rf"(?<={head})"
    for head in (
        *(rf"\b{word} " for word in (
            "am", "Am", "vom", "Vom", "bis", "Bis", "ab", "Ab", "zum", "Zum", "seit", "Seit", "den", "dem",
        )),
        *(f"{name}{link}" for name in ("tag", "woch", *(rf"\b{name}\." for name in _DAYS)) for link in (" ", ", ")),
        *(rf"\bvom \d\d\.\d\d{link}" for link in ("-", "–", " - ", " – ")),
    )
)  # fmt: skip
_LISTED_FIRST: Final = r"(?<=\b[Aa]m \d\d\.\d\d, )|(?<=\b[Aa]m \d\d\.\d\d, \d\d\.\d\d, )"
_LISTED_DAYS: Final = "|".join(
    rf"(?<=\b[Aa]m {listed} {link} )"
    for listed in (r"\d\d\.\d\d", r"\d\d\.\d\d, \d\d\.\d\d", r"\d\d\.\d\d, \d\d\.\d\d, \d\d\.\d\d")
    for link in ("und", "oder")
)
_DAY_AND_MONTH: Final = r"(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])(?![\w:/.]|,\d)"
_NO_AMOUNT: Final = (
    rf"(?!\s?(?:{any_of((*UNITS, '€', '$', '£', '%', '‰', 'Euro', 'EUR', 'CHF', 'Fr.', 'USD', 'Franken', 'Prozent'))}"
    r"|Uhr|Punkten?|Mio|Mrd|Millionen|Milliarden|Dollar|Pfund|Grad|Meter|Liter|Kilo\w*)(?!\w))"
)


def _weekday_list(found: Occurrence) -> TypedValue:
    """`Mo + Do`, `Mo, Di & Fr`."""
    days = [_DAYS[name] for name in re.findall(r"[A-Z][a-z]", found.written)]
    return in_words(found.written, f"{', '.join(days[:-1])} {WORDS.joint} {days[-1]}")


_DAY: Final = "(?:Mo|Di|Mi|Do|Fr|Sa|So)"
_BETWEEN_HOURS: Final = "|".join(
    rf"(?<=[Zz]{head} {hour} {link} )"
    for head in ("wischen", r"w\.")
    for hour in (r"\d", r"\d\d")
    for link in ("und", r"u\.")
)
_CAPITAL_DAY: Final = "(?:MO|DI|MI|DO|FR|SA|SO)"
_AFTER_DAY_UNTIL: Final = "|".join(rf"(?<=\b{day} bis )" for day in _DAYS)
_HOURS_RANGE: Final = r"\d{1,2}(?:[.:][0-5]\d)?\s?[-–]\s?\d{1,2}(?:[.:][0-5]\d)?"
_HOURS_AFTER: Final = rf"(?:{_HOURS_RANGE}|\d{{1,2}}(?:[.:][0-5]\d)?)"
_FOUNDED: Final = (
    r"(?=\s(?:(?:(?:ge|ver)storben|gegründet|geboren|gebaut|gewählt|geschrieben|geheiratet|begonnen|eröffnet|erbaut"
    r"|errichtet|erschienen|erfunden|erlassen|erworben|entstanden|entdeckt|eingeführt|eingeweiht|eingetragen|renoviert|saniert"
    r"|modernisiert|fertiggestellt|umgebaut|abgerissen|übernommen|verabschiedet|beschlossen|zugelassen|ausgezeichnet)"
    r"(?:e[nrms]?)?|erstmals|starb|in Kraft)\b)"
)
"""What happened in a year: `1985 gegründet`."""
_NOT_COUNTED: Final = (
    r"(?![\w/-]|[.,:]\d)(?!\s?[€$£%‰°²])"
    r"(?!\s(?:[A-ZÄÖÜ]|(?:k?m|[cm]m|k?g|mg|ml|l|t|h|min|kcal|mal|weitere|neue)\b))"
)
"""No noun follows: `zwischen 1985 und 1990`, but not `zwischen 1200 und 1500 Euro`."""
_TIMES_OF_YEAR: Final = "|".join(
    rf"(?<=\b{name} )"
    for name in (
        "Anfang", "Mitte", "Ende", "Frühjahr", "Frühling", "Sommer", "Herbst", "Winter",
        *cldr.wide_names("month", "de").values(),
    )
)  # fmt: skip
_BEFORE_HOURS: Final = "|".join(
    rf"(?<={head} )"
    for head in (
        "Beginn",
        "Beginn:",
        "Ende:",
        "Ende",
        "Start:",
        "Uhrzeit:",
        "Einlass:",
        "Einlass",
        r"\d\.,",
        r"\.20\d\d,",
        r"\.\d\d,",
        *(f"{name}," for name in cldr.wide_names("month", "de").values()),
        *(f"{name}," for name in _DAYS.values()),
    )
)
"""What a time follows and no length of time: a day and a comma, a beginning."""


TIMES: Final = (
    OwnReading(
        name="ago",
        figures=True,
        shape=r"(?=\d)(?<=\b[Vv]or )\d{1,3}\s?m(?!\w)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written)),
    ),
    OwnReading(
        name="day_without_dot",
        figures=True,
        shape=rf"(?=\d)(?:{_DAY_HEADS}){_DAY_AND_MONTH}{_NO_AMOUNT}"
        rf"|(?=\d)(?<=\b[Vv]on ){_DAY_AND_MONTH}(?=\sbis\s(?:zum\s)?{_DAY_AND_MONTH}{_NO_AMOUNT})"
        rf"|(?=\d)(?:{_LISTED_DAYS}){_DAY_AND_MONTH}{_NO_AMOUNT}"
        rf"|(?=\d)(?:{_LISTED_FIRST}){_DAY_AND_MONTH}(?=(?:,| und| oder) {_DAY_AND_MONTH}{_NO_AMOUNT})",
        before="clock",
        read=_day_without_dot,
    ),
    OwnReading(
        name="from_amount",
        figures=True,
        shape=r"(?=\d)(?:(?<=\b[Aa]b )|(?<=\b[Vv]on )|(?<=\b[Gg]egen )|(?<=\b[Zz]wischen ))"
        r"\d{1,4}\.\d\d\s(?:EUR|CHF|USD|GBP)(?!\w)",
        before="clock",
        read=lambda found: typed(Kind.MONEY, found.written, decimals="any"),
    ),
    OwnReading(
        name="from_hour",
        figures=True,
        shape=rf"(?=\d)(?<=\b[Vv]on ){HOUR}\s?[-–]\s?{HOUR}\s?h(?![\w/])",
        before="clock",
        read=_from_hour,
    ),
    OwnReading(
        name="friday",
        shape=rf"(?<![\w.])Fr\.(?=\s{_HOURS_AFTER}\s?(?:Uhr|h)\b)|(?:(?<=, )|(?<=; )|(?<=Uhr )|(?<=^))Fr\."
        rf"(?=\s{HOUR}\s?[-–]\s?{HOUR}(?!\w|[.,]\d|\s?(?:[€%]|Fr)))",
        before="clock",
        read=_friday,
    ),
    OwnReading(
        name="lasting",
        figures=True,
        shape=rf"{START}\d{{1,3}}\s?h,?\s?[0-5]?\d\s?m(?:,?\s?[0-5]?\d\s?s)?(?![\w²³/])"
        rf"|{START}[0-5]?\d\s?m,?\s?[0-5]?\d\s?s(?![\w/])",
        before="iso",
        read=_lasting,
    ),
    OwnReading(
        name="weekdays_until",
        shape=rf"(?<![\w.]){_DAY}(?=\sbis\s{_DAY}(?!\w))|(?:{_AFTER_DAY_UNTIL}){_DAY}(?!\w)",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="weekday_hours",
        shape=rf"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa)(?=:?\s{_HOURS_RANGE}(?!\w|[.,]\d|\s?[%€]))"
        rf"|(?<![\w.])So(?=:?\s{_HOURS_RANGE}\s?(?:Uhr|h)\b)"
        r"|(?<![\w.])So\.(?=\s(?:(?:u\.|und|\+|&)\sFeiertag|geschl|n\. ?V\.|Ruhetag))"
        r"|(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa|So)\.(?=:\s)",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written.rstrip(".")]),
    ),
    OwnReading(
        name="weekday_capitals",
        shape=rf"(?<![\w.])(?:{_CAPITAL_DAY}\s?[-–]\s?)?{_CAPITAL_DAY}(?=:?\s{_HOURS_AFTER}\s?(?:UHR|Uhr|H|h)\b)",
        before="clock",
        read=lambda found: in_words(
            found.written,
            " bis ".join(_DAYS[day.capitalize()] for day in re.findall(r"[A-Z]+", found.written)),
        ),
    ),
    OwnReading(
        name="years_until",
        figures=True,
        shape=rf"{START}1[5-9]\d\d(?=\sbis\s(?:1[5-9]|20)\d\d{_NOT_COUNTED})"
        rf"|(?=\d)(?<=\b1[5-9]\d\d\sbis\s)1[5-9]\d\d{_NOT_COUNTED}",
        before="year",
        read=lambda found: typed(Kind.YEAR, found.written),
    ),
    OwnReading(
        name="january",
        shape=r"(?<![\w.-])Januar(?=\s20\d\d(?!\w))",
        before="date",
        read=lambda found: in_words(found.written, "Jänner" if found.region == "AT" else found.written),
    ),
    OwnReading(
        name="to_the_second",
        figures=True,
        shape=rf"{START}{HOUR}:[0-5]\d:[0-5]\d(?![\d:])(?!\s?(?:Std|Stunden?|h|min)\b)(?:\s?Uhr\b)?",
        before="hours",
        read=_to_the_second,
    ),
    OwnReading(
        name="weekday_list",
        shape=rf"(?<![\w.]){_DAY}\.?(?:,\s{_DAY}\.?){{0,4}}\s?[+&]\s?{_DAY}(?!\w)(?:\.(?=\s\d|,|:))?"
        rf"|(?<![\w.]){_DAY}\.?(?:,\s{_DAY}\.?){{0,4}}\s(?:u\.|und)\s{_DAY}(?!\w)(?:\.(?=\s\d|,|:))?"
        r"(?=[:,]?\s(?:\d|von\b|ab\b|bis\b|nur\b|jeweils\b|geschlossen\b))",
        before="clock",
        read=_weekday_list,
    ),
    OwnReading(
        name="closed_on",
        shape=r"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa|So(?=:))"
        r"(?=:?\s(?:nur\s)?(?:n\. ?V\.|nach Vereinbarung|geschlossen|Ruhetag)(?!\w))"
        rf"|(?<![\w.]){_DAY}(?=,?\s\d{{1,2}}\.,\s(?:bis|und|oder|sowie)\s)",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="years_between",
        figures=True,
        shape=rf"(?=\d)(?<=\b[Zz]wischen )1[1-9]\d\d(?=\sund\s(?:(?:1[1-9]|20)\d\d{_NOT_COUNTED}|heute\b))"
        rf"|(?=\d)(?:{_TIMES_OF_YEAR})1[1-9]\d\d{_NOT_COUNTED}",
        before="year",
        read=lambda found: typed(Kind.YEAR, found.written),
    ),
    OwnReading(
        name="founded",
        figures=True,
        shape=rf"{START}1[5-9]\d\d{_FOUNDED}",
        before="year",
        read=lambda found: typed(Kind.YEAR, found.written),
    ),
    OwnReading(
        name="hours_open",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Gg]eöffnet )|(?<=[Gg]eöffnet: )|(?<=[Gg]eöffnet tägl\. )|(?<=[Gg]eöffnet täglich )"
        r"|(?<=zeiten: )|(?<=zeit: ))"
        rf"{HOUR}\s?[-–]\s?{HOUR}\s?h(?![\w/])",
        before="clock",
        read=lambda found: in_words(
            found.written,
            " bis ".join(cardinal(int(hour)) for hour in re.findall(r"\d+", found.written)) + " Uhr",
        ),
    ),
    OwnReading(
        name="at_hour",
        figures=True,
        shape=rf"(?=\d)(?:(?<=\b[Uu]m )|(?<=\b[Aa]b )|(?<=\b[Gg]egen )|{_BEFORE_HOURS}){HOUR}\s?h(?![\w/])"
        r"(?!\s(?:pro|lang|täglich|wöchentlich|im|Arbeit)\b)"
        rf"|(?=\d)(?<=\b[Vv]on ){HOUR}\s?h(?=\sbis\s{HOUR}\s?h)|(?=\d)(?<=h bis ){HOUR}\s?h(?![\w/])"
        rf"|(?=\d)(?:{_BETWEEN_HOURS}){HOUR}\s?h(?=\s[a-zäöü]|[.,]|$)",
        before="clock",
        read=lambda found: typed(Kind.TIME, f"{found.written.rstrip(' h')}:00"),
    ),
    OwnReading(
        name="weekday_alone",
        shape=r"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa)(?=,?\s(?:und\s(?:Mo|Di|Mi|Do|Fr|Sa|So)\s)?(?:ab|bis|von|nur|um)\s\d{1,2}(?:[.:]\d\d)?(?:\sUhr|\.$|\.\s[A-ZÄÖÜ]|\s?[-–]|\sbis\b|,|$))"
        r"|(?:(?<=Mo und )|(?<=Di und )|(?<=Mi und )|(?<=Do und )|(?<=Fr und )|(?<=Sa und )"
        r"|(?<=Mo, )|(?<=Di, )|(?<=Mi, )|(?<=Do, ))(?:Di|Mi|Do|Fr|Sa|So)(?=\s(?:ab|bis|von|um|\d))",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="span",
        figures=True,
        shape=rf"{START}(?!1/2\D|[13]/4\s?(?:h|Std)\b)\d{{1,2}}/\d{{1,2}}\s?(?:h|Std|Stunden|Tagen?)(?!\w)\.?",
        before="daymonth",
        read=_span,
    ),
    OwnReading(
        name="minutes",
        figures=True,
        shape=r"(?<![\w'’‘°,.])(?:\d{1,2}\s?h\s?)?\d{1,3}['’′](?![\w'’\"′″])(?<!['‘’]\d['’′])(?<!['‘’]\d\d['’′])",
        before="hours",
        read=_minutes,
    ),
    OwnReading(
        name="week",
        shape=r"(?:(?<=\bKW )|(?<=\bKalenderwoche ))\d{1,2}/\d{4}(?!\w)",
        before="monthyear",
        read=lambda found: in_words(
            found.written,
            f"{cardinal(int(found.written.split('/')[0]))} {year(int(found.written.split('/')[1]))}",
        ),
    ),
    OwnReading(
        name="decade",
        shape=rf"{START}(?:(?:1[1-9]|20)\d0|\d{{1,3}})er{END}",
        before="measures",
        read=_decade,
    ),
)
